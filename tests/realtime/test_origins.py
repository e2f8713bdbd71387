"""From whose pages a browser may open a socket."""

import pytest

from marketplace.kernel.settings import Settings
from marketplace.realtime.origins import OriginRefused, Origins

HOST = {"HTTP_HOST": "market.example"}


@pytest.mark.parametrize(
    ("origin", "is_allowed"),
    [
        (None, True),
        ("https://market.example", True),
        ("https://public.example", True),
        ("https://app.example", True),
        ("HTTPS://APP.example", True),
        ("https://evil.example", False),
        ("https://market.example.evil.example", False),
        ("https://evil.example/https://app.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_only_our_pages_and_those_named_may(origin, is_allowed):
    settings = Settings(public_url="https://public.example", cors_origins=("https://app.example/",))
    assert Origins(settings).allows(origin, HOST) is is_allowed


def test_a_star_lets_every_page_in():
    assert Origins(Settings(cors_origins=("*",))).allows("https://any.example", HOST)


def test_without_a_host_only_named_pages_may():
    with pytest.raises(OriginRefused):
        Origins(Settings()).check({"HTTP_ORIGIN": "https://market.example"})
