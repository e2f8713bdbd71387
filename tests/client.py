"""A client of the HTTP APIs that tests read like sentences."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart


@dataclass
class Client:
    """Sends JSON, with a token once signed in."""

    flask: FlaskClient
    token: str | None = None
    user: dict[str, Any] = field(default_factory=dict)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._send("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self._send("POST", path, body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self._send("PUT", path, body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self._send("PATCH", path, body, **options)

    def delete(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self._send("DELETE", path, body, **options)

    def send_form(
        self, method: str, path: str, /, *, headers: Mapping[str, str] | None = None, **form: Any
    ) -> TestResponse:
        """A multipart form, as a browser sends it; files are made by `sent_file`."""
        boundary, body = encode_multipart(form)
        kind = f'multipart/form-data; boundary="{boundary}"'
        return self._send(method, path, data=body, headers={"Content-Type": kind, **(headers or {})})

    def signed_in(self, session: dict[str, Any]) -> "Client":
        """The same client with the tokens of a session just opened."""
        return Client(self.flask, session["access"], session["user"])

    def _send(self, method: str, path: str, body: Any = None, **options: Any) -> TestResponse:
        headers = dict(options.pop("headers", {}))
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        if body is not None:
            options["json"] = body
        return self.flask.open(path, method=method, headers=headers, **options)


def sent_file(content: bytes, name: str) -> FileStorage:
    """A file of a form."""
    return FileStorage(BytesIO(content), name)
