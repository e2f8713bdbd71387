"""What happens to files."""

from dataclasses import dataclass

from marketplace.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class FileDiscarded(Fact):
    """A file is gone; its blobs have yet to go."""

    keys: list[str]
