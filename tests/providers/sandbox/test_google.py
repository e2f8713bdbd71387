"""Google's twin, and who vouches for people where."""

import pytest

from marketplace.kernel.settings import Settings
from marketplace.providers import google
from marketplace.providers.google import GoogleProvider, NobodyVouches
from marketplace.providers.identity import NotConfigured, TokenRefused
from marketplace.providers.sandbox.google import GoogleTwin

CLIENT = "client.apps.googleusercontent.com"


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({}, GoogleTwin),
        ({"google_client_id": CLIENT}, GoogleProvider),
        ({"environment": "production"}, NobodyVouches),
        ({"environment": "production", "google_client_id": CLIENT}, GoogleProvider),
    ],
)
def test_the_settings_say_who_vouches(settings, kind):
    with google.replaced(google.provider()):
        google.configure(Settings(**settings))
        assert type(google.provider()) is kind


def test_nobody_vouches_where_nothing_is_set_up():
    with pytest.raises(NotConfigured):
        NobodyVouches().verify("sandbox:sara@example.com:Sara")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("sandbox:Sara@example.com:Sara Haddad", ("Sara", "Haddad")),
        ("sandbox:Sara@example.com:", ("", "")),
        ("sandbox:Sara@example.com:Sara", ("Sara", "")),
        ("sandbox:Sara@example.com: Sara  El Haddad ", ("Sara", "El Haddad")),
        ("sandbox:Sara@example.com:a:b c", ("a:b", "c")),
    ],
)
def test_the_twin_vouches_for_whoever_is_named(text, names):
    vouched = GoogleTwin().verify(text)
    assert (vouched.subject, vouched.email) == ("sandbox-sara@example.com", "Sara@example.com")
    assert (vouched.first_name, vouched.last_name) == names


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sandbox",
        "sandbox:sara@example.com",
        "sandbox::Sara",
        "sandbox:sara:Sara",
        "google:sara@example.com:S",
    ],
)
def test_the_twin_takes_nothing_else(text):
    with pytest.raises(TokenRefused):
        GoogleTwin().verify(text)
