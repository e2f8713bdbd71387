"""Signed tokens: access and refresh tokens (JWT, RFC 7519, HS256) and links in mails (HMAC-SHA256)."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import jwt

from marketplace.kernel.clock import clock
from marketplace.kernel.errors import Kind, Unauthenticated
from marketplace.kernel.settings import Settings

ALGORITHM = "HS256"
ISSUER = "marketplace"


class TokenNotValid(Unauthenticated):
    """Token is invalid or expired."""

    code = "token_not_valid"
    kind = Kind.UNAUTHENTICATED


class TokenExpired(TokenNotValid):
    """Token is expired."""

    code = "token_expired"


class Use(StrEnum):
    """What a token is for; one is never accepted as the other."""

    ACCESS = "access"
    REFRESH = "refresh"


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What a verified token says: whose it is, its session, the face it was issued through."""

    person_id: int
    session_id: int
    generation: int
    face: str
    expires_at: datetime


class Tokens:
    """Signs and reads tokens with `SECRET_KEY`. Lifetimes run on real time."""

    def __init__(self) -> None:
        """Start unconfigured."""
        self._settings = Settings()

    def configure(self, settings: Settings) -> None:
        """Take the key and the lifetimes."""
        self._settings = settings

    def lifetime(self, use: Use) -> timedelta:
        """How long a token of that use lives."""
        if use is Use.ACCESS:
            return timedelta(minutes=self._settings.access_token_minutes)
        return timedelta(days=self._settings.refresh_token_days)

    def issue(self, use: Use, *, person_id: int, session_id: int, generation: int, face: str) -> str:
        """Sign a token."""
        now = clock.real_now()
        payload: Mapping[str, Any] = {
            "iss": ISSUER,
            "sub": str(person_id),
            "sid": session_id,
            "gen": generation,
            "face": face,
            "use": use,
            "iat": now,
            "exp": now + self.lifetime(use),
        }
        return jwt.encode(dict(payload), self._key("jwt"), algorithm=ALGORITHM)

    def read(self, token: str, use: Use) -> Claims:
        """Verify a token; refuses one that is forged, expired, or of another use."""
        try:
            payload = jwt.decode(
                token,
                self._key("jwt"),
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                options={"require": ["exp", "sub", "sid", "gen", "face", "use"]},
            )
            if payload["use"] != use:
                raise TokenNotValid
            return Claims(
                person_id=int(payload["sub"]),
                session_id=int(payload["sid"]),
                generation=int(payload["gen"]),
                face=str(payload["face"]),
                expires_at=datetime.fromtimestamp(payload["exp"], tz=clock.real_now().tzinfo),
            )
        except jwt.ExpiredSignatureError as error:
            raise TokenExpired from error
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise TokenNotValid from error

    def sign(self, purpose: str, message: str) -> str:
        """A URL-safe signature of a message for one purpose: 64 hexadecimal digits."""
        return hmac.new(self._key(purpose), message.encode(), hashlib.sha256).hexdigest()

    def is_signed(self, purpose: str, message: str, signature: str) -> bool:
        """Whether the signature is ours, compared in constant time."""
        return hmac.compare_digest(self.sign(purpose, message).encode(), signature.encode())

    def _key(self, purpose: str) -> bytes:
        return hmac.new(self._settings.secret_key.encode(), purpose.encode(), hashlib.sha256).digest()


tokens = Tokens()
