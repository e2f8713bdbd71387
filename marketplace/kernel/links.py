"""Links into this house, for mails."""

from urllib.parse import urlencode

from marketplace.kernel.settings import Settings


class Links:
    """Makes addresses below `PUBLIC_URL`."""

    def __init__(self) -> None:
        """Start with the address of development."""
        self.configure(Settings())

    def configure(self, settings: Settings) -> None:
        """Take the address under which people reach us."""
        self._base = settings.public_url

    def to(self, path: str, **query: str) -> str:
        """The address of a path, with its query."""
        return f"{self._base}{path}?{urlencode(query)}" if query else f"{self._base}{path}"


links = Links()
