"""A language model behind any server that speaks OpenAI's chat completions over HTTP.

It needs one request, so `requests` makes it: OpenAI's own client would bring a dozen packages. Without a
configured server there is none, and who asks goes on without it: there is no twin that pretends to think.
"""

import json
import time
from collections.abc import Sequence
from typing import Any

import requests
import structlog
from urllib3.exceptions import HTTPError

from marketplace.kernel.settings import Settings

CONNECT_TIMEOUT_S = 3.05
MOST_BYTES = 256 * 1024
_CHUNK = 8192
_OK = 200
# No connection, no answer, too late, too long, or an answer of another form.
_FAILURES = (requests.RequestException, HTTPError, ValueError, LookupError, TypeError, RecursionError)

log = structlog.get_logger()


class ModelUnavailable(Exception):
    """The model did not answer in time, or not in the form of an answer."""


class LanguageModel:
    """The model that the settings name."""

    def __init__(self) -> None:
        """Start without a model."""
        self._settings = Settings()

    def configure(self, settings: Settings) -> None:
        """Take the server, the key and the model."""
        self._settings = settings

    @property
    def is_configured(self) -> bool:
        """Whether there is a model to ask."""
        return self._settings.llm_base_url is not None

    def ask(self, instructions: str, turns: Sequence[tuple[str, str]]) -> str:
        """What the model says next; `turns` are (`user` or `assistant`, text). Raises `ModelUnavailable`."""
        deadline = time.monotonic() + self._settings.llm_timeout_s
        messages = [{"role": "system", "content": instructions}]
        messages += [{"role": role, "content": text} for role, text in turns]
        try:
            return _content(self._post({"model": self._settings.llm_model, "messages": messages}, deadline))
        except _FAILURES as error:
            log.warning("language_model_unavailable", error=type(error).__name__)
            raise ModelUnavailable from error

    def _post(self, body: dict[str, Any], deadline: float) -> bytes:
        key = self._settings.llm_api_key
        with requests.post(
            f"{(self._settings.llm_base_url or '').rstrip('/')}/chat/completions",
            json=body,
            headers={"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {key}"} if key else {}),
            timeout=(CONNECT_TIMEOUT_S, self._settings.llm_timeout_s),
            # a redirect would carry the key and the talk to somebody else
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code != _OK:
                message = f"status {response.status_code}"
                raise ValueError(message)
            return _read(response, deadline)


def _read(response: requests.Response, deadline: float) -> bytes:
    """The body, however slowly it comes: no longer than the deadline, no more than the limit."""
    read = b""
    while part := response.raw.read1(_CHUNK):
        read += part
        if len(read) > MOST_BYTES:
            message = "the answer is too large"
            raise ValueError(message)
        if time.monotonic() > deadline:
            message = "the answer is too slow"
            raise ValueError(message)
    return read


def _content(body: bytes) -> str:
    """The text of the first choice, which is all that is asked for."""
    content = json.loads(body)["choices"][0]["message"]["content"]
    if not isinstance(content, str):
        message = "the answer is no text"
        raise TypeError(message)
    return content


language_model = LanguageModel()
configure = language_model.configure
