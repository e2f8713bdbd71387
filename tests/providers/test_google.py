"""Google's ID tokens, read by the real client: keys made here, published by a server of this machine."""

import base64
import hashlib
import hmac
import json
import threading
import time
from dataclasses import dataclass, field

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from marketplace.kernel.clock import clock as house_clock
from marketplace.providers import google
from marketplace.providers.google import ASKED_EVERY_S, KEPT_S, MAX_BYTES, GoogleProvider
from marketplace.providers.identity import TokenRefused, Unreachable, Vouched

CLIENT = "client.apps.googleusercontent.com"
SARA = {
    "iss": "https://accounts.google.com",
    "aud": CLIENT,
    "sub": "1122334455",
    "email": "sara@example.com",
    "email_verified": True,
    "given_name": "Sara",
    "family_name": "Haddad",
}


def make_key(bits=2048):
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


KEYS = {name: make_key() for name in ("first", "second", "foreign")}


def public(key, name, **changes):
    """A key as it is published."""
    data = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return {**data, "kid": name, "use": "sig", "alg": "RS256", **changes}


def pem(key):
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form)


@dataclass
class Google:
    """Publishes keys, counts who asks, and has the troubles it is told to have."""

    keys: list = field(default_factory=lambda: [public(KEYS["first"], "first")])
    body: bytes | None = None
    status: int = 200
    headers: dict = field(default_factory=dict)
    delay_s: float = 0
    asked: int = 0

    @Request.application
    def __call__(self, request):
        self.asked += 1
        time.sleep(self.delay_s)
        body = json.dumps({"keys": self.keys}).encode() if self.body is None else self.body
        return Response(body, self.status, self.headers, content_type="application/json")


@pytest.fixture
def house():
    """Google, on this machine."""
    house = Google()
    server = make_server("127.0.0.1", 0, house, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    house.url = f"http://127.0.0.1:{server.server_port}/certs"
    yield house
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def clock(monkeypatch):
    """Moves the time by which keys grow old."""
    offset = [0.0]
    real = time.monotonic
    monkeypatch.setattr(google.time, "monotonic", lambda: real() + offset[0])

    def advance(seconds):
        offset[0] += seconds

    return advance


@pytest.fixture
def provider(clock, house):
    return GoogleProvider(client_id=CLIENT, certs_url=house.url)


def in_seconds(seconds):
    return int(house_clock.real_now().timestamp()) + seconds


def claims_of(*, without=(), **changes):
    claims = {"iat": in_seconds(0), "exp": in_seconds(3600), **SARA, **changes}
    return {name: value for name, value in claims.items() if name not in without}


def token(key="first", kid="first", *, algorithm="RS256", **claims):
    """A token of Sara's, signed just now, good for an hour."""
    return jwt.encode(claims_of(**claims), KEYS.get(key, key), algorithm=algorithm, headers={"kid": kid})


def part(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def by_hand(header, sign, **claims):
    """A token that no library would make."""
    head = part(json.dumps({"alg": "RS256", "kid": "first"} | header).encode())
    signed = head + b"." + part(json.dumps(claims_of(**claims)).encode())
    return (signed + b"." + part(sign(signed))).decode()


def sign_with(key):
    return lambda signed: key.sign(signed, padding.PKCS1v15(), SHA256())


def test_a_token_says_who_somebody_is(provider):
    assert provider.verify(token()) == Vouched(
        subject="1122334455", email="sara@example.com", first_name="Sara", last_name="Haddad"
    )


@pytest.mark.parametrize("issuer", ["https://accounts.google.com", "accounts.google.com"])
def test_google_has_two_names(provider, issuer):
    assert provider.verify(token(iss=issuer)).subject == "1122334455"


def test_names_are_not_needed(provider):
    vouched = provider.verify(token(without=("given_name", "family_name")))
    assert (vouched.first_name, vouched.last_name) == ("", "")


def test_names_are_made_fit_to_store(provider):
    vouched = provider.verify(token(given_name=" Sa\x00ra\n", family_name="x" * 500))
    assert (vouched.first_name, vouched.last_name) == ("Sara", "x" * 150)
    assert provider.verify(token(given_name=7, family_name=None)).first_name == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "other.apps.googleusercontent.com"},
        {"aud": [CLIENT]},
        {"aud": [CLIENT, "other"]},
        {"aud": ""},
        {"iss": "https://accounts.example.com"},
        {"iss": "https://accounts.google.com.example.com"},
        {"iss": ["https://accounts.google.com"]},
        {"iss": None},
        {"exp": in_seconds(-60)},
        {"exp": "tomorrow"},
        {"iat": in_seconds(3600)},
        {"nbf": in_seconds(3600)},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": None},
        {"email": ""},
        {"email": "sara"},
        {"email": "sara@example.com\nbcc:x@example.com"},
        {"email": "sa\x00ra@example.com"},
        {"email": f"{'x' * 300}@example.com"},
        {"email": ["sara@example.com"]},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": "nul\x00nul"},
    ],
    # every worker has to give the same names, whenever it looks at the clock
    ids=",".join,
)
def test_a_token_that_proves_nobody_is_refused(provider, changes):
    with pytest.raises(TokenRefused):
        provider.verify(by_hand({}, sign_with(KEYS["first"]), **changes))


