"""Joining by a code, signing in, and a forgotten password."""

from datetime import timedelta

import pytest

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.events import DigitsAsked
from marketplace.domains.accounts.public import Purpose
from marketplace.kernel import relay
from marketplace.kernel.clock import clock
from tests.facts import facts_of
from tests.together import together

BASE = "/api/v1/users"
SARA = {"email": "sara@example.com", "password": "Password123", "role": "FREELANCER"}


@pytest.fixture
def ask(client):
    def ask(path, body, status=200):
        answer = client.post(f"{BASE}/{path}/", body)
        assert answer.status_code == status, answer.text
        return answer.json

    return ask


@pytest.fixture
def enrolled(ask):
    """Sara, who has not typed her digits yet."""
    assert ask("register", SARA, 201) == {
        "message": "OTP sent to your email. Please verify to complete registration."
    }
    return SARA["email"]


@pytest.fixture
def member(ask, enrolled):
    """Sara, signed in for the first time."""
    return ask("verify-otp", {"email": enrolled, "otp": digits()})


def digits(purpose=Purpose.VERIFY_EMAIL):
    """The digits of the newest mail."""
    newest = [fact for fact in facts_of(DigitsAsked) if fact.purpose == purpose][-1]
    return accounts.digits_of(newest.code_id, purpose)


def wrong(right):
    return f"{(int(right) + 1) % 10**6:06}"


def test_a_newcomer_is_let_in_by_the_digits_of_the_mail(ask, enrolled):
    answer = ask("verify-otp", {"email": "SARA@example.com", "otp": digits()})
    assert answer == {
        "message": "Email verified successfully.",
        "refresh": answer["refresh"],
        "access": answer["access"],
        "user": {"id": 1, "email": "sara@example.com", "role": "FREELANCER", "first_login": True},
    }
    signed_in = ask("login", {"email": enrolled, "password": SARA["password"]})
    assert signed_in["user"] == answer["user"]
    assert set(signed_in) == {"refresh", "access", "user"}


def test_before_that_nobody_is_signed_in(ask, client, enrolled):
    proper = {"email": enrolled, "password": SARA["password"]}
    told = ["Please verify your email before logging in."]
    assert ask("login", proper, 400) == {"non_field_errors": told}
    unknown = {"non_field_errors": ["Invalid email or password"]}
    assert ask("login", {**proper, "password": "wrong"}, 400) == unknown
    assert ask("login", {**proper, "email": "nobody@example.com"}, 400) == unknown
    elsewhere = client.post("/api/auth/login/", proper)
    assert elsewhere.status_code == 401
    assert elsewhere.json == {"detail": "No active account found with the given credentials."}


def test_several_fields_are_refused_at_once(ask, member):
    answer = ask("register", {"email": "no address", "password": "", "role": "MANAGER"}, 400)
    assert set(answer) == {"email", "password", "role"}
    assert all(isinstance(messages, list) for messages in answer.values())


@pytest.mark.parametrize("email", ["sara@example.com", "SARA@Example.com"])
def test_an_address_is_taken_once(ask, enrolled, email):
    assert ask("register", {**SARA, "email": email}, 400) == {"email": ["This email is already registered."]}


def test_a_taken_address_and_a_short_password_are_told_at_once(ask, enrolled):
    assert ask("register", {**SARA, "password": "short"}, 400) == {
        "email": ["This email is already registered."],
        "password": ["Password must be at least 8 characters long."],
    }


@pytest.mark.parametrize("password", ["Passwor", "short"])
def test_a_short_password_is_refused_and_nothing_else_is_asked_of_one(ask, password):
    told = {"password": ["Password must be at least 8 characters long."]}
    assert ask("register", {**SARA, "password": password}, 400) == told
    ask("register", {**SARA, "password": "12345678"}, 201)


def test_staff_cannot_join_and_the_role_is_one_of_two(ask):
    for role in ("ADMIN", "both", "", None, 1):
        assert "role" in ask("register", {**SARA, "role": role}, 400)


def test_five_wrong_tries_void_the_digits(ask, enrolled):
    right = digits()
    for _ in range(5):
        assert ask("verify-otp", {"email": enrolled, "otp": wrong(right)}, 400) == {"otp": ["Invalid OTP."]}
    assert ask("verify-otp", {"email": enrolled, "otp": right}, 400) == {"otp": ["Invalid OTP."]}
    assert ask("resend-otp", {"email": enrolled}) == {"message": "New OTP sent to your email."}
    ask("verify-otp", {"email": enrolled, "otp": digits()})


def test_new_digits_void_the_old_ones(ask, enrolled):
    old = digits()
    ask("resend-otp", {"email": enrolled})
    assert digits() != old
    ask("verify-otp", {"email": enrolled, "otp": old}, 400)
    ask("verify-otp", {"email": enrolled, "otp": digits()})


