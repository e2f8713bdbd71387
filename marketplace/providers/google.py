"""Google: ID tokens (OpenID Connect Core 1.0, 3.1.3.7), verified by Google's published keys (RFC 7517).

Without `GOOGLE_CLIENT_ID` the sandbox's twin stands in for it in development, and nobody in production.
"""

import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import jwt
import msgspec
import requests
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from typing_extensions import override

from marketplace.kernel.settings import Settings
from marketplace.providers.identity import (
    IdentityProvider,
    NotConfigured,
    TokenRefused,
    Unreachable,
    Vouched,
    vouched_for,
)
from marketplace.providers.sandbox.google import GoogleTwin

NAME = "google"
ALGORITHM = "RS256"
ISSUERS = ("https://accounts.google.com", "accounts.google.com")
CONNECT_TIMEOUT_S = 3.05
READ_TIMEOUT_S = 5
MAX_BYTES = 100_000
MIN_KEY_BITS = 2048
LEEWAY_S = 10
# How long keys are kept when the answer does not say, and the bounds of what it may say.
KEPT_S, LEAST_KEPT_S, MOST_KEPT_S = 3600, 300, 86_400
# An unknown key is a new one, or made up by somebody: neither it nor a silent house is asked about each time.
ASKED_EVERY_S = 10

_MAX_AGE = re.compile(r"max-age=(\d{1,9})")


class GoogleProvider(IdentityProvider):
    """The provider that `marketplace.providers.identity` describes."""

    name = NAME

    def __init__(self, *, client_id: str, certs_url: str) -> None:
        """Accept tokens for this client, signed with a key that this address publishes."""
        self._client_id = client_id
        self._keys = KeyRing(certs_url)

    @override
    def verify(self, token: str) -> Vouched:
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") != ALGORITHM:
                raise TokenRefused("It is signed in another way.")
            claims = jwt.decode(
                token,
                self._keys.get(str(header.get("kid", ""))),
                algorithms=[ALGORITHM],
                audience=self._client_id,
                issuer=ISSUERS,
                leeway=LEEWAY_S,
                options={"require": ["aud", "exp", "iat", "iss", "sub"], "strict_aud": True},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise TokenRefused(str(error)) from error
        return _vouched(claims)


class KeyRing:
    """Published keys, kept in this process; asked for when they are too old or one is unknown."""

    def __init__(self, url: str) -> None:
        """Ask lazily."""
        self._url = url
        self._lock = threading.Lock()
        self._keys: Mapping[str, RSAPublicKey] = {}
        self._good_until = self._silent_until = time.monotonic()

    def get(self, key_id: str) -> RSAPublicKey:
        """The key of that name; refuses one that is not published."""
        with self._lock:
            now = time.monotonic()
            is_old = now >= self._good_until
            if now >= self._silent_until and (is_old or key_id not in self._keys):
                self._ask(now)
            elif is_old:
                raise Unreachable("The keys were asked for a moment ago, in vain.")
            key = self._keys.get(key_id)
        if key is None:
            raise TokenRefused("It is signed with an unknown key.")
        return key

    def _ask(self, now: float) -> None:
        self._silent_until = now + ASKED_EVERY_S
        body, kept_s = _fetch(self._url)
        self._keys = _read_keys(body)
        self._good_until = now + kept_s


class NobodyVouches(IdentityProvider):
    """What stands here while sign-in with Google is not set up."""

    name = NAME

    @override
    def verify(self, token: str) -> Vouched:
        raise NotConfigured


class _Configured:
    """The provider of this process."""

    def __init__(self) -> None:
        """Start with the twin."""
        self._provider: IdentityProvider = GoogleTwin()

    def configure(self, settings: Settings) -> None:
        """Ask Google with a client's id, else its twin in development."""
        if settings.google_client_id is not None:
            self._provider = GoogleProvider(
                client_id=settings.google_client_id, certs_url=settings.google_certs_url
            )
        else:
            self._provider = NobodyVouches() if settings.is_production else GoogleTwin()

    def provider(self) -> IdentityProvider:
        """Whoever vouches for people here."""
        return self._provider

    @contextmanager
    def replaced(self, provider: IdentityProvider) -> Iterator[None]:
        """Another provider for a while, in tests."""
        before, self._provider = self._provider, provider
        try:
            yield
        finally:
            self._provider = before


_configured = _Configured()
configure = _configured.configure
provider = _configured.provider
replaced = _configured.replaced


def _fetch(url: str) -> tuple[bytes, int]:
    """What is published at an address, and for how many seconds it may be kept."""
    timeout = (CONNECT_TIMEOUT_S, READ_TIMEOUT_S)
    body = b""
    try:
        with requests.get(url, timeout=timeout, stream=True, allow_redirects=False) as answer:
            for chunk in answer.iter_content(MAX_BYTES):
                body += chunk
                if len(body) > MAX_BYTES:
                    break
            status, caching = answer.status_code, answer.headers.get("Cache-Control", "")
    except (requests.RequestException, OSError) as error:
        raise Unreachable(str(error)) from error
    if status != requests.codes.ok or len(body) > MAX_BYTES:
        raise Unreachable(f"{url} answers {status} with {len(body)} bytes or more.")
    said = _MAX_AGE.search(caching)
    return body, min(max(int(said[1]) if said else KEPT_S, LEAST_KEPT_S), MOST_KEPT_S)


def _read_keys(body: bytes) -> Mapping[str, RSAPublicKey]:
    """The RSA keys of a key set, by name; what is no such key is left out, as RFC 7517 has it (section 5)."""
    try:
        published = msgspec.json.decode(body, type=_KeySet).keys
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreachable("These are no keys.") from error
    keys = {}
    for data in published:
        key = _read_key(data)
        if key is not None:
            keys[data["kid"]] = key
    if not keys:
        raise Unreachable("There is no key that could be used.")
    return keys


def _read_key(data: Mapping[str, Any]) -> RSAPublicKey | None:
    is_meant = data.get("kty") == "RSA" and data.get("use", "sig") == "sig"
    if not is_meant or data.get("alg", ALGORITHM) != ALGORITHM or not isinstance(data.get("kid"), str):
        return None
    try:
        key = jwt.PyJWK(dict(data), algorithm=ALGORITHM).key
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return key if isinstance(key, RSAPublicKey) and key.key_size >= MIN_KEY_BITS else None


class _KeySet(msgspec.Struct):
    keys: list[dict[str, Any]]


def _vouched(claims: Mapping[str, Any]) -> Vouched:
    if claims.get("email_verified") is not True:
        raise TokenRefused("Its address is not verified.")
    return vouched_for(
        subject=claims["sub"],
        email=claims.get("email"),
        first_name=claims.get("given_name"),
        last_name=claims.get("family_name"),
    )
