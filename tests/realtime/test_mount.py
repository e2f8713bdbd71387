"""Mounting."""

import pytest
from flask import Flask

from marketplace.extensions import socketio
from marketplace.kernel.settings import Settings
from marketplace.realtime import Channel, hub, register
from marketplace.realtime.hub import Hub

pytestmark = pytest.mark.usefixtures("own_bus")


class Desk(Channel):
    path = "/ws/desk/<int:desk_id>/"

    def opens(self, person, *, desk_id):
        return []


class OtherDesk(Channel):
    path = "/ws/desk/"

    def opens(self, person):
        return []


def test_two_paths_may_not_share_a_namespace():
    with pytest.raises(ValueError, match="share a namespace"):
        register(Flask("house"), [Desk, OtherDesk], Settings())


def test_a_process_that_is_not_patched_has_threads_whatever_the_settings_say():
    register(Flask("house"), [Desk], Settings(socketio_async_mode="eventlet"))
    assert socketio.async_mode == "threading"


def test_a_push_into_an_empty_room_is_nothing():
    register(Flask("house"), [Desk], Settings())
    hub.push("desk:1", {"type": "news"})


def test_a_hub_without_an_application_says_so():
    with pytest.raises(RuntimeError, match="create the application first"):
        Hub().push("desk:1", {"type": "news"})
