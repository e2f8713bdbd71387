"""Password hashes."""

import time
from statistics import median

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.kernel import passwords
from marketplace.kernel.passwords import hash_password, verify_password

pytestmark = pytest.mark.usefixtures("real_hashes")


def test_a_hash_is_argon2id_with_the_parameters_of_owasp_and_a_salt_of_its_own():
    one, other = hash_password("Correct-Horse-9"), hash_password("Correct-Horse-9")
    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert one != other


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=128), st.text(min_size=1, max_size=128))
def test_the_right_password_alone_is_right(password, other):
    stored = hash_password(password)
    assert verify_password(stored, password)
    assert verify_password(stored, other) is (password == other)


@pytest.mark.parametrize("stored", ["", "$argon2id$broken", "plain", None])
def test_a_hash_that_is_none_verifies_nothing(stored):
    assert not verify_password(stored, "nobody has this password")


def test_a_hash_with_other_parameters_is_still_read():
    stored = PasswordHasher(time_cost=1, memory_cost=64).hash("Correct-Horse-9")
    assert verify_password(stored, "Correct-Horse-9")


def test_the_hash_of_nobody_has_the_parameters_of_every_other():
    of_nobody = vars(passwords)["_DUMMY"]
    assert extract_parameters(of_nobody) == extract_parameters(hash_password("Correct-Horse-9"))


def test_somebody_unknown_takes_as_long_as_somebody_known():
    stored = hash_password("Correct-Horse-9")

    def duration(hashed):
        start = time.process_time()
        verify_password(hashed, "wrong")
        return time.process_time() - start

    known, unknown = (median(duration(hashed) for _ in range(7)) for hashed in (stored, None))
    assert 0.5 < known / unknown < 2
