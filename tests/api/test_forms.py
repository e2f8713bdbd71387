"""A multipart form and a JSON body that say the same are the same to a schema."""

import json
from io import BytesIO

import pytest
from flask import Flask, request
from marshmallow import EXCLUDE, Schema, ValidationError, fields
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from marketplace.api.blueprint import Blueprint
from marketplace.api.fields import Amount, Choice, Day, File, Flag, Identifier, NumberedFiles, Text
from marketplace.api.forms import Form
from marketplace.api.multitask.dialect import dialect
from marketplace.api.parser import parser, peek
from marketplace.api.request import StrictRequest
from marketplace.domains.files.public import Upload
from marketplace.kernel.money import Money

FILE = "/files/01a1fd88-5db5-71e9-b0cd-f58b4aebd93a"


class SkillIn(Schema):
    name = Text(most=20, required=True)
    level = fields.Integer(strict=True)
    is_main = Flag(data_key="main")


class EverythingIn(Form):
    class Meta:
        unknown = EXCLUDE

    title = Text(most=100, blank=True)
    note = Text(most=100, allow_none=True, blank=True)
    kind = Choice(["a", "b"], allow_none=True)
    count = fields.Integer(strict=True)
    price = Amount(currency="USD", allow_none=True)
    day = Day(allow_none=True)
    is_open = Flag()
    ids = fields.List(Identifier())
    words = fields.List(Text(most=20))
    switches = fields.List(Flag())
    skills = fields.List(fields.Nested(SkillIn), data_key="skills_input")
    place = fields.Nested(SkillIn)
    extra = fields.Dict()
    picture = File(allow_none=True)
    papers = fields.List(File())
    proofs = NumberedFiles(data_key="proof_0", allow_none=True)


class PlainIn(Schema):
    title = Text(most=100)


class Bare(Form):
    class Meta:
        unknown = EXCLUDE

    title = Text(most=100, required=True)


@pytest.fixture
def app():
    app = Flask(__name__)
    app.request_class = StrictRequest
    app.config["MAX_CONTENT_LENGTH"] = 1_000_000
    return app


@pytest.fixture
def read(app):
    """A function that reads a form with a schema."""

    def read(values, schema=EverythingIn, **options):
        options.setdefault("content_type", "multipart/form-data")
        with app.test_request_context(method="POST", data=values, **options):
            return schema().load(parser.load_json(request, schema()))

    return read


