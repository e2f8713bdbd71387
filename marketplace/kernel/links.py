"""Links into this house, for mails and pages of lists."""

from urllib.parse import quote, urlencode

from marketplace.kernel.settings import Settings


class Links:
    """Makes addresses below `PUBLIC_URL`."""

    def __init__(self) -> None:
        """Start with the address of development."""
        self.configure(Settings())

    def configure(self, settings: Settings) -> None:
        """Take the address under which people reach us."""
        self._base = settings.public_url

    def to(self, path: str, **query: str | list[str]) -> str:
        """The address of a path, with its query."""
        place = f"{self._base}{quote(path)}"
        return f"{place}?{urlencode(query, doseq=True)}" if query else place


links = Links()
