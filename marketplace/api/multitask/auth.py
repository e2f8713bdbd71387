"""`/api/auth/`: joining, signing in, one's own profile."""

from typing import Any

from marketplace.api.authentication import (
    current_person,
    find_current_person,
    optionally_signed_in,
    public,
    signed_in,
)
from marketplace.api.limits import limited
from marketplace.api.multitask.dialect import FACE, Detail, blueprint, page_of, page_request
from marketplace.api.multitask.portfolio import PICTURE_REFUSALS
from marketplace.api.multitask.schemas.directory import MEMBERS, PeopleQuery, PublicUser
from marketplace.api.multitask.schemas.people import (
    ROLES,
    Access,
    ChangePasswordIn,
    DeleteAccountIn,
    EmailChecked,
    EmailQuery,
    GoogleIn,
    LoginIn,
    ProfileIn,
    RefreshIn,
    RegisterIn,
    ResendIn,
    ResetConfirmIn,
    ResetIn,
    Session,
    TokenPair,
    UsernameChecked,
    UsernameQuery,
    UserSelf,
    VerifyIn,
)
from marketplace.api.paging import Paged
from marketplace.domains.accounts import errors
from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import PeopleFilters, Registration
from marketplace.domains.deals import public as deals
from marketplace.domains.deals.errors import StillAtWork, StillClient, StillFreelancer
from marketplace.domains.payments.errors import MoneyInEscrow, MoneyInWallet
from marketplace.kernel.pages import Page
from marketplace.kernel.tokens import TokenNotValid

auth = blueprint("Auth", "auth", "Identity, session lifecycle, and profile management.")


@auth.post("/register/")
@public
@limited("register")
@auth.takes(RegisterIn)
@auth.answers(201, Session)
@auth.refuses(errors.EmailTaken, errors.UsernameTaken, errors.WeakPassword)
def register(registration: Registration) -> Session:
    """Join and be signed in at once."""
    return Session.of(accounts.register(registration, face=FACE))


@auth.post("/login/")
@public
@limited("sign_in")
@auth.takes(LoginIn)
@auth.answers(200, Session)
@auth.refuses(errors.BadCredentials)
def login(credentials: dict[str, str]) -> Session:
    """Sign in with a username or an address."""
    return Session.of(accounts.sign_in(**credentials, face=FACE))


@auth.post("/token/")
@public
@limited("sign_in")
@auth.takes(LoginIn)
@auth.answers(200, TokenPair)
@auth.refuses(errors.BadCredentials)
def obtain_token(credentials: dict[str, str]) -> TokenPair:
    """Sign in and get the tokens alone."""
    return TokenPair.of(accounts.sign_in(**credentials, face=FACE))


@auth.post("/google/login/")
@public
@limited("sign_in")
@auth.takes(GoogleIn)
@auth.answers(200, Session)
@auth.refuses(
    errors.BadIdentityToken,
    errors.PasswordNeeded,
    errors.WrongPassword,
    errors.BadCredentials,
    errors.GoogleNotConfigured,
    errors.GoogleUnreachable,
)
def login_with_google(body: dict[str, Any]) -> Session:
    """Sign in with Google; a newcomer joins."""
    return Session.of(accounts.sign_in_with_google(**body, roles=ROLES["both"], face=FACE))


@auth.post("/token/refresh/")
@public
@limited("refresh")
@auth.takes(RefreshIn)
@auth.answers(200, Access)
@auth.refuses(TokenNotValid)
def refresh_token(body: dict[str, str]) -> Access:
    """Get a new access token for a refresh token."""
    return Access(access=accounts.refresh(body["refresh"]))


@auth.post("/logout/")
@signed_in()
@auth.answers(200, Detail)
def logout() -> Detail:
    """End the session: its access and refresh tokens stop working at once."""
    accounts.sign_out(current_person())
    return Detail(detail="Logged out.")


@auth.get("/check-username/")
@optionally_signed_in
@limited("check")
@auth.takes(UsernameQuery, location="query")
@auth.answers(200, UsernameChecked)
def check_username(query: dict[str, str]) -> UsernameChecked:
    """Whether a name may still be taken, whatever its case."""
    available = accounts.is_username_free(query["username"])
    return UsernameChecked(username=query["username"], available=available)


@auth.get("/check-email/")
@optionally_signed_in
@limited("check")
@auth.takes(EmailQuery, location="query")
@auth.answers(200, EmailChecked)
def check_email(query: dict[str, str]) -> EmailChecked:
    """Whether an address may still join, whatever its case."""
    available = accounts.is_email_free(query["email"])
    return EmailChecked(email=query["email"], available=available)