def file(content=b"x", name="a.png"):
    return BytesIO(content), name


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ({"title": " Cairo "}, {"title": "Cairo"}),
        ({"title": ""}, {"title": ""}),
        ({"title": "[1]"}, {"title": "[1]"}),
        ({"title": ["first", "last"]}, {"title": "last"}),
        ({"note": ""}, {"note": ""}),
        ({"kind": ""}, {"kind": None}),
        ({"count": "5"}, {"count": 5}),
        ({"count": " -5 "}, {"count": -5}),
        ({"price": "12.50"}, {"price": Money(1250, "USD")}),
        ({"price": ""}, {"price": None}),
        ({"day": ""}, {"day": None}),
        ({"is_open": "true"}, {"is_open": True}),
        ({"is_open": "FALSE"}, {"is_open": False}),
        ({"is_open": "on"}, {"is_open": True}),
        ({"is_open": "0"}, {"is_open": False}),
        ({"ids": ["1", "2"]}, {"ids": [1, 2]}),
        ({"ids": "1"}, {"ids": [1]}),
        ({"ids[]": ["1", "2"]}, {"ids": [1, 2]}),
        ({"ids[0]": "1", "ids[10]": "3", "ids[2]": "2"}, {"ids": [1, 2, 3]}),
        ({"ids": "[1, 2]"}, {"ids": [1, 2]}),
        ({"ids": ""}, {"ids": []}),
        ({"words": ["a", "b"]}, {"words": ["a", "b"]}),
        ({"words": '["a", "b"]'}, {"words": ["a", "b"]}),
        ({"switches": ["true", "off"]}, {"switches": [True, False]}),
        ({"skills_input": '[{"name": "Python", "level": 3}]'}, {"skills": [{"name": "Python", "level": 3}]}),
        (
            {
                "skills_input[0][name]": "Python",
                "skills_input[0][level]": "3",
                "skills_input[0][main]": "true",
                "skills_input[1][name]": "Go",
            },
            {"skills": [{"name": "Python", "level": 3, "is_main": True}, {"name": "Go"}]},
        ),
        ({"skills_input": ['{"name": "Go"}', '{"name": "C"}']}, {"skills": [{"name": "Go"}, {"name": "C"}]}),
        ({"place": '{"name": "Cairo"}'}, {"place": {"name": "Cairo"}}),
        ({"place[name]": "Cairo", "place[level]": "1"}, {"place": {"name": "Cairo", "level": 1}}),
        ({"extra": '{"a": [1]}'}, {"extra": {"a": [1]}}),
        ({"unknown": "1", "un[known]": "2", "[0]": "3", "": "4", "a[b": "5"}, {}),
        ({"ids[0][1][2][3][4][5]": "1"}, {}),
        ({"picture": ""}, {"picture": None}),
    ],
    ids=str,
)
def test_a_form_says_what_json_says(read, sent, meant):
    assert read(sent) == meant


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"count": "5.5"}, "count"),
        ({"count": "x"}, "count"),
        ({"is_open": "maybe"}, "is_open"),
        ({"is_open": ""}, "is_open"),
        ({"ids": ["1", "x"]}, "ids"),
        ({"ids": "[1, "}, "ids"),
        ({"ids": "[" * 100_000}, "ids"),
        ({"ids[x]": "1"}, None),
        ({"title": "a\0b"}, "title"),
        ({"skills_input": "Python"}, "skills_input"),
        ({"skills_input": '[{"nom": "Python"}]'}, "skills_input"),
        ({"skills_input": "[1]"}, "skills_input"),
        ({"skills_input[0]": "Python"}, "skills_input"),
        ({"place": "Cairo"}, "place"),
        ({"place": "[]"}, "place"),
        ({"extra": "{"}, "extra"),
        ({"picture": "a text"}, "picture"),
        ({"papers": "a text"}, "papers"),
        ({"day": "2026-13-01"}, "day"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_on_its_field(read, sent, field):
    if field is None:
        assert read(sent) == {"ids": []}
        return
    with pytest.raises(ValidationError) as refused:
        read(sent)
    assert list(refused.value.normalized_messages()) == [field]


def test_a_file_is_read_with_its_field_and_its_name(read):
    sent = {"picture": file(b"\x89PNG", "../cat.png"), "title": "Cat"}
    assert read(sent) == {
        "picture": Upload(field="picture", name="../cat.png", content=b"\x89PNG"),
        "title": "Cat",
    }


def test_several_files_come_under_one_name(read):
    sent = {"papers": [file(b"1", "a.pdf"), file(b"2", "b.pdf")]}
    assert [paper.content for paper in read(sent)["papers"]] == [b"1", b"2"]


def test_of_several_files_for_one_place_the_last_counts(read):
    assert read({"picture": [file(b"1"), file(b"2")]})["picture"].content == b"2"


def test_a_file_that_was_not_chosen_is_not_there(app):
    body = (
        b'--x\r\nContent-Disposition: form-data; name="picture"; filename=""\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n\r\n--x--\r\n"
    )
    with app.test_request_context(method="POST", data=body, content_type="multipart/form-data; boundary=x"):
        assert parser.load_json(request, EverythingIn()) == {}


def test_files_under_names_of_their_own_reach_the_schema(app):
    sent = {"certificate_0": file(b"1"), "certificate_1": file(b"2")}
    with app.test_request_context(method="POST", data=sent, content_type="multipart/form-data"):
        values = parser.load_json(request, EverythingIn())
    assert {name: upload.content for name, upload in values.items()} == {
        "certificate_0": b"1",
        "certificate_1": b"2",
    }


def test_a_file_where_a_text_belongs_is_refused(read):
    with pytest.raises(ValidationError) as refused:
        read({"title": file()})
    assert list(refused.value.normalized_messages()) == ["title"]


def test_whoever_looks_at_a_form_again_finds_it_unread(app):
    with app.test_request_context(method="POST", data={"picture": file(b"abc")}):
        parser.load_json(request, EverythingIn())
        assert request.files["picture"].read() == b"abc"


@pytest.mark.parametrize("values", [{"picture": None}, {"title": "x"}, {}])
def test_json_goes_on_being_read(app, values):
    with app.test_request_context(method="POST", json=values):
        assert EverythingIn().load(parser.load_json(request, EverythingIn())) == values


@pytest.mark.parametrize("value", ["cat.png", "", 1, [], {}, True])
def test_json_has_no_files(value):
    with pytest.raises(ValidationError) as refused:
        EverythingIn().load({"picture": value})
    assert list(refused.value.normalized_messages()) == ["picture"]


def test_the_link_of_a_file_leaves_it_as_it_is():
    link = "http://127.0.0.1:8000/files/01a1fd88-5db5-71e9-b0cd-f58b4aebd93a"
    assert EverythingIn().load({"picture": link, "title": "x"}) == {"title": "x"}


HEAD = b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\n'


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", HEAD + b"Cat\r\n--x--\r\n"),
        ("multipart/form-data; boundary=", HEAD + b"Cat\r\n--x--\r\n"),
        ("multipart/form-data; boundary=other", HEAD + b"Cat\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"{}"),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", HEAD + b"Cat"),
        ("multipart/form-data; boundary=x", HEAD + b"Cat\r\n--x\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nno header at all"),
        ("multipart/form-data; boundary=" + "x" * 5000, HEAD),
        ("multipart/form-data; boundary=x", HEAD.replace(b"title", b"t\xff\xfe") + b"Cat\r\n--x--\r\n"),
    ],
)
def test_half_a_form_is_none(read, kind, body):
    with pytest.raises((BadRequest, ValidationError)):
        read(body, Bare, content_type=kind)


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Disposition: form-data",
        b'Content-Disposition: form-data; name=""',
        b'Content-Disposition: attachment; filename="x.png"',
        b'Content-Disposition: form-data; name="title"\r\nContent-Type: text/plain; charset=no-such',
    ],
)
def test_a_part_without_a_sensible_name_is_no_part(app, head):
    body = b"--x\r\n" + head + b"\r\n\r\nCat\r\n--x--\r\n"
    with app.test_request_context(method="POST", data=body, content_type="multipart/form-data; boundary=x"):
        values = parser.load_json(request, Bare())
    assert values in ({}, {"title": "Cat"})


