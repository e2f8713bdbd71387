"""Every way to abuse a body or a query, at every operation: refused in the words of the face, never a 5xx."""

import json

import msgspec
import pytest
from werkzeug.test import encode_multipart

from tests.api.documents import operations
from tests.client import sent_file

DEEP = 100_000
MEGABYTE = "x" * 1_000_000
# As they stand in the body: not all of them are JSON.
VALUES = [
    "null",
    "true",
    "0",
    "-1",
    "1.5",
    "1e400",
    "-1e-400",
    "NaN",
    "-Infinity",
    "9" * 30,
    "9" * 5000,
    '""',
    '"   "',
    '"-1"',
    '"NaN"',
    '"1e5"',
    json.dumps("x" * 5000),
    '"مرحبا \\u202e بالعالم"',
    '"\U0001f642\U0001f468\u200d\U0001f469\u200d\U0001f467"',
    '"a\\u0000b"',
    '"\\ud800"',
    '"\\ud83d\\ude42"',
    '"\' OR 1=1 --"',
    '"../../etc/passwd"',
    '"<script>alert(1)</script>"',
    '"2026-13-45"',
    "[]",
    "[[1], {}]",
    "{}",
    '{"$ne": null}',
]
BODIES = {
    "empty": b"",
    "blank": b"  \n",
    "null": b"null",
    "a number": b"7",
    "a text": b'"text"',
    "an array": b"[]",
    "an array of objects": b"[{}]",
    "nothing known": b'{"unknown": 1, "": 2, "__proto__": {}}',
    "broken": b'{"title": ',
    "two objects": b"{}{}",
    "not UTF-8": b'{"title": "\xff\xfe"}',
    "UTF-16": '{"title": "x"}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "NUL": b"\x00",
    "deep arrays": b"[" * DEEP,
    "deep objects": b'{"a":' * DEEP,
    "deep and closed": b"[" * DEEP + b"]" * DEEP,
}
TYPES = ["application/x-www-form-urlencoded", "multipart/form-data", "text/xml", "nonsense", ""]
# The same in every form: Werkzeug makes its patterns of it.
BOUNDARY = "----a-part-of-a-form"
QUERIES = [
    "",
    " ",
    "-1",
    "0",
    "NaN",
    "1e400",
    "9" * 40,
    "%00",
    "%ff",
    "%F0%9F%99%82",
    "x" * 3000,
    "[]",
    "a&b",
    "٣",
]
WITH_BODY = [pytest.param(operation, id=str(operation)) for operation in operations() if operation.body]
WITH_FORM = [pytest.param(operation, id=str(operation)) for operation in operations() if operation.form]
WITH_QUERY = [
    pytest.param(operation, id=str(operation))
    for operation in operations()
    if any(parameter["in"] == "query" for parameter in operation.parameters)
]


def send(operation, sara, data, content_type="application/json", query=""):
    path = operation.path.format_map(
        {p["name"]: _known(p) for p in operation.parameters if p["in"] == "path"}
    )
    headers = {"Authorization": f"Bearer {sara.token}", "Content-Type": content_type}
    return sara.flask.open(f"{path}{query}", method=operation.method.upper(), data=data, headers=headers)


def check(operation, answer, what):
    assert answer.status_code < 500, what
    assert str(answer.status_code) in operation.described["responses"], (
        what,
        answer.status_code,
        answer.data,
    )
    assert answer.status_code == 204 or answer.mimetype == "application/json", what
    if answer.status_code >= 400:
        assert answer.json, what
        for said in answer.json.values():
            assert isinstance(said, str) or all(isinstance(sentence, str) for sentence in said), what