@auth.get("/profile/")
@signed_in()
@auth.answers(200, UserSelf)
def get_profile() -> UserSelf:
    """One's own profile."""
    return UserSelf.of(accounts.get_account(person_id=current_person().id))


@auth.patch("/profile/")
@signed_in()
@limited("profile")
@auth.takes(ProfileIn)
@auth.answers(200, UserSelf)
@auth.refuses(errors.EmailTaken, errors.NoRoleLeft, StillClient, StillFreelancer, *PICTURE_REFUSALS)
def change_profile(body: dict[str, Any]) -> UserSelf:
    """Change a part of one's profile; a new address is to be proven again."""
    return UserSelf.of(deals.change_account(actor=current_person(), **body))


@auth.put("/profile/")
@signed_in()
@limited("profile")
@auth.takes(ProfileIn)
@auth.answers(200, UserSelf)
@auth.refuses(errors.EmailTaken, errors.NoRoleLeft, StillClient, StillFreelancer, *PICTURE_REFUSALS)
def put_profile(body: dict[str, Any]) -> UserSelf:
    """Change one's profile; what is left out stays, a new address is to be proven again."""
    return UserSelf.of(deals.change_account(actor=current_person(), **body))


@auth.post("/profile/change-password/")
@signed_in()
@limited("sign_in")
@auth.takes(ChangePasswordIn)
@auth.answers(200, Detail)
@auth.refuses(errors.WrongPassword, errors.WeakPassword)
def change_password(body: dict[str, str]) -> Detail:
    """Change one's password; all other sessions end."""
    accounts.change_password(actor=current_person(), old=body["old_password"], new=body["new_password"])
    return Detail(detail="Password changed.")


@auth.post("/password-reset/")
@public
@limited("mail")
@auth.takes(ResetIn)
@auth.answers(200, Detail)
def reset_password(body: dict[str, str]) -> Detail:
    """Have a mail sent with which a lost password is reset."""
    accounts.ask_for_reset(email=body["email"])
    return Detail(detail="If the address is registered, an email was sent.")


@auth.post("/password-reset/confirm/")
@public
@limited("sign_in")
@auth.takes(ResetConfirmIn)
@auth.answers(200, Detail)
@auth.refuses(errors.BadToken, errors.WeakPassword)
def confirm_reset(body: dict[str, str]) -> Detail:
    """Choose a new password with the token of the mail, within an hour; every session ends."""
    accounts.reset_password(**body)
    return Detail(detail="Password reset.")


@auth.get("/users/")
@optionally_signed_in
@auth.takes(PeopleQuery, location="query")
@auth.answers(200, Paged[PublicUser])
def list_users(filters: PeopleFilters) -> Page[PublicUser]:
    """Find people by their names, type and city."""
    return page_of(deals.list_people(filters, page_request()), PublicUser.of)


@auth.get("/users/<username>/")
@optionally_signed_in
@auth.answers(200, PublicUser)
@auth.refuses(errors.PersonNotFound)
def get_user(username: str) -> PublicUser:
    """One person as everybody sees them."""
    return PublicUser.of(deals.get_person(username, among=MEMBERS))


@auth.delete("/delete-account/")
@signed_in()
@limited("sign_in")
@auth.takes(DeleteAccountIn)
@auth.answers(204)
@auth.refuses(errors.WrongPassword, errors.NotConfirmed, StillAtWork, MoneyInEscrow, MoneyInWallet)
def delete_account(body: dict[str, Any]) -> None:
    """Delete one's account, once no work is in progress and no money is left."""
    deals.delete_account(actor=current_person(), **body)


@auth.post("/resend-verification/")
@optionally_signed_in
@limited("mail")
@auth.takes(ResendIn)
@auth.answers(200, Detail)
def resend_verification(body: dict[str, str]) -> Detail:
    """Have the verification mail sent again."""
    accounts.resend_verification(person=find_current_person(), email=body.get("email"))
    return Detail(detail="If the account needs verification, an email was sent.")


@auth.post("/verify-email/")
@public
@auth.takes(VerifyIn)
@auth.answers(200, Detail)
@auth.refuses(errors.BadToken)
def verify_email(body: dict[str, str]) -> Detail:
    """Prove an address with the token of the verification mail."""
    accounts.verify_email(body["token"])
    return Detail(detail="Email verified.")