@pytest.mark.parametrize(
    "values",
    [
        HEAD + b"x" * 600_000 + b"\r\n--x--\r\n",
        HEAD + b"x" * 1_100_000 + b"\r\n--x--\r\n",
        {f"field{number}": "x" for number in range(1100)},
    ],
    ids=["a long text", "a long body", "very many parts"],
)
def test_too_much_is_refused(read, values):
    with pytest.raises(RequestEntityTooLarge):
        read(values, content_type="multipart/form-data; boundary=x")


def test_a_schema_that_is_no_form_takes_json_alone(read):
    with pytest.raises(UnsupportedMediaType):
        read({"title": "x"}, PlainIn)
    with pytest.raises(UnsupportedMediaType):
        read("title=x", EverythingIn, content_type="application/x-www-form-urlencoded")


def test_only_a_form_may_read_files():
    class Wrong(Schema):
        picture = File()

    blueprint = Blueprint("face", "name", url_prefix="/", dialect=dialect, description="x")
    with pytest.raises(TypeError, match="Wrong reads files, which only a Form holds"):
        blueprint.takes(Wrong)


def test_a_form_is_no_json_for_who_only_looks(app):
    with app.test_request_context(method="POST", data={"email": "a"}, content_type="multipart/form-data"):
        assert peek(request) is None
    with app.test_request_context(method="POST", data=json.dumps({"email": "a"})):
        assert peek(request) == {"email": "a"}


def test_numbered_files_are_gathered_by_their_numbers(read):
    sent = {"proof_0": file(b"a"), "proof_12": file(b"b"), "proof_3": "", "proof_x": file(), "proof_": "1"}
    proofs = read(sent)["proofs"]
    assert {number: found and (found.field, found.content) for number, found in proofs.items()} == {
        0: ("proof_0", b"a"),
        12: ("proof_12", b"b"),
        3: None,
    }


def test_numbered_files_are_gathered_from_json_too():
    body = {"proof_0": None, "proof_1": FILE, "proof_2": "https://example.com/a.pdf"}
    assert EverythingIn().load(body) == {"proofs": {0: None}}
    assert EverythingIn().load({"proof_12345": 1}) == {}


def test_each_numbered_file_is_refused_under_its_own_name(read):
    with pytest.raises(ValidationError) as refused:
        read({"proof_0": file(), "proof_7": "a text", "proof_9": "another", "price": "x"})
    assert set(refused.value.messages) == {"proof_7", "proof_9", "price"}


@pytest.mark.parametrize(
    "sent", ["/etc/passwd", "/files/../secret_key", "/files/1", f"{FILE}/x", f"//evil{FILE}"]
)
def test_a_path_of_something_else_is_no_file(sent):
    assert (
        EverythingIn().load({"picture": FILE}) == EverythingIn().load({"picture": f"{FILE}/thumbnail"}) == {}
    )
    with pytest.raises(ValidationError):
        EverythingIn().load({"picture": sent})
