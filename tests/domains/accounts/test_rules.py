"""What a password, a name and a registration must be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.domains.accounts.errors import StaffRole, WeakPassword
from marketplace.domains.accounts.rules import (
    MIN_PASSWORD,
    can_be_misspelt,
    check_password,
    check_registration,
    is_username,
    may_sign_in,
    slips,
)
from marketplace.domains.accounts.types import STAFF, Person, Registration, Role, Status

SARA = {"username": "sara.haddad", "email": "s.haddad@example.com"}


@pytest.mark.parametrize(
    "password", ["Correct-Horse-9", "ëtoile du matin", "🙂" * 8, "a" * 7 + "!" + "b" * 100]
)
def test_a_good_password_is_taken(password):
    check_password(password, **SARA)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Short-1", "too short"),
        ("73515937284", "entirely numeric"),
        ("٧٣٥١٥٩٣٧٢٨", "entirely numeric"),
        ("password123", "too common"),
        ("PassWord123", "too common"),
        ("sara.haddad", "too similar"),
        ("Sara.Haddad1", "too similar"),
        ("s.haddad@example.com", "too similar"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password, reason):
    with pytest.raises(WeakPassword, match=reason) as caught:
        check_password(password, **SARA)
    assert caught.value.of_field == "password"


@given(st.text(max_size=MIN_PASSWORD - 1))
def test_no_short_password_is_taken(password):
    with pytest.raises(WeakPassword):
        check_password(password, **SARA)


@pytest.mark.parametrize("username", ["abc", "x" * 30, "a.b_c+d-e", "007"])
def test_a_username_is_plain(username):
    assert is_username(username)


@pytest.mark.parametrize(
    "username",
    ["ab", "x" * 31, "a b c", "a@b", "añb", "abc\n", "", "Admin", "me", "ROOT", "../abc", "\u0430dmin"],
)
def test_any_other_username_is_refused(username):
    assert not is_username(username)


@pytest.mark.parametrize("role", Role)
def test_no_registration_gives_a_role_of_the_staff(role):
    registration = Registration(**SARA, password="Correct-Horse-9", roles=frozenset({Role.CLIENT, role}))
    if role in STAFF:
        with pytest.raises(StaffRole):
            check_registration(registration)
    else:
        check_registration(registration)


def test_a_weak_password_is_refused_at_registration():
    with pytest.raises(WeakPassword):
        check_registration(Registration(**SARA, password="short", roles=frozenset({Role.CLIENT})))


def test_only_the_active_may_sign_in():
    assert [status for status in Status if may_sign_in(status)] == [Status.ACTIVE]


@pytest.mark.parametrize(
    ("role", "is_staff"), [(Role.ADMIN, True), (Role.MANAGER, True), (Role.CLIENT, False)]
)
def test_the_staff_is_known(role, is_staff):
    person = Person(id=1, username="x", roles=frozenset({role}), session_id=1, face="multitask")
    assert person.is_staff is is_staff
    assert person.has(role, Role.ACADEMIC)
    assert not person.has(Role.ACADEMIC)


@pytest.mark.parametrize(
    ("form", "can"),
    [
        ("fatma", True),
        ("كريمة", True),
        ("sara", False),
        ("x" * 21, False),
        ("user1", False),
        ("fat_ma", False),
    ],
)
def test_a_word_of_letters_may_be_misspelt(form, can):
    assert can_be_misspelt(form) is can


def test_one_slip_is_a_letter_too_many_another_a_missing_or_a_swapped_one():
    assert slips("abc") == sorted(
        ["_abc", "a_bc", "ab_c", "abc_", "_bc", "a_c", "ab_", "bc", "ac", "ab", "bac", "acb", "abc"]
    )
