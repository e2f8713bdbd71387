"""Requests as they are read: whole, or refused."""

import re
from typing import Any

from flask import Request
from typing_extensions import override
from werkzeug.exceptions import BadRequest
from werkzeug.formparser import FormDataParser

_NO_ASCII = re.compile(rb"[^\x00-\x7f]")


class StrictRequest(Request):
    """A request whose body and whose form are whole, or refused: half of one is not taken for all of it."""

    def __init__(self, environ: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        """Read from a WSGI environment."""
        if environ.get("CONTENT_LENGTH") and "HTTP_TRANSFER_ENCODING" not in environ:
            # gunicorn ends its input where the client went away; Werkzeug looks whether that was the end
            environ.pop("wsgi.input_terminated", None)
        super().__init__(environ, *args, **kwargs)
        if not self.query_string.isascii():
            # written as it should have been, so that it is read alike whether it is text or not
            self.query_string = _NO_ASCII.sub(lambda found: b"%%%02X" % ord(found[0]), self.query_string)

    @override
    def make_form_data_parser(self) -> FormDataParser:
        form_parser = super().make_form_data_parser()
        form_parser.silent = False
        return form_parser

    @override
    def _load_form_data(self) -> None:
        try:
            super()._load_form_data()
        except ValueError as error:
            message = f"Form parse error - {error}"
            raise BadRequest(message) from error