def bodies_of(operation):
    """The example of the document with one field after another spoilt, left out or added."""
    example = operation.described["requestBody"]["content"]["application/json"]["example"]
    for name in example:
        rest = {key: value for key, value in example.items() if key != name}
        yield json.dumps(rest)
        head = json.dumps(rest)[:-1] + (", " if rest else "")
        for value in VALUES:
            yield f"{head}{json.dumps(name)}: {value}}}"
    # a name that stands twice
    yield json.dumps(example)[:-1] + f", {json.dumps(example)[1:]}" if example else "{}"


@pytest.mark.parametrize("operation", WITH_BODY)
def test_a_spoilt_field_is_refused_in_the_words_of_the_face(operation, sara):
    for body in bodies_of(operation):
        check(operation, send(operation, sara, body.encode()), body[:500])


@pytest.mark.parametrize("operation", WITH_BODY)
def test_a_body_that_is_none_or_too_long_is_refused_in_the_words_of_the_face(operation, sara):
    for name, body in BODIES.items():
        answer = send(operation, sara, body)
        check(operation, answer, name)
        if name not in {"empty", "blank", "nothing known"}:
            assert answer.status_code == 400, name
    for content_type in TYPES:
        answer = send(operation, sara, b'{"a": 1}', content_type)
        check(operation, answer, content_type)
        assert answer.status_code == (400 if content_type == operation.form else 415), content_type
    example = operation.described["requestBody"]["content"]["application/json"]["example"]
    for name in [*example, "unknown"]:
        check(operation, send(operation, sara, msgspec.json.encode({**example, name: MEGABYTE})), name)
    answer = send(operation, sara, msgspec.json.encode({"unknown": MEGABYTE * 9}))
    assert answer.status_code == 413
    check(operation, answer, "nine megabytes")


def forms_of(operation):
    """The example of the form with one field after another spoilt, sent twice, nested, or made a file."""
    example = operation.described["requestBody"]["content"][operation.form]["example"]
    texts = {name: value for name, value in example.items() if isinstance(value, str)}
    for name in example:
        rest = {key: value for key, value in texts.items() if key != name}
        yield rest
        for value in (*VALUES, "\0", "[" * DEEP):
            yield {**rest, name: value}
        for odd in (f"{name}[]", f"{name}[0]", f"{name}[0][x]", f"{name}[x][", f"{name}[0][1][2][3][4][5]"):
            yield {**rest, odd: "1", name: "1"}
        yield {**rest, name: [value for value in VALUES if "\0" not in value]}
        yield {**rest, name: sent_file(b"\0\xff", "\0../../\u202ex.png")}
        yield {**rest, name: [sent_file(b"a", "a.png"), sent_file(b"b", "b.png")]}


@pytest.mark.parametrize("operation", WITH_FORM)
def test_a_spoilt_form_is_refused_in_the_words_of_the_face(operation, sara):
    for form in forms_of(operation):
        _, body = encode_multipart(form, boundary=BOUNDARY)
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        check(operation, send(operation, sara, body, kind), body[:500])


@pytest.mark.parametrize("operation", WITH_FORM)
def test_half_a_form_is_refused_in_the_words_of_the_face(operation, sara):
    for body in (*BODIES.values(), b"--x", b"--x\r\n\r\n\r\n--x--", b"--x\r\nContent-Disposition: \xff"):
        answer = send(operation, sara, body, "multipart/form-data; boundary=x")
        check(operation, answer, body[:100])
        assert answer.status_code == 400 or not body, body[:100]
    answer = send(operation, sara, b"x" * 9_000_000, "multipart/form-data; boundary=x")
    assert answer.status_code == 413
    check(operation, answer, "nine megabytes")


@pytest.mark.parametrize("operation", WITH_QUERY)
def test_a_spoilt_query_is_refused_or_ignored(operation, sara):
    for parameter in operation.parameters:
        if parameter["in"] == "query":
            for value in QUERIES:
                answer = send(operation, sara, None, query=f"?{parameter['name']}={value}")
                check(operation, answer, (parameter["name"], value))


def _known(parameter):
    return 1 if parameter["schema"]["type"] == "integer" else "sara"