def test_digits_expire(ask, enrolled, monkeypatch):
    right, later = digits(), clock.now() + timedelta(minutes=10, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert ask("verify-otp", {"email": enrolled, "otp": right}, 400) == {"otp": ["OTP has expired."]}
    assert ask("verify-otp", {"email": enrolled, "otp": wrong(right)}, 400) == {"otp": ["Invalid OTP."]}


def test_digits_are_of_one_use_and_of_one_purpose(ask, member):
    ask("forgot-password/request", {"email": SARA["email"]})
    proof = {"email": SARA["email"], "otp": digits(Purpose.VERIFY_EMAIL)}
    if proof["otp"] != digits(Purpose.RESET_PASSWORD):
        ask("forgot-password/verify", proof, 400)
    assert ask("verify-otp", proof, 400) == {"error": "Email already verified."}
    assert ask("resend-otp", {"email": SARA["email"]}, 400) == {"error": "Email already verified."}


def test_of_eight_proofs_at_once_one_signs_in(app, client, enrolled):
    right = digits()
    answers = together(*[lambda: client.post(f"{BASE}/verify-otp/", {"email": enrolled, "otp": right})] * 8)
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 7
    late = [answer.json for answer in answers if answer.status_code == 400]
    assert all(told in ({"otp": ["Invalid OTP."]}, {"error": "Email already verified."}) for told in late)


def test_eight_wrong_guesses_at_once_are_all_counted(app, client, ask, enrolled):
    right = digits()
    together(*[lambda: client.post(f"{BASE}/verify-otp/", {"email": enrolled, "otp": wrong(right)})] * 8)
    ask("verify-otp", {"email": enrolled, "otp": right}, 400)


def test_only_so_many_codes_are_sent_in_an_hour(ask, client, enrolled):
    for _ in range(4):
        ask("resend-otp", {"email": enrolled})
    answer = client.post(f"{BASE}/resend-otp/", {"email": enrolled})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json["detail"]


def test_who_is_unknown_is_told_so(ask):
    unknown = {"email": ["User with this email does not exist."]}
    nobody = {"email": "nobody@example.com"}
    assert ask("resend-otp", nobody, 400) == unknown
    assert ask("verify-otp", {**nobody, "otp": "123456"}, 400) == unknown
    assert ask("forgot-password/request", nobody, 400) == {
        "email": ["No user is registered with this email."]
    }
    assert ask("forgot-password/verify", {**nobody, "otp": "123456"}, 400) == unknown


def test_a_forgotten_password_is_set_anew_in_three_steps(ask, client, member):
    email = SARA["email"]
    assert ask("forgot-password/request", {"email": email}) == {"detail": "OTP sent to email"}
    proof = {"email": email, "otp": digits(Purpose.RESET_PASSWORD)}
    assert ask("forgot-password/verify", proof) == {"detail": "OTP is valid"}
    short = ask("forgot-password/reset", {**proof, "new_password": "short"}, 400)
    assert short == {"new_password": ["Password must be at least 8 characters long."]}
    new = {**proof, "new_password": "NewPassword456"}
    assert ask("forgot-password/reset", new) == {"detail": "Password reset successfully"}
    assert ask("forgot-password/reset", new, 400) == {"otp": ["Invalid OTP."]}
    ask("login", {"email": email, "password": SARA["password"]}, 400)
    ask("login", {"email": email, "password": "NewPassword456"})
    old = {"Authorization": f"Bearer {member['access']}"}
    dead = client.get(f"{BASE}/profile/", headers=old)
    assert dead.status_code == 401
    assert dead.json == {"detail": "Given token not valid for any token type", "code": "token_not_valid"}


def test_a_reset_proves_the_address_of_a_newcomer(ask, enrolled):
    ask("forgot-password/request", {"email": enrolled})
    proof = {"email": enrolled, "otp": digits(Purpose.RESET_PASSWORD), "new_password": "NewPassword456"}
    ask("forgot-password/reset", proof)
    ask("login", {"email": enrolled, "password": "NewPassword456"})


def test_the_first_login_is_over_when_one_says_so(client, member):
    sara = client.signed_in(member)
    for send, value in ((sara.put, False), (sara.patch, True)):
        answer = send(f"{BASE}/update/", {"first_login": value, "email": "x@example.com", "role": "CLIENT"})
        assert answer.json == {**member["user"], "first_login": value}
    assert sara.put(f"{BASE}/update/", {}).json == {**member["user"], "first_login": True}
    assert sara.put(f"{BASE}/update/", {"first_login": 1}).status_code == 400
    assert sara.get(f"{BASE}/profile/").json == member["user"]


def test_a_refresh_token_is_good_for_access(ask, client, member):
    token = ask("token/refresh", {"refresh": member["refresh"]})["access"]
    assert client.get(f"{BASE}/profile/", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_one_person_signs_in_through_both_faces(ask, client, member, join):
    body = {"email": SARA["email"], "password": SARA["password"]}
    through_other = client.post("/api/auth/login/", body).json["user"]
    assert (through_other["id"], through_other["user_type"]) == (member["user"]["id"], "freelancer")
    omar = join("omar", "client")
    signed_in = ask("login", {"email": "omar@example.com", "password": "StrongPass123"})
    assert signed_in["user"] == {
        "id": omar.user["id"],
        "email": "omar@example.com",
        "role": "CLIENT",
        "first_login": True,
    }


def test_who_never_proves_the_address_is_forgotten_after_a_day(ask, client, enrolled):
    assert client.post("/sandbox/clock", {"advance_seconds": 24 * 3600 + 1}).status_code == 200
    relay.sweep()
    assert "email" in ask("resend-otp", {"email": enrolled}, 400)
    ask("register", SARA, 201)


def test_who_has_proven_the_address_is_not_forgotten(ask, client, member):
    assert client.post("/sandbox/clock", {"advance_seconds": 24 * 3600 + 1}).status_code == 200
    relay.sweep()
    ask("login", {"email": SARA["email"], "password": SARA["password"]})


def test_strangers_and_wrong_methods_are_told_in_the_words_of_the_face(client):
    answer = client.get(f"{BASE}/profile/")
    assert (answer.status_code, answer.json) == (
        401,
        {"detail": "Authentication credentials were not provided."},
    )
    answer = client.get(f"{BASE}/login/")
    assert (answer.status_code, answer.json) == (405, {"detail": 'Method "GET" not allowed.'})
    assert client.get("/api/v1/nothing/").json == {"detail": "Not found."}
