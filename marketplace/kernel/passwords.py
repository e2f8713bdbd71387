"""Password hashes: Argon2id with OWASP's parameters, computed off the event loop."""

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from marketplace.kernel.offload import offload

# OWASP Password Storage Cheat Sheet: m = 19 MiB, t = 2, p = 1.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Of nobody's password, with the same parameters; every process would take its time to make one.
_DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$xUYsSQq2YEJWqUa9zEtDhQ$5rinrYALWy0u6O2X67Nflrq4nUfbS4857b6Eml13Nqk"


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
