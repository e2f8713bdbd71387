"""Requests that are not what they say they are."""

from io import BytesIO

import pytest

TASK = b'{"title": "Shelf", "description": "Up.", "category": 3, "budget": "80.00"}'
PATH = "/api/tasks/create/"


@pytest.fixture
def cut(join):
    """A function that sends a body to somebody's house which ends before the length it announces."""
    sara = join("sara")

    def cut(path, body, kind="application/json", *, length=500):
        # as gunicorn hands it on, whose input ends with the connection
        environ = {
            "wsgi.input": BytesIO(body),
            "wsgi.input_terminated": True,
            "CONTENT_LENGTH": str(length),
            "CONTENT_TYPE": kind,
        }
        return sara.post(path, environ_overrides=environ), sara

    return cut


@pytest.mark.parametrize("body", [TASK, TASK[:20], b""])
def test_a_body_that_ends_early_is_refused(cut, body):
    answer, sara = cut(PATH, body)
    assert answer.status_code == 400
    assert list(answer.json) == ["detail"]
    assert sara.get("/api/tasks/").json["count"] == 0


def test_a_body_of_the_length_it_announces_is_taken(cut):
    answer, _ = cut(PATH, TASK, length=len(TASK))
    assert answer.status_code == 201


def test_a_whole_form_in_a_body_that_ends_early_is_refused(cut):
    form = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\nHello\r\n' % name
        for name in (b"title", b"description")
    )
    form += b"--x--\r\n"
    path, kind = "/api/auth/portfolio/", "multipart/form-data; boundary=x"
    answer, sara = cut(path, form, kind)
    assert answer.status_code == 400
    assert sara.get(path).json["count"] == 0
    whole, _ = cut(path, form, kind, length=len(form))
    assert whole.status_code == 201, whole.json


@pytest.mark.parametrize("query", ["search=\xff", "\xff", "search=a%ff\xfe", "\xe9t\xe9=1"])
@pytest.mark.parametrize("path", ["/api/tasks/", "/api/v1/gigs/services/", "/sandbox/mail", "/healthz"])
def test_bytes_in_a_query_that_are_no_text_break_nothing(app, path, query):
    answer = app.test_client().get(path, environ_overrides={"QUERY_STRING": query})
    assert answer.status_code < 500
    quoted = "".join(letter if letter.isascii() else f"%{ord(letter):02X}" for letter in query)
    assert answer.data == app.test_client().get(f"{path}?{quoted}").data


def test_text_in_a_query_may_be_written_as_it_is(app, join):
    sara = join("sara")
    sara.post(PATH, {"title": "خزانة", "description": "Up.", "category": 3, "budget": "80.00"})
    raw = "search=خزانة".encode().decode("latin-1")
    answer = app.test_client().get("/api/tasks/", environ_overrides={"QUERY_STRING": raw})
    assert answer.json["count"] == 1


def test_a_doubled_slash_is_another_path(client):
    answer = client.get("/api//tasks/")
    assert (answer.status_code, answer.json) == (404, {"detail": "Not found."})
