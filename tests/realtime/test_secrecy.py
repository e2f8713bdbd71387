"""Tokens in URLs and the logs."""

import logging

import pytest

from marketplace.realtime.secrecy import HideTokens, hide_token


@pytest.mark.parametrize(
    ("query", "hidden"),
    [
        ("token=a.b-c_d", "token=hidden"),
        ("a=1&token=x&b=2", "a=1&token=hidden&b=2"),
        ("token=x&token=y", "token=hidden&token=hidden"),
        ("mytoken=1", "mytoken=1"),
    ],
)
def test_a_token_is_hidden_wherever_servers_look(query, hidden):
    environ = {
        "QUERY_STRING": query,
        "RAW_URI": f"/ws/?{query}",
        "REQUEST_URI": f"/ws/?{query}",
        "PATH": query,
    }
    hide_token(environ)
    assert environ == {
        "QUERY_STRING": hidden,
        "RAW_URI": f"/ws/?{hidden}",
        "REQUEST_URI": f"/ws/?{hidden}",
        "PATH": query,
    }


def test_a_token_is_hidden_in_a_servers_request_line():
    record = logging.LogRecord(
        "werkzeug", 20, "", 1, '%s "%s" %d', ("::1", "GET /ws/?token=a.b HTTP/1.1", 200), None
    )
    assert HideTokens().filter(record)
    assert record.getMessage() == '::1 "GET /ws/?token=hidden HTTP/1.1" 200'
