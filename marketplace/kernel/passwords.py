"""Password hashes: Argon2id with OWASP's parameters, computed off the event loop."""

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from marketplace.kernel.offload import offload

# OWASP Password Storage Cheat Sheet: m = 19 MiB, t = 2, p = 1.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_DUMMY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The hash to store."""
    return offload(_hasher.hash, password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password is right; takes as long without one (`None`) as with one."""
    try:
        offload(_hasher.verify, stored or _DUMMY, password)
    except (Argon2Error, InvalidHashError):
        return False
    return bool(stored)
