"""Channels: what a client may say and hear at one documented URL, whatever carries it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, Protocol, TypeVar

from typing_extensions import override

from marketplace.kernel.errors import DomainError
from marketplace.realtime.codes import Code
from marketplace.realtime.frames import MAX_FRAME_BYTES, Frame, FrameRefused

Handler = TypeVar("Handler", bound=Callable[..., Any])
# What a frame is answered: frames to its sender, or a refusal, which becomes an error frame.
Answer = Iterable[Frame] | Exception | None


class CloseChannel(Exception):
    """The channel closes with this code: before it opened it is refused, later it ends."""

    def __init__(self, code: int, detail: str = "") -> None:
        """Close with a code and a sentence of at most 120 bytes."""
        self.code = int(code)
        self.detail = detail
        super().__init__(f"{self.code} {detail}")


class Wire(Protocol):
    """What a channel may do with the connection that carries it; `id` is that connection's own."""

    id: str

    def join(self, room: str) -> None:
        """Hear what is pushed to a room."""

    def leave(self, room: str) -> None:
        """No longer hear what is pushed to a room."""

    def send(self, frame: Frame) -> None:
        """Send a frame to this client alone."""

    def close(self, code: int, detail: str = "") -> None:
        """Close the connection."""


def hears(kind: str, *, together: bool = False) -> Callable[[Handler], Handler]:
    """Let a method of a channel take the frames of a kind; what it returns is answered to the sender.

    One that hears them `together` takes all that have come one after the other, and returns an answer each.
    """

    def decorate(handler: Handler) -> Handler:
        handler._hears = kind  # type: ignore[attr-defined]  # noqa: SLF001 - read by Channel below
        handler._together = together  # type: ignore[attr-defined]  # noqa: SLF001 - read by Channel below
        return handler

    return decorate


class Channel(ABC):
    """One client at one documented URL; a subclass says where, who may come in, and what it hears.

    `face` names the face whose tokens open this channel where several share a path. `kind_key` is the key
    that says a frame's kind. A deaf channel ignores whatever clients send, a forgiving one what makes no
    sense. A frame of more than `most_bytes` ends the connection. `not_theirs` is the code for who finds
    nothing there that is theirs. `opens` may say `place`, where in particular presence counts the connection,
    and `told`, the newest number where what its rooms hear is numbered.
    """

    path: ClassVar[str]
    face: ClassVar[str] = ""
    kind_key: ClassVar[str] = "type"
    is_deaf: ClassVar[bool] = False
    is_forgiving: ClassVar[bool] = False
    outlives_token: ClassVar[bool] = False
    most_bytes: ClassVar[int] = MAX_FRAME_BYTES
    not_theirs: ClassVar[int] = Code.NOT_FOUND
    _handlers: ClassVar[dict[str, str]] = {}

    @override
    def __init_subclass__(cls) -> None:
        """Note which method hears which kind of frame."""
        own = {value._hears: name for name, value in vars(cls).items() if hasattr(value, "_hears")}  # noqa: SLF001 - set by `hears`
        cls._handlers = {**cls._handlers, **own}

    def __init__(self, wire: Wire) -> None:
        """Stand at the end of a connection."""
        self.wire = wire
        self.place = ""
        self.told: int | None = None

    @classmethod
    def namespace(cls) -> str:
        """The Socket.IO namespace: the path without its parameters and without a last slash."""
        return cls.path.split("<", 1)[0].rstrip("/")

    @classmethod
    def refusal(cls, sentence: str) -> Frame:
        """The frame that says no to a frame."""
        return {cls.kind_key: "error", "detail": sentence}

    @abstractmethod
    def opens(self, *args: Any, **path: Any) -> Iterable[str]:
        """Called as `opens(person, **path)`: the rooms to join; any refusal closes the connection."""

    def greets(self) -> Iterable[Frame]:
        """The first frames for a client that has just come in; its rooms are joined already."""
        return ()

    def receive(self, frames: Sequence[Frame]) -> Sequence[Answer]:
        """Take frames of one kind and answer each."""
        name = self._handlers.get(frames[0][self.kind_key])
        if name is None:
            return [FrameRefused(f"This channel hears no frame of that {self.kind_key}.") for _ in frames]
        handler = getattr(self, name)
        if handler._together:  # noqa: SLF001 - noted by `hears`
            answers: Sequence[Answer] = handler(frames)
            return answers
        return [_answer(handler, frame) for frame in frames]

    def close(self) -> None:  # noqa: B027 - most channels keep nothing that must be let go
        """The client of an opened channel is gone."""


def _answer(handler: Callable[[Frame], Iterable[Frame] | None], frame: Frame) -> Answer:
    try:
        return handler(frame)
    except DomainError as refusal:
        return refusal
