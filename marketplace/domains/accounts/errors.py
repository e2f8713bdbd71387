"""How accounts refuses."""

from marketplace.kernel.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    TooMany,
    Unauthenticated,
    Unavailable,
)


class UsernameTaken(Invalid):
    """A user with that username already exists."""

    code = "username_taken"
    field = "username"


class EmailTaken(Invalid):
    """A user with that email already exists."""

    code = "email_taken"
    field = "email"


class BadUsername(Invalid):
    """A username has 3 to 30 letters, digits and . _ + - only."""

    code = "bad_username"
    field = "username"


class BadEmail(Invalid):
    """Enter a valid email address."""

    code = "bad_email"
    field = "email"


class WeakPassword(Invalid):
    """This password is too weak."""

    code = "weak_password"
    field = "password"


class WrongPassword(Invalid):
    """The password is wrong."""

    code = "wrong_password"
    field = "password"


class PasswordNeeded(Invalid):
    """There is an account with this address that has not proven it: send its password as well."""

    code = "password_needed"
    field = "password"


class BadIdentityToken(Invalid):
    """This token proves nobody's identity."""

    code = "bad_identity_token"
    field = "id_token"


class GoogleNotConfigured(Unavailable):
    """Google sign-in is not configured."""

    code = "google_not_configured"


class GoogleUnreachable(Unavailable):
    """Google does not answer right now; try again later."""

    code = "google_unreachable"


class NotConfirmed(Invalid):
    """This account has no password: confirm with true."""

    code = "not_confirmed"
    field = "confirm"


class StaffRole(Invalid):
    """This role is not given by registration."""

    code = "staff_role"
    field = "user_type"


class NoRoleLeft(Invalid):
    """Keep at least one role."""

    code = "no_role_left"
    field = "user_type"


class BadCredentials(Unauthenticated):
    """No active account found with the given credentials."""

    code = "no_active_account"


class AwaitsProof(BadCredentials):
    """No active account found with the given credentials."""

    code = "awaits_proof"


class UnknownEmail(Invalid):
    """User with this email does not exist."""

    code = "unknown_email"
    field = "email"


class NoSuchAccount(Invalid):
    """No user is registered with this email."""

    code = "no_such_account"
    field = "email"


class AlreadyVerified(Conflict):
    """Email already verified."""

    code = "already_verified"


class BadDigits(Invalid):
    """Invalid OTP."""

    code = "bad_digits"
    field = "otp"


class DigitsExpired(Invalid):
    """OTP has expired."""

    code = "digits_expired"
    field = "otp"


class TooManyCodes(TooMany):
    """Too many codes were sent to this address; try again later."""

    code = "too_many_codes"


class ShortPassword(Invalid):
    """Password must be at least 8 characters long."""

    code = "short_password"
    field = "password"


class LinkedMeanwhile(BadCredentials):
    """This account was changed at the same moment; try again."""

    code = "linked_meanwhile"


class EmailRequired(Invalid):
    """This field is required."""

    code = "email_required"
    field = "email"


class BadToken(Invalid):
    """This token is invalid, used or expired."""

    code = "bad_token"
    field = "token"


class PersonNotFound(NotFound):
    """Not found."""

    code = "person_not_found"


class PersonGone(Conflict):
    """The other side has deleted their account."""

    code = "person_gone"


class RoleRequired(Forbidden):
    """You do not have permission to perform this action."""

    code = "role_required"
