"""What others may ask of accounts."""

from marketplace.domains.accounts.errors import RoleRequired
from marketplace.domains.accounts.queries import (
    PEOPLE,
    active_ids,
    briefs,
    find_account,
    is_active,
    is_email_free,
    is_there,
    is_username_free,
    list_accounts,
    list_active,
    list_people,
)
from marketplace.domains.accounts.rules import has_left, is_username, words_of
from marketplace.domains.accounts.service.administer import (
    activate,
    create_person,
    get_account,
    get_account_by_username,
    get_account_of,
    get_member,
    suspend,
)
from marketplace.domains.accounts.service.change import change, change_flags, set_avatar
from marketplace.domains.accounts.service.digits import digits_of
from marketplace.domains.accounts.service.enrol import (
    ask_for_reset_digits,
    check_reset_digits,
    confirm_enrolment,
    enrol,
    resend_digits,
    reset_password_by_digits,
)
from marketplace.domains.accounts.service.identity import sign_in_with_google
from marketplace.domains.accounts.service.leave import begin_leaving, confirm_leaving, erase
from marketplace.domains.accounts.service.locks import keep, keep_present, see_off
from marketplace.domains.accounts.service.password import (
    ask_for_reset,
    change_password,
    open_reset,
    reset_password,
)
from marketplace.domains.accounts.service.register import register
from marketplace.domains.accounts.service.sign_in import (
    identify,
    is_staff_password,
    refresh,
    rotate,
    sign_in,
    sign_out,
)
from marketplace.domains.accounts.service.verify import resend_verification, verification_token, verify_email
from marketplace.domains.accounts.types import (
    Account,
    AccountChanges,
    Brief,
    PeopleFilters,
    Person,
    Purpose,
    Registration,
    Role,
    SignedIn,
    Status,
)

__all__ = [
    "PEOPLE",
    "Account",
    "AccountChanges",
    "Brief",
    "PeopleFilters",
    "Person",
    "Purpose",
    "Registration",
    "Role",
    "RoleRequired",
    "SignedIn",
    "Status",
    "activate",
    "active_ids",
    "ask_for_reset",
    "ask_for_reset_digits",
    "begin_leaving",
    "briefs",
    "change",
    "change_flags",
    "change_password",
    "check_reset_digits",
    "confirm_enrolment",
    "confirm_leaving",
    "create_person",
    "digits_of",
    "enrol",
    "erase",
    "find_account",
    "get_account",
    "get_account_by_username",
    "get_account_of",
    "get_member",
    "has_left",
    "identify",
    "is_active",
    "is_email_free",
    "is_staff_password",
    "is_there",
    "is_username",
    "is_username_free",
    "keep",
    "keep_present",
    "list_accounts",
    "list_active",
    "list_people",
    "open_reset",
    "refresh",
    "register",
    "resend_digits",
    "resend_verification",
    "reset_password",
    "reset_password_by_digits",
    "rotate",
    "see_off",
    "set_avatar",
    "sign_in",
    "sign_in_with_google",
    "sign_out",
    "suspend",
    "verification_token",
    "verify_email",
    "words_of",
]
