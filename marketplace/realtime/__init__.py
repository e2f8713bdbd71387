"""Realtime: channels over plain WebSockets and Socket.IO, pushes to rooms, presence."""

from marketplace.realtime.channel import Answer, Channel, CloseChannel, hears
from marketplace.realtime.codes import Code
from marketplace.realtime.frames import Frame, FrameRefused
from marketplace.realtime.hub import hub
from marketplace.realtime.leaving import leaving
from marketplace.realtime.mount import Pace, register
from marketplace.realtime.presence import ANYWHERE, presence
from marketplace.realtime.rooms import person_room, session_room

__all__ = [
    "ANYWHERE",
    "Answer",
    "Channel",
    "CloseChannel",
    "Code",
    "Frame",
    "FrameRefused",
    "Pace",
    "hears",
    "hub",
    "leaving",
    "person_room",
    "presence",
    "register",
    "session_room",
]