@pytest.mark.parametrize("claim", ["aud", "iss", "exp", "iat", "sub", "email", "email_verified"])
def test_a_token_that_leaves_something_out_is_refused(provider, claim):
    with pytest.raises(TokenRefused):
        provider.verify(token(without=(claim,)))


def test_a_signature_of_somebody_else_is_refused(provider):
    with pytest.raises(TokenRefused):
        provider.verify(token("foreign", "first"))
    head, body, signature = token().split(".")
    other = part(json.dumps(claims_of(sub="1")).encode()).decode()
    for broken in (f"{head}.{other}.{signature}", f"{head}.{body}.", f"{head}.{body}", f"{head}.{body}.AA"):
        with pytest.raises(TokenRefused):
            provider.verify(broken)


def test_no_other_algorithm_is_taken(provider, house):
    def with_public_key(signed):
        return hmac.new(pem(KEYS["first"]), signed, hashlib.sha256).digest()

    for other in (
        token("", algorithm="none"),
        by_hand({"alg": "none"}, lambda _: b""),
        by_hand({"alg": "HS256"}, with_public_key),
        by_hand({"alg": ["RS256"]}, sign_with(KEYS["first"])),
        by_hand({"alg": "rs256"}, sign_with(KEYS["first"])),
        token("a secret of thirty-two characters or more", algorithm="HS256"),
        token(algorithm="RS512"),
        token(algorithm="PS256"),
        token(ec.generate_private_key(ec.SECP256R1()), algorithm="ES256"),
    ):
        with pytest.raises(TokenRefused):
            provider.verify(other)
    assert house.asked == 0
    with pytest.raises(TokenRefused):
        provider.verify(by_hand({}, with_public_key))


@pytest.mark.parametrize(
    "garbage", ["", "x", "a.b.c", "....", "é" * 50, "e30.e30.e30", "\x00", "{}", "a" * 5000, "W10.e30.AA"]
)
def test_what_is_no_token_is_refused(provider, house, garbage):
    with pytest.raises(TokenRefused):
        provider.verify(garbage)
    assert house.asked == 0


@pytest.mark.parametrize(
    "header",
    [{"kid": None}, {"kid": 7}, {"kid": "x"}, {"crit": ["exp"]}, {"jku": "http://x", "kid": ""}],
    ids=str,
)
def test_a_header_cannot_choose_another_key(provider, header):
    assert provider.verify(by_hand({}, sign_with(KEYS["first"])))
    with pytest.raises(TokenRefused):
        provider.verify(by_hand(header, sign_with(KEYS["first"])))


def test_keys_are_asked_for_once_and_again_when_they_are_old(provider, house, clock):
    for _ in range(3):
        provider.verify(token())
    assert house.asked == 1
    clock(KEPT_S + 1)
    provider.verify(token())
    assert house.asked == 2


