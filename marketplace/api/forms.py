"""Multipart forms (RFC 7578) as the JSON values they stand for, so that one schema reads both.

A form holds texts and files, each under a name that may stand several times. What a text stands for is known
by the field that will read it:

- a list is its name repeated, or one text of JSON: `skills=1`, `skills=2`, or `skills=[1, 2]`;
- what is nested is one text of JSON, or names in brackets: `skills[0][name]=Python`;
- `true` and `false` are truth values, digits are integers, and nothing at all is null where null is allowed.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import Request, request
from marshmallow import Schema, ValidationError, fields, pre_load
from typing_extensions import override
from werkzeug.datastructures import FileStorage

from marketplace.api.fields import File, NumberedFiles
from marketplace.domains.files.public import Upload

MULTIPART = "multipart/form-data"
MAX_FORM_BYTES = 32 * 1024 * 1024
MOST_STEPS = 4
BYTES = "(the bytes of a file)"
UNREADABLE = "Value must be valid JSON."
_BRACKETED = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")
_TRUTHS = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False}
_INTEGER = re.compile(r"-?\d{1,20}", re.ASCII)

Decode = Callable[[str], Any]


class Form(Schema):
    """A body that comes as JSON or as a multipart form: only such a one can hold files."""

    @pre_load
    def gather(self, data: Any, **_: object) -> Any:
        """Put files under numbered names into the one field that reads them, by their numbers."""
        if not isinstance(data, dict):
            return data
        gathered = dict(data)
        for name in self._numbered():
            pattern = re.compile(re.escape(name.removesuffix("0")) + r"(\d{1,4})", re.ASCII)
            found = {int(match[1]): key for key in data if (match := pattern.fullmatch(key))}
            for key in found.values():
                del gathered[key]
            if found:
                gathered[name] = {number: data[key] for number, key in found.items()}
        return gathered

    @override
    def handle_error(self, error: ValidationError, data: Any, *, many: bool, **_: object) -> None:
        """Say what is wrong with one of several files under its own name."""
        messages = error.messages_dict
        for name in self._numbered():
            told = messages.get(name)
            if isinstance(told, dict):
                del messages[name]
                messages |= {f"{name.removesuffix('0')}{number}": what for number, what in told.items()}

    def _numbered(self) -> list[str]:
        fields = self.fields.items()
        return [field.data_key or name for name, field in fields if isinstance(field, NumberedFiles)]


def admit_files() -> None:
    """Let a form be longer than another body may be: it may hold several files, or a large one."""
    if request.mimetype == MULTIPART:
        request.max_content_length = MAX_FORM_BYTES


def has_files(schema: Schema) -> bool:
    """Whether a schema reads a file."""
    return any(_is_file(field) for field in schema.fields.values())


def form_values(form: Request, schema: Schema, decode: Decode) -> dict[str, Any]:
    """The values of a form, by name; `decode` reads JSON, and says by a `ValueError` that it cannot."""
    values: dict[str, Any] = {}
    for name, texts in form.form.lists():
        _place(values, name, texts)
    for name, sent in form.files.lists():
        # a browser sends a file without a name where no file was chosen
        _place(values, name, [_upload(name, file) for file in sent if file.filename])
    return _converted(values, _known(schema), decode)


def _upload(name: str, file: FileStorage) -> Upload:
    content = file.read()
    # whoever looks at the request again finds it unread
    file.seek(0)
    return Upload(field=name, name=file.filename or "", content=content)


def _place(values: dict[str, Any], name: str | None, found: list[Any]) -> None:
    """Put what stands under a name where its brackets say; a name that says nothing sensible is no name."""
    if not name or not found:
        return
    match = _BRACKETED.fullmatch(name)
    steps = re.findall(r"\[([^\[\]]*)\]", match[2]) if match else []
    if len(steps) > MOST_STEPS:
        return
    last = match[1] if match else name
    if steps and not steps[-1]:
        # `skills[]` is `skills`
        steps.pop()
    place: Any = values
    for step in steps:
        place = place.setdefault(last, {})
        if not isinstance(place, dict):
            return
        last = step
    if isinstance(place.setdefault(last, []), list):
        place[last] += found


def _known(schema: Any) -> dict[str, Any]:
    """The fields of a schema by the names that a form has for them."""
    return {field.data_key or name: field for name, field in schema.fields.items()}


def _converted(values: Mapping[str, Any], known: Mapping[str, Any], decode: Decode) -> dict[str, Any]:
    converted, wrong = {}, {}
    for name, value in values.items():
        try:
            converted[name] = _convert(value, known.get(name), decode)
        except ValueError:
            # only the fields of lists and of what is nested read JSON
            wrong[name] = [known[name].error_messages.get("unreadable", UNREADABLE)]
    if wrong:
        raise ValidationError(wrong)
    return converted


def _convert(value: Any, field: Any, decode: Decode) -> Any:
    """What a field is given for the texts and files, or for what was nested, under its name."""
    if isinstance(value, dict):
        return _nested(value, field, decode)
    if isinstance(field, fields.List):
        return _listed(value, field.inner, decode)
    last = value[-1]
    if not isinstance(last, str):
        return last
    if isinstance(field, fields.Nested | fields.Dict):
        return decode(last)
    return _scalar(last, field)


def _nested(value: dict[str, Any], field: Any, decode: Decode) -> Any:
    if isinstance(field, fields.List):
        places = sorted((int(place), found) for place, found in value.items() if _INTEGER.fullmatch(place))
        return [_convert(found, field.inner, decode) for _, found in places]
    known = _known(field.schema) if isinstance(field, fields.Nested) else {}
    return {name: _convert(found, known.get(name), decode) for name, found in value.items()}


def _listed(found: list[Any], inner: Any, decode: Decode) -> Any:
    if len(found) == 1 and isinstance(found[0], str):
        text = found[0].strip()
        if not text:
            return []
        if text.startswith("["):
            return decode(text)
    return [_convert([item], inner, decode) for item in found]


def _scalar(text: str, field: Any) -> Any:
    if isinstance(field, fields.Boolean):
        return _TRUTHS.get(text.strip().lower(), text)
    if isinstance(field, fields.Integer) and _INTEGER.fullmatch(text.strip()):
        return int(text)
    if not text and getattr(field, "allow_none", False) and not getattr(field, "blank", False):
        return None
    return text


def _is_file(field: Any) -> bool:
    return isinstance(field.inner if isinstance(field, fields.List) else field, File)


def describe(content: dict[str, Any], converter: Any) -> None:
    """Add the form to the described body of an operation whose schema is read from one, too."""
    body = content["application/json"]
    schema = body["schema"]
    if not isinstance(schema, Form):
        return
    described = converter.schema2jsonschema(schema)
    example = dict(body["example"])
    for name, field in schema.fields.items():
        if _is_file(field):
            one = {"type": "string", "format": "binary"}
            is_list = isinstance(field, fields.List)
            described["properties"][field.data_key or name] = (
                {"type": "array", "items": one} if is_list else one
            )
            example[field.data_key or name] = [BYTES] if is_list else BYTES
    content[MULTIPART] = {"schema": described, "example": example}
