"""A server that speaks OpenAI's chat completions, on this machine, and says what a test wants it to say."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from marketplace.kernel.settings import Settings
from marketplace.providers.language_model import LanguageModel, language_model

KEY = "sk-test"
MODEL = "test-model"


@dataclass
class ModelServer:
    """Keeps what it is asked; `answer` makes the response."""

    url: str = ""
    answer: Callable[[dict[str, Any]], Response] = field(default=lambda _body: completion("{}"))
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @Request.application
    def __call__(self, request: Request) -> Response:
        if request.path != "/v1/chat/completions":
            return Response(status=404)
        body = json.loads(request.get_data())
        self.asked.append(body)
        self.headers.append(dict(request.headers))
        return self.answer(body)

    def says(self, **answer: Any) -> None:
        """Answer every request with this object."""
        self.answer = lambda _body: completion(json.dumps(answer))

    def writes(self, text: str) -> None:
        """Answer every request with this text."""
        self.answer = lambda _body: completion(text)


def completion(content: Any) -> Response:
    """A completion of one choice."""
    body = {"choices": [{"message": {"role": "assistant", "content": content}}]}
    return Response(json.dumps(body), mimetype="application/json")


def settings_for(server: ModelServer, **changes: Any) -> Settings:
    """The settings that name the server."""
    return replace(
        Settings(llm_base_url=f"{server.url}/v1", llm_api_key=KEY, llm_model=MODEL, llm_timeout_s=2),
        **changes,
    )


@contextmanager
def serving() -> Iterator[ModelServer]:
    """A running server."""
    server = ModelServer()
    listening = make_server("127.0.0.1", 0, server, threaded=True)
    listening.daemon_threads = True
    server.url = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


@contextmanager
def plugged_in(server: ModelServer, settings: Settings, **changes: Any) -> Iterator[LanguageModel]:
    """The house with the server as its language model."""
    language_model.configure(settings_for(server, **changes))
    try:
        yield language_model
    finally:
        language_model.configure(settings)