@pytest.mark.parametrize(
    ("said", "kept_s"), [("public, max-age=7200", 7200), ("max-age=1", 300), ("no-store", 3600)]
)
def test_keys_are_kept_as_long_as_their_house_says(provider, house, clock, said, kept_s):
    house.headers = {"Cache-Control": said}
    provider.verify(token())
    clock(kept_s - 5)
    provider.verify(token())
    assert house.asked == 1
    clock(10)
    provider.verify(token())
    assert house.asked == 2


def test_a_new_key_is_asked_for_at_once(provider, house, clock):
    provider.verify(token())
    house.keys.append(public(KEYS["second"], "second"))
    clock(ASKED_EVERY_S)
    assert provider.verify(token("second", "second"))
    assert provider.verify(token())
    assert house.asked == 2


def test_made_up_keys_are_not_asked_about_at_every_token(provider, house, clock):
    provider.verify(token())
    for number in range(20):
        with pytest.raises(TokenRefused):
            provider.verify(token("foreign", f"made-up-{number}"))
    assert house.asked == 1
    clock(ASKED_EVERY_S)
    with pytest.raises(TokenRefused):
        provider.verify(token("foreign", "made-up"))
    assert house.asked == 2


def test_a_key_that_is_no_longer_published_is_no_longer_good(provider, house, clock):
    provider.verify(token())
    house.keys[:] = [public(KEYS["second"], "second")]
    clock(KEPT_S + 1)
    with pytest.raises(TokenRefused):
        provider.verify(token())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no keys",
        b"[]",
        b"{}",
        b'{"keys": []}',
        b'{"keys": {}}',
        b'{"keys": [7]}',
        b'{"keys": [{}]}',
        b'{"keys": [{"kid": "first", "kty": "RSA", "n": "AQAB", "e": "AQAB"}]}',
        b'{"keys": [{"kid": "first", "kty": "RSA", "n": "!", "e": 7}]}',
        b'{"keys": [{"kid": "first", "kty": "oct", "k": "c2VjcmV0"}]}',
        b"\xff\xfe",
        b'{"keys": [' + b" " * MAX_BYTES + b"]}",
        b"[" * 50_000,
    ],
    ids=lambda body: repr(body[:40]),
)
def test_a_house_that_publishes_no_keys_vouches_for_nobody(provider, house, body):
    house.body = body
    with pytest.raises(Unreachable):
        provider.verify(token())


def test_a_key_that_is_no_good_does_not_spoil_the_others(provider, house):
    weak = make_key(1024)
    house.keys[:0] = [
        {"kid": "first"},
        public(KEYS["second"], "second", use="enc"),
        public(KEYS["second"], "second", alg="RS512"),
        public(KEYS["second"], 7),
        public(weak, "weak"),
    ]
    assert provider.verify(token())
    for kid, key in (("second", KEYS["second"]), ("weak", weak)):
        with pytest.raises(TokenRefused):
            provider.verify(by_hand({"kid": kid}, sign_with(key)))


@pytest.mark.parametrize("status", [301, 404, 500, 503])
def test_a_house_that_answers_something_else_is_asked_later(provider, house, clock, status):
    house.status = status
    house.headers = {"Location": "/elsewhere"}
    for _ in range(3):
        with pytest.raises(Unreachable):
            provider.verify(token())
    assert house.asked == 1
    house.status = 200
    clock(ASKED_EVERY_S)
    assert provider.verify(token())


def test_a_house_that_is_not_there_is_unreachable():
    with pytest.raises(Unreachable):
        GoogleProvider(client_id=CLIENT, certs_url="http://127.0.0.1:9/certs").verify(token())


def test_a_slow_house_is_not_waited_for(provider, house, monkeypatch):
    monkeypatch.setattr(google, "READ_TIMEOUT_S", 0.1)
    house.delay_s = 0.5
    with pytest.raises(Unreachable):
        provider.verify(token())
