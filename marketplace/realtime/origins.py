"""Origins: from whose pages a browser may open a socket."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from marketplace.kernel.errors import Forbidden
from marketplace.kernel.settings import Settings

ANY = "*"


class OriginRefused(Forbidden):
    """Pages of this origin may not open a socket here."""

    code = "origin_refused"


class Origins:
    """Our own pages and those of `CORS_ORIGINS`; what is no browser sends no origin and is let through."""

    def __init__(self, settings: Settings) -> None:
        """Allow what the settings name."""
        named = (*settings.cors_origins, settings.public_url)
        self._allowed = {origin.rstrip("/").lower() for origin in named}

    def allows(self, origin: str | None, environ: Mapping[str, Any]) -> bool:
        """Whether a page of this origin may open a socket."""
        if origin is None or ANY in self._allowed:
            return True
        if origin.lower() in self._allowed:
            return True
        return bool(environ.get("HTTP_HOST")) and urlsplit(origin).netloc == environ["HTTP_HOST"]

    def check(self, environ: Mapping[str, Any]) -> None:
        """Refuse a request of a page that may not."""
        if not self.allows(environ.get("HTTP_ORIGIN"), environ):
            raise OriginRefused
