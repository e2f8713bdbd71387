"""Routes: their decorators are their specification, their body translates one call."""

import ast

from tests.architecture.checks.source import Source

MOST_STATEMENTS = 8
VERBS = {"delete", "get", "head", "options", "patch", "post", "put", "route"}
AUTHENTICATIONS = {"optionally_signed_in", "public", "signed_in"}
RANKS = (VERBS, AUTHENTICATIONS, {"limited"}, {"arguments", "takes"}, {"answers"}, {"refuses"})
UNDOCUMENTED_WINGS = {"platform", "sandbox"}  # pages and tools of ours: in no face's document
EXACTLY_ONE = {"authentication": AUTHENTICATIONS, "answers": {"answers"}}
FORBIDDEN_NAMES = {
    "abort": "raise a refusal in the domain",
    "database": "a query belongs to the domain",
    "g": "pass it as an argument",
    "jsonify": "return the value: `answers` renders it",
    "reading": "a query belongs to the domain",
    "unit_of_work": "a transaction belongs to the domain",
}
FORBIDDEN_METHODS = {"commit", "execute", "rollback", "scalar", "scalars"}

Route = ast.FunctionDef | ast.AsyncFunctionDef


def routes(source: Source) -> list[Route]:
    """The functions that a blueprint serves."""
    if source.parts[:2] != ("marketplace", "api"):
        return []
    return [function for function in source.functions if VERBS & set(_words(function))]


def wrong_routes(source: Source) -> list[str]:
    """Each way in which a route is more than a translation of one call, or less than documented."""
    return [
        source.at(route, f"{route.name}: {complaint}")
        for route in routes(source)
        for complaint in (*_documentation(route), *_specification(source, route), *_body(source, route))
    ]


def _documentation(route: Route) -> list[str]:
    return [] if ast.get_docstring(route) else ["has no docstring: it is the summary in the document"]


def _specification(source: Source, route: Route) -> list[str]:
    if source.parts[2] in UNDOCUMENTED_WINGS:
        return []
    complaints = []
    words = _words(route)
    ranks = [rank for word in words for rank, group in enumerate(RANKS) if word in group]
    if ranks != sorted(ranks):
        complaints.append("decorators go verb, authentication, limited, takes, answers, refuses")
    for name, group in EXACTLY_ONE.items():
        count = sum(word in group for word in words)
        if count != 1:
            complaints.append(f"has {count} of {name}, needs exactly one ({', '.join(sorted(group))})")
    return complaints


def _body(source: Source, route: Route) -> list[str]:
    complaints = []
    nodes = [node for statement in _without_docstring(route) for node in ast.walk(statement)]
    statements = sum(isinstance(node, ast.stmt) for node in nodes)
    if statements > MOST_STATEMENTS:
        complaints.append(f"has {statements} statements, at most {MOST_STATEMENTS}")
    if any(isinstance(node, ast.Try) for node in nodes):
        complaints.append("tries: a refusal passes through to the one translator")
    calls = [
        meaning
        for node in nodes
        if isinstance(node, ast.Call)
        if _is_command(meaning := source.meaning(node.func))
    ]
    if len(calls) > 1:
        complaints.append(f"makes {len(calls)} calls into domains, one is enough: {', '.join(sorted(calls))}")
    return complaints + [complaint for node in nodes if (complaint := _forbidden(node))]


def _forbidden(node: ast.AST) -> str:
    if isinstance(node, ast.Name) and isinstance(node.id, str) and isinstance(node.ctx, ast.Load):
        reason = FORBIDDEN_NAMES.get(node.id)
        return f"uses {node.id}: {reason}" if reason else ""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in FORBIDDEN_METHODS
    ):
        return f"calls .{node.func.attr}(): a query belongs to the domain"
    return ""


def _is_command(meaning: str) -> bool:
    *owner, name = meaning.split(".")
    return owner[:2] == ["marketplace", "domains"] and owner[-1:] == ["public"] and name[:1].islower()


def _words(function: Route) -> list[str]:
    """The last word of each decorator: `@blueprint.post("/")` is `post`."""
    words = []
    for decorator in function.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        words.append(target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", ""))
    return words


def _without_docstring(route: Route) -> list[ast.stmt]:
    return route.body[1:] if ast.get_docstring(route) else route.body
