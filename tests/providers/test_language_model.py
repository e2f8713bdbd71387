"""The client of a language model, against a server that does what servers do."""

import time

import pytest
from werkzeug.wrappers import Response

from marketplace.kernel.settings import Settings
from marketplace.providers.language_model import MOST_BYTES, LanguageModel, ModelUnavailable
from tests.model_server import KEY, MODEL, completion, serving, settings_for

TURNS = [("user", "hello"), ("assistant", "What do you need done?"), ("user", "नमस्ते")]


@pytest.fixture
def server():
    with serving() as server:
        yield server


@pytest.fixture
def model(server):
    model = LanguageModel()
    model.configure(settings_for(server))
    return model


def test_a_model_is_there_once_a_server_is_named(model):
    assert model.is_configured
    assert not LanguageModel().is_configured


def test_the_talk_is_sent_with_the_instructions_before_it(server, model):
    server.writes("मैं मदद कर सकता हूँ।")
    assert model.ask("Be short.", TURNS) == "मैं मदद कर सकता हूँ।"
    (asked,) = server.asked
    assert asked["model"] == MODEL
    assert [(one["role"], one["content"]) for one in asked["messages"]] == [("system", "Be short."), *TURNS]
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"


def test_a_server_that_wants_no_key_gets_none(server, model):
    model.configure(settings_for(server, llm_api_key=None, llm_base_url=f"{server.url}/v1/"))
    assert model.ask("Be short.", TURNS) == "{}"
    assert "Authorization" not in server.headers[0]


def slowly(parts, pause):
    def body():
        for part in parts:
            time.sleep(pause)
            yield part

    return Response(body(), mimetype="application/json")


BROKEN = {
    "an error of the server": lambda _: Response("oops", status=500),
    "too many requests": lambda _: Response(status=429),
    "not allowed": lambda _: Response(status=401),
    "a redirect": lambda _: Response(status=307, headers={"Location": "http://127.0.0.1:9/v1"}),
    "no JSON": lambda _: Response("<html>garbage</html>"),
    "nothing": lambda _: Response(b""),
    "half of it": lambda _: Response('{"choices": [{"message": {"content": "hel'),
    "not UTF-8": lambda _: Response(b'{"choices": [{"message": {"content": "\xff"}}]}'),
    "another form": lambda _: Response('{"answer": 42}'),
    "a list": lambda _: Response("[1, 2]"),
    "a number": lambda _: Response("7"),
    "no choice": lambda _: Response('{"choices": []}'),
    "an empty choice": lambda _: Response('{"choices": [null]}'),
    "no text": lambda _: completion(None),
    "parts": lambda _: completion([{"type": "text", "text": "hello"}]),
    "deep": lambda _: Response("[" * 100_000),
    "huge": lambda _: completion("x" * (MOST_BYTES + 1)),
    "shorter than it says": lambda _: Response(b"{", headers={"Content-Length": "900"}),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_an_answer_that_is_none_is_not_taken(server, model, answer):
    server.answer = answer
    with pytest.raises(ModelUnavailable):
        model.ask("Be short.", TURNS)


@pytest.mark.parametrize("answer", [slowly([b"{}"], 5), slowly([b" "] * 50, 0.1)], ids=["late", "in drops"])
def test_a_slow_answer_is_not_waited_for(server, model, answer):
    model.configure(settings_for(server, llm_timeout_s=1))
    server.answer = lambda _: answer
    start = time.monotonic()
    with pytest.raises(ModelUnavailable):
        model.ask("Be short.", TURNS)
    assert time.monotonic() - start < 3


def test_an_answer_in_parts_is_read_to_its_end(server, model):
    whole = completion("hello").get_data()
    server.answer = lambda _: slowly([whole[:9], whole[9:30], whole[30:]], 0.05)
    assert model.ask("Be short.", TURNS) == "hello"


def test_nobody_listening_is_no_answer():
    model = LanguageModel()
    model.configure(Settings(llm_base_url="http://127.0.0.1:9", llm_model=MODEL))
    with pytest.raises(ModelUnavailable):
        model.ask("Be short.", TURNS)
