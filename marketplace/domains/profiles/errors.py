"""How profiles refuses."""

from marketplace.kernel.errors import WHOLE, Invalid


class BudgetsCrossed(Invalid):
    """The minimum budget must not be above the maximum budget."""

    code = "budgets_crossed"
    field = WHOLE
