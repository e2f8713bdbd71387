"""How a face speaks: its error bodies, status codes and pages. Each face has one dialect."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

from marketplace.kernel.errors import DomainError
from marketplace.kernel.pages import PageRequest

Messages = Mapping[str, Any]


class Dialect(Protocol):
    """What a face decides about its bodies."""

    # by kind of refusal, or by the code of one that the document treats otherwise
    statuses: ClassVar[Mapping[str, int]]
    page_refusals: ClassVar[Sequence[type[DomainError]]]

    def refusal(self, error: DomainError) -> dict[str, Any]:
        """The body of a refusal."""
        ...

    def invalid(self, messages: Messages) -> dict[str, Any]:
        """The body for input that its schema does not accept."""
        ...

    def plain(self, status: int, sentence: str) -> dict[str, Any]:
        """The body for every other way to fail."""
        ...

    def error_schema(self, status: int) -> dict[str, Any]:
        """The JSON schema of the bodies with that status."""
        ...

    def page_request(self) -> PageRequest:
        """Which page the request at hand asks for."""
        ...

    def page_parameters(self) -> Sequence[dict[str, Any]]:
        """The query parameters of pages, for the document."""
        ...


def status_of(dialect: Dialect, error: DomainError | type[DomainError]) -> int:
    """The status code with which a face answers a refusal."""
    return dialect.statuses.get(error.code, dialect.statuses[error.kind])


class InputInvalid(DomainError):
    """The input is not valid."""

    code = "input_invalid"

    def __init__(self, messages: Messages) -> None:
        """Carry the messages of each field."""
        self.messages = messages
        super().__init__()
