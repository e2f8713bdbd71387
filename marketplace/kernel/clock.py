"""The domain's clock: the only place that says what time it is.

In development the sandbox may move it. The offset lives in a small file of the instance folder, which all
processes of one machine share, so that a moved clock is seen everywhere at once and survives a restart.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from marketplace.kernel.settings import Settings

_OFFSET_FILE = "sandbox-clock"


class Clock:
    """Real time, plus the sandbox's offset where there is a sandbox."""

    def __init__(self) -> None:
        """Start on real time."""
        self._file: Path | None = None

    def configure(self, settings: Settings) -> None:
        """Follow the instance's offset, or real time alone in production."""
        self._file = None if settings.is_production else settings.instance_path / _OFFSET_FILE

    def offset(self) -> timedelta:
        """How far the sandbox has moved the clock."""
        if self._file is None:
            return timedelta()
        with suppress(FileNotFoundError):
            return timedelta(seconds=float(self._file.read_text()))
        return timedelta()

    def now(self) -> datetime:
        """The domain's present moment, in UTC."""
        return self.real_now() + self.offset()

    def real_now(self) -> datetime:
        """The machine's present moment, for token lifetimes and leases."""
        return datetime.now(UTC)

    def advance(self, seconds: float) -> datetime:
        """Move the clock forward in every process and answer the new present."""
        if self._file is None:
            message = "The clock moves in the sandbox only."
            raise RuntimeError(message)
        total = self.offset().total_seconds() + seconds
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".new")
        draft.write_text(repr(total))
        draft.replace(self._file)
        return self.now()

    def reset(self) -> datetime:
        """Return to real time."""
        if self._file is not None:
            self._file.unlink(missing_ok=True)
        return self.now()


clock = Clock()
