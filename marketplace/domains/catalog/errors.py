"""How the catalogue refuses."""

from marketplace.kernel.errors import Invalid


class UnknownCategory(Invalid):
    """Invalid category: no such category."""

    code = "unknown_category"
    field = "category"
