"""Processes behind one port take turns."""

import socket

import pytest

from marketplace.local.turns import taking_turns


def test_one_connection_is_taken_at_a_time():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        accept = taking_turns(listener.accept)
        with pytest.raises(BlockingIOError):
            accept()
        callers = [socket.create_connection(listener.getsockname()) for _ in range(2)]
        taken = [accept()]
        with pytest.raises(BlockingIOError, match="turn of the others"):
            accept()
        taken.append(accept())
        assert {address for _, address in taken} == {caller.getsockname() for caller in callers}
        for connection in (*callers, *(connection for connection, _ in taken)):
            connection.close()
