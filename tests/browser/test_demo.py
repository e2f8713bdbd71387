"""The realtime side in a real browser: two people on one page, each with connections of their own."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture(params=["running_house", "threaded_house"])
def url(request):
    """A house on eventlet, then one on threads."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def meeting(page, url):
    """The page, once two newcomers have met and see each other."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{url}/demo/")
    page.click("#meet")
    for side in ("#left", "#right"):
        expect(page.locator(f"{side} .dot.online")).to_be_visible(timeout=15_000)
    yield page
    assert [address for address in asked if not address.startswith((url, url.replace("http", "ws")))] == []


def name(page, side):
    return page.inner_text(f"{side} .name")


def test_two_people_write_and_each_sees_the_others_words(meeting):
    meeting.fill("#left [name=text]", "Is Saturday fine?")
    meeting.press("#left [name=text]", "Enter")
    expect(meeting.locator("#right .messages .theirs")).to_have_text("Is Saturday fine?")
    expect(meeting.locator("#left .messages .own")).to_have_text("Is Saturday fine?")
    meeting.fill("#right [name=text]", "<b>Saturday</b> at nine & no later")
    meeting.click("#right form button:not([type])")
    expect(meeting.locator("#left .messages .theirs")).to_have_text("<b>Saturday</b> at nine & no later")


def test_one_sees_the_other_write_and_stop(meeting):
    writing = re.compile(rf"{re.escape(name(meeting, '#left'))} is writing")
    meeting.type("#left [name=text]", "I am thin")
    expect(meeting.locator("#right .hint")).to_have_text(writing)
    expect(meeting.locator("#left .hint")).to_be_empty()
    expect(meeting.locator("#right .hint")).to_be_empty()


def test_a_notification_arrives(meeting):
    expect(meeting.locator("#right .bell")).to_have_text("No notifications yet.")
    meeting.fill("#left [name=text]", "Good morning")
    meeting.press("#left [name=text]", "Enter")
    expect(meeting.locator("#right .bell.rings")).to_contain_text(name(meeting, "#left"))


def test_who_leaves_is_seen_to_leave_and_hears_on_return_what_was_said(meeting):
    meeting.click("#right .leave")
    expect(meeting.locator("#left .dot.online")).to_have_count(0)
    meeting.fill("#left [name=text]", "Are you there?")
    meeting.press("#left [name=text]", "Enter")
    expect(meeting.locator("#left .messages .own")).to_have_text("Are you there?")
    expect(meeting.locator("#right .messages li")).to_have_count(0)
    meeting.click("#right .leave")
    expect(meeting.locator("#right .messages .theirs")).to_have_text("Are you there?")
    expect(meeting.locator("#left .dot.online")).to_be_visible()
