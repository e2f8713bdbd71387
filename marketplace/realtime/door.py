"""Doors: who comes in at a documented path, and to which channel."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import quote

import structlog
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, Map, Rule

from marketplace.domains.accounts import public as accounts
from marketplace.kernel.database import is_passing
from marketplace.kernel.errors import DomainError, NotFound, Unavailable
from marketplace.kernel.tokens import Claims, Use, tokens
from marketplace.realtime.allowance import Allowance
from marketplace.realtime.channel import Answer, Channel, CloseChannel
from marketplace.realtime.codes import Code, code_of
from marketplace.realtime.frames import Frame, FrameTooLarge, check
from marketplace.realtime.keeper import keeper
from marketplace.realtime.leaving import GOODBYE, leaving
from marketplace.realtime.link import Link, rooms
from marketplace.realtime.presence import presence
from marketplace.realtime.rooms import person_room, session_room

_VARIABLE = re.compile(r"<(?:[^<>:]*:)?([A-Za-z_]\w*)>")
_MAX_DETAIL_BYTES = 120  # a close frame holds 125 bytes, two of them the code

log = structlog.get_logger()


class Door:
    """A documented path and the channels behind it: the face of the token chooses among several."""

    def __init__(
        self,
        channels: Sequence[type[Channel]],
        converters: Mapping[str, type[BaseConverter]],
        *,
        allowance: Callable[[], Allowance] | None = None,
    ) -> None:
        """Open a path to channels that share it; `allowance` makes the one of each connection."""
        self.allowance = allowance
        self.path = channels[0].path
        self.namespace = channels[0].namespace()
        self.default = channels[0]
        self._by_face = {channel.face: channel for channel in reversed(channels)}
        self._urls = Map([Rule(self.path, endpoint="door")], converters=converters).bind("")
        self.names = frozenset(_VARIABLE.findall(self.path))
        # Any text comes in up to here: a wrong one is answered by a close code, not by a failed handshake.
        self.open_path = _VARIABLE.sub(r"<string:\1>", self.path)

    def channel(self, face: str) -> type[Channel]:
        """The channel for a token of this face."""
        return self._by_face.get(face, self.default)

    def place(self, given: Mapping[str, object]) -> Mapping[str, Any]:
        """The parameters as the path converts them; refuses where there is no such place."""
        texts = {name: given.get(name) for name in self.names}
        if not all(isinstance(text, str | int) for text in texts.values()):
            raise NotFound
        url = _VARIABLE.sub(lambda match: quote(str(texts[match[1]]), safe=""), self.path)
        try:
            _, values = self._urls.match(url)
        except HTTPException as error:
            raise NotFound from error
        return values


def admit(link: Link, door: Door, *, token: str, given: Mapping[str, object]) -> None:
    """Let a connection in, or raise `CloseChannel`.

    It joins the room of its session before the session is looked up: one that is revoked meanwhile is either
    seen here or told to the room.
    """
    try:
        _admit(link, door, token=token, given=given)
    except CloseChannel:
        depart(link)
        raise
    except DomainError as refusal:
        not_theirs = (link.channel or door.default).not_theirs
        depart(link)
        code = code_of(refusal.kind, not_theirs=not_theirs)
        raise CloseChannel(code, _short(refusal.sentence)) from refusal
    except Exception as error:
        depart(link)
        raise _broken(door.path, error) from error


def respond(link: Link, reads: Sequence[Callable[[Channel], object]]) -> None:
    """Take what a client sent, in its order, and answer it; what is no frame or is refused by an error."""
    channel = link.channel
    if channel is None:
        return
    frames: list[Frame | DomainError | None] = []
    closing = None
    for read in reads:
        try:
            frames.append(_frame(link, channel, read))
        except CloseChannel as error:
            closing = error
            break
    for answers in _answers(channel, frames):
        for answer in answers:
            link.send(answer)
    if closing is not None:
        raise closing


def depart(link: Link) -> None:
    """Take leave of a connection that is gone; any number of times."""
    rooms.leave_all(link)
    channel, link.channel = link.channel, None
    if not link.is_present or link.claims is None or channel is None:
        return
    link.is_present = False
    presence.depart(link.claims.person_id, channel.place)
    keeper.wake()
    try:
        channel.close()
    except Exception:
        log.exception("channel_failed_to_close", path=channel.path)


def _admit(link: Link, door: Door, *, token: str, given: Mapping[str, object]) -> None:
    link.claims = tokens.read(token, Use.ACCESS)
    _join_own_rooms(link, link.claims)
    if leaving.has_begun:
        raise CloseChannel(Code.GOING_AWAY, GOODBYE)
    person, _ = accounts.identify(token)
    link.channel = channel = door.channel(person.face)(link)
    for room in channel.opens(person, **door.place(given)):
        link.join(room, told=channel.told)
    link.allowance = door.allowance() if door.allowance else None
    link.is_present = True
    presence.arrive(person.id, channel.place)
    keeper.wake()
    if not channel.outlives_token:
        keeper.watch(link, link.claims.expires_at)
    for frame in channel.greets():
        link.send(frame)


def _join_own_rooms(link: Link, claims: Claims) -> None:
    link.join(session_room(claims.session_id))
    link.join(person_room(claims.person_id))


def _frame(link: Link, channel: Channel, read: Callable[[Channel], object]) -> Frame | DomainError | None:
    """The frame that was sent, or why there is none; `None` on a deaf channel."""
    try:
        if link.allowance is not None:
            link.allowance.spend()
        value = read(channel)
        if channel.is_deaf:
            return None
        return check(value, kind_key=channel.kind_key, most_bytes=channel.most_bytes)
    except FrameTooLarge as refusal:
        raise CloseChannel(Code.TOO_LARGE, refusal.sentence) from refusal
    except DomainError as refusal:
        return refusal
    except Exception as error:
        raise _broken(channel.path, error) from error


def _answers(channel: Channel, frames: Sequence[Frame | DomainError | None]) -> Iterator[list[Frame]]:
    """What to answer each frame; those of a kind that follow each other are heard together."""
    for kind, group in groupby(frames, lambda frame: _kind(channel, frame)):
        if kind is None:
            yield from (_shown(channel, refused) for refused in group if not isinstance(refused, dict))
            continue
        try:
            answers = channel.receive([frame for frame in group if isinstance(frame, dict)])
            yield from [_shown(channel, answer) for answer in answers]
        except CloseChannel:
            raise
        except Exception as error:
            raise _broken(channel.path, error) from error


def _kind(channel: Channel, frame: Frame | DomainError | None) -> object:
    return frame[channel.kind_key] if isinstance(frame, dict) else None


def _shown(channel: Channel, answer: Answer) -> list[Frame]:
    if isinstance(answer, DomainError):
        return [] if channel.is_deaf or channel.is_forgiving else [channel.refusal(answer.sentence)]
    if isinstance(answer, Exception):
        raise answer
    return list(answer or ())


def _broken(path: str, error: Exception) -> CloseChannel:
    if is_passing(error):
        log.warning("database_away", path=path, error=repr(error))
        return CloseChannel(Code.TRY_LATER, Unavailable().sentence)
    log.error("channel_failed", path=path, exc_info=error)
    return CloseChannel(Code.SERVER_ERROR, "Internal server error.")


def _short(sentence: str) -> str:
    return sentence.encode()[:_MAX_DETAIL_BYTES].decode(errors="ignore")
