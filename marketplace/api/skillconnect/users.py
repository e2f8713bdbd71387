"""`/api/v1/users/`: joining by a code, signing in, a forgotten password."""

from typing import Any

from marketplace.api.authentication import current_person, public, signed_in
from marketplace.api.limits import limited
from marketplace.api.skillconnect.dialect import FACE, Detail, blueprint
from marketplace.api.skillconnect.schemas.users import (
    AccessOut,
    EmailIn,
    GoogleIn,
    GoogleOut,
    LoginIn,
    Message,
    OtpIn,
    RefreshIn,
    RegisterIn,
    ResetIn,
    SessionOut,
    UpdateIn,
    UserOut,
    VerifiedOut,
)
from marketplace.domains.accounts import errors
from marketplace.domains.accounts import public as accounts
from marketplace.kernel.tokens import TokenNotValid

users = blueprint("Users", "users", "Joining, signing in, one's own account.")


@users.post("/register/")
@public
@limited("register")
@users.takes(RegisterIn)
@users.answers(201, Message)
@users.refuses(errors.EmailTaken, errors.ShortPassword)
def register(newcomer: dict[str, Any]) -> Message:
    """Join; the digits in the mail let one in."""
    accounts.enrol(**newcomer, face=FACE)
    return Message(message="OTP sent to your email. Please verify to complete registration.")


@users.post("/login/")
@public
@limited("sign_in")
@users.takes(LoginIn)
@users.answers(200, SessionOut)
@users.refuses(errors.BadCredentials, errors.AwaitsProof)
def login(credentials: dict[str, str]) -> SessionOut:
    """Sign in with an address that is proven."""
    return SessionOut.of(accounts.sign_in(**credentials, face=FACE))


@users.get("/profile/")
@signed_in()
@users.answers(200, UserOut)
def get_profile() -> UserOut:
    """Oneself."""
    return UserOut.of(accounts.get_account(person_id=current_person().id))


@users.put("/update/")
@signed_in()
@users.takes(UpdateIn)
@users.answers(200, UserOut)
def put_user(changes: dict[str, bool]) -> UserOut:
    """Change one's account; what is left out stays."""
    return UserOut.of(accounts.change_flags(actor=current_person(), **changes))


@users.patch("/update/")
@signed_in()
@users.takes(UpdateIn)
@users.answers(200, UserOut)
def patch_user(changes: dict[str, bool]) -> UserOut:
    """Change one's account."""
    return UserOut.of(accounts.change_flags(actor=current_person(), **changes))


@users.post("/verify-otp/")
@public
@limited("sign_in")
@users.takes(OtpIn)
@users.answers(200, VerifiedOut)
@users.refuses(errors.BadDigits, errors.DigitsExpired, errors.UnknownEmail, errors.AlreadyVerified)
def verify_otp(proof: dict[str, str]) -> VerifiedOut:
    """Prove the address and be signed in."""
    return VerifiedOut.of(accounts.confirm_enrolment(**proof, face=FACE))


@users.post("/resend-otp/")
@public
@limited("mail")
@users.takes(EmailIn)
@users.answers(200, Message)
@users.refuses(errors.UnknownEmail, errors.AlreadyVerified, errors.TooManyCodes)
def resend_otp(body: dict[str, str]) -> Message:
    """Have new digits sent; the earlier ones are void."""
    accounts.resend_digits(**body)
    return Message(message="New OTP sent to your email.")


@users.post("/forgot-password/request/")
@public
@limited("mail")
@users.takes(EmailIn)
@users.answers(200, Detail)
@users.refuses(errors.NoSuchAccount, errors.TooManyCodes)
def request_reset(body: dict[str, str]) -> Detail:
    """Have digits sent with which a new password is set."""
    accounts.ask_for_reset_digits(**body)
    return Detail(detail="OTP sent to email")


@users.post("/forgot-password/verify/")
@public
@limited("sign_in")
@users.takes(OtpIn)
@users.answers(200, Detail)
@users.refuses(errors.BadDigits, errors.DigitsExpired, errors.UnknownEmail)
def check_reset(proof: dict[str, str]) -> Detail:
    """Whether the digits are good; they stay so."""
    accounts.check_reset_digits(**proof)
    return Detail(detail="OTP is valid")


@users.post("/forgot-password/reset/")
@public
@limited("sign_in")
@users.takes(ResetIn)
@users.answers(200, Detail)
@users.refuses(errors.BadDigits, errors.DigitsExpired, errors.UnknownEmail, errors.ShortPassword)
def reset_password(proof: dict[str, str]) -> Detail:
    """Set a new password; every session ends."""
    accounts.reset_password_by_digits(**proof)
    return Detail(detail="Password reset successfully")


@users.post("/google/")
@public
@limited("sign_in")
@users.takes(GoogleIn)
@users.answers(200, GoogleOut)
@users.refuses(
    errors.BadIdentityToken,
    errors.PasswordNeeded,
    errors.BadCredentials,
    errors.GoogleNotConfigured,
    errors.GoogleUnreachable,
)
def sign_in_with_google(body: dict[str, Any]) -> GoogleOut:
    """Sign in with Google; a newcomer joins in the role that they say."""
    signed_in = accounts.sign_in_with_google(token=body["token"], roles=body["roles"], face=FACE)
    return GoogleOut.of(signed_in)


@users.post("/token/refresh/")
@public
@limited("refresh")
@users.takes(RefreshIn)
@users.answers(200, AccessOut)
@users.refuses(TokenNotValid)
def refresh(body: dict[str, str]) -> AccessOut:
    """A fresh access token: what the refresh token is for, though the document names no path."""
    return AccessOut(access=accounts.refresh(body["refresh"]))
