"""How profiles refuses."""

from marketplace.kernel.errors import WHOLE, Conflict, Forbidden, Invalid, NotFound


class BudgetsCrossed(Invalid):
    """The minimum budget must not be above the maximum budget."""

    code = "budgets_crossed"
    field = WHOLE


class ItemNotFound(NotFound):
    """Not found."""

    code = "item_not_found"


class NotYourItem(Forbidden):
    """You do not have permission to perform this action."""

    code = "not_your_item"


class PortfolioFull(Conflict):
    """A portfolio has at most 100 items: remove one first."""

    code = "portfolio_full"


class ProfileExists(Conflict):
    """Profile already exists for this user."""

    code = "profile_exists"
    field = WHOLE


class ProfileNotFound(NotFound):
    """Profile not found."""

    code = "profile_not_found"


class NoSuchProfile(NotFound):
    """Not found."""

    code = "no_such_profile"


class CompanyNameMissing(Invalid):
    """Company name is required for business accounts."""

    code = "company_name_missing"
    field = "company_name"
