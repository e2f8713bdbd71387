"""Channels without a transport."""

from marketplace.realtime import Channel, FrameRefused, hears


class Wire:
    def __init__(self):
        self.sent = []

    def send(self, frame):
        self.sent.append(frame)


class Parent(Channel):
    path = "/ws/shop/<id:shop_id>/desk/"

    def opens(self, person, *, shop_id):
        return []

    @hears("ask")
    def ask(self, frame):
        return [{"type": "answer", "of": frame["what"]}]


class Child(Parent):
    kind_key = "event"

    @hears("tell")
    def tell(self, _):
        return None


def test_a_namespace_is_the_path_up_to_its_first_parameter():
    assert Parent.namespace() == "/ws/shop"


def test_a_frame_goes_to_the_method_that_hears_its_kind():
    assert Parent(Wire()).receive([{"type": "ask", "what": 1}]) == [[{"type": "answer", "of": 1}]]


def test_a_child_hears_what_its_parent_hears():
    assert Child(Wire()).receive([{"event": "ask", "what": 1}]) == [[{"type": "answer", "of": 1}]]
    assert Child(Wire()).receive([{"event": "tell"}]) == [None]


def test_an_unknown_kind_is_refused_and_stays_unknown_to_the_parent():
    (refusal,) = Parent(Wire()).receive([{"type": "tell"}])
    assert isinstance(refusal, FrameRefused)


def test_an_error_frame_says_its_kind_as_the_face_does():
    assert Parent.refusal("No.") == {"type": "error", "detail": "No."}
    assert Child.refusal("No.") == {"event": "error", "detail": "No."}
