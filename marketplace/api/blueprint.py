"""Blueprints whose decorators are the specification: arguments, answers, refusals."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, ClassVar, Generic, TypeVar, get_args, get_origin

import msgspec
from flask import Response
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import Schema

from marketplace.api import forms, idempotency, openapi
from marketplace.api.dialect import Dialect, status_of
from marketplace.api.forms import Form
from marketplace.api.idempotency import empty_response
from marketplace.api.notes import note
from marketplace.api.paging import PAGE_HEADERS, Listed, Paged, link_pages, page_headers
from marketplace.api.parser import parser
from marketplace.domains.accounts.public import RoleRequired
from marketplace.kernel.errors import DomainError, Unauthenticated
from marketplace.kernel.pages import Page
from marketplace.kernel.tokens import TokenNotValid

View = TypeVar("View", bound=Callable[..., Any])
T = TypeVar("T")
NO_CONTENT = 204
INPUT_INVALID = "The input is not valid."
BODY_TOO_LARGE = "Request body is too large."
NOT_JSON = "Unsupported media type in request."
THROTTLED = "Request was throttled."
_encoder = msgspec.json.Encoder()


@dataclass(frozen=True)
class Made(Generic[T]):
    """What a command answers that makes a thing or finds it already there."""

    thing: T
    is_new: bool


class Blueprint(SmorestBlueprint):  # type: ignore[misc]  # flask-smorest ships no types
    """The routes of one domain of a face."""

    ARGUMENTS_PARSER: ClassVar[Any] = parser
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING: ClassVar[Mapping[str, str]] = {"json": "application/json"}

    def __init__(self, face: str, name: str, *, url_prefix: str, dialect: Dialect, description: str) -> None:
        """Name the face and the domain; `description` introduces the domain in the document."""
        super().__init__(f"{face}_{name}", __name__, url_prefix=url_prefix, description=description)
        self.tag = name
        self.dialect = dialect
        self._prepare_doc_cbks.append(self._prepare_whole_doc)
        self.after_request(_protect)

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Register a route, with and without its last slash, under the domain's tag."""
        decorate: Callable[[View], View] = super().route(
            rule, tags=[self.tag], strict_slashes=False, **options
        )
        return decorate

    def get(self, rule: str, **options: Any) -> Callable[[View], View]:
        """A route that reads."""
        return self.route(rule, methods=["GET"], **options)

    def post(self, rule: str, **options: Any) -> Callable[[View], View]:
        """A route that makes or does something."""
        return self.route(rule, methods=["POST"], **options)

    def put(self, rule: str, **options: Any) -> Callable[[View], View]:
        """A route that replaces something."""
        return self.route(rule, methods=["PUT"], **options)

    def patch(self, rule: str, **options: Any) -> Callable[[View], View]:
        """A route that changes a part of something."""
        return self.route(rule, methods=["PATCH"], **options)

    def delete(self, rule: str, **options: Any) -> Callable[[View], View]:
        """A route that removes something."""
        return self.route(rule, methods=["DELETE"], **options)

    def takes(self, schema: type[Schema], *, location: str = "json") -> Callable[[View], View]:
        """Read and check the request's body (`json`) or query (`query`) into the view's first argument.

        The body is JSON; where the schema is a `Form`, a multipart form will do as well.
        """
        reader = schema()
        if forms.has_files(reader) and not issubclass(schema, Form):
            message = f"{schema.__name__} reads files, which only a Form holds"
            raise TypeError(message)
        example = openapi.example_of_input(reader) if location == "json" else None
        # An instance: of a class a new one would be made for each request.
        decorate: Callable[[View], View] = self.arguments(reader, location=location, example=example)
        return decorate

    def answers(
        self, status: int, kind: Any = None, *, existing: int | None = None
    ) -> Callable[[View], View]:
        """Encode what the view returns as `kind`, with `status`.

        A view with `existing` returns `Made`: that status stands for a thing that was there before. A view of
        `Paged[...]` or `Listed[...]` returns a `Page` of items that are structs already.
        """

        def decorate(view: View) -> View:
            @wraps(view)
            def answer(*args: Any, **kwargs: Any) -> Response:
                result = view(*args, **kwargs)
                if isinstance(result, Made):
                    return _response(result.thing, status if result.is_new else existing or status)
                if isinstance(result, Page) and get_origin(kind) is Listed:
                    response = _response(result.items, status)
                    response.headers.update(page_headers(result))
                    return response
                if isinstance(result, Page):
                    result = link_pages(result)
                return _response(result, status)

            @wraps(answer)
            def wrapper(*args: Any, **kwargs: Any) -> Response:
                return idempotency.once(lambda: answer(*args, **kwargs), self.dialect)

            note(wrapper, answer=(status, kind, existing), name=view.__name__)
            return wrapper  # type: ignore[return-value]  # a wrapper of the view it was given

        return decorate

    def refuses(self, *errors: type[DomainError]) -> Callable[[View], View]:
        """Name the refusals that the view may answer."""

        def decorate(view: View) -> View:
            note(view, refusals=errors)
            return view

        return decorate

    def _prepare_whole_doc(
        self, doc: dict[str, Any], notes: dict[str, Any], **options: Any
    ) -> dict[str, Any]:
        spec = options["spec"]
        access = notes["access"]
        status, kind, existing = notes["answer"]
        doc["operationId"] = f"{self.name}_{notes['name']}".lower()
        doc["security"] = {"signed_in": [{"bearer": []}], "optional": [{}, {"bearer": []}], "public": []}[
            access["access"]
        ]
        if access["roles"]:
            doc["description"] = f"Only for: {', '.join(access['roles'])}."
        refusals = [*notes.get("refusals", ())]
        if access["access"] != "public":
            refusals += [Unauthenticated, TokenNotValid]
        if access["roles"]:
            refusals.append(RoleRequired)
        if get_origin(kind) in {Paged, Listed}:
            doc.setdefault("parameters", []).extend(self.dialect.page_parameters())
            refusals += self.dialect.page_refusals
        if options["method"] == "post" and access["access"] != "public":
            doc.setdefault("parameters", []).append(idempotency.PARAMETER)
            refusals += idempotency.REFUSALS
        if "requestBody" in doc:
            forms.describe(doc["requestBody"]["content"], options["api"].ma_plugin.converter)
        responses = {str(code): self._success(spec, code, kind) for code in (status, existing) if code}
        doc["responses"] = responses | self._failures(refusals, doc, takes="arguments" in notes)
        return doc

    def _success(self, spec: Any, status: int, kind: Any) -> dict[str, Any]:
        described: dict[str, Any] = {"description": HTTPStatus(status).phrase}
        if get_origin(kind) is Listed:
            described["headers"] = PAGE_HEADERS
            kind = list[get_args(kind)[0]]  # type: ignore[misc]  # a type that is known only here
        if kind is not None:
            schema = openapi.register_struct(spec, kind)
            example = openapi.example_of(schema, spec.components.schemas)
            described["content"] = {"application/json": {"schema": schema, "example": example}}
        return described

    def _failures(
        self, refusals: Sequence[type[DomainError]], doc: Mapping[str, Any], *, takes: bool
    ) -> dict[str, Any]:
        grouped: dict[int, list[type[DomainError]]] = {}
        for refusal in refusals:
            grouped.setdefault(status_of(self.dialect, refusal), []).append(refusal)
        described = {
            str(status): self._failure(status, openapi.sentences(members), self.dialect.refusal(members[0]()))
            for status, members in grouped.items()
        }
        if takes:
            described.setdefault("400", self._failure(400, INPUT_INVALID, None))
        plain = {413: BODY_TOO_LARGE, 415: NOT_JSON} if "requestBody" in doc else {}
        for status, sentence in (plain | {429: THROTTLED}).items():
            example = self.dialect.plain(status, sentence)
            described.setdefault(str(status), self._failure(status, sentence, example))
        return dict(sorted(described.items()))

    def _failure(self, status: int, description: str, example: dict[str, Any] | None) -> dict[str, Any]:
        schema = self.dialect.error_schema(status)
        content: dict[str, Any] = {"schema": schema, "example": example or openapi.example_of(schema, {})}
        return {"description": description, "content": {"application/json": content}}


def _protect(response: Response) -> Response:
    """Let nobody keep an answer that may be one person's, or take it for something else than it says."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _response(body: Any, status: int) -> Response:
    if status == NO_CONTENT:
        return empty_response(status)
    return Response(_encoder.encode(body), status=status, mimetype="application/json")
