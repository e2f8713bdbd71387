"""How the catalogue refuses."""

from marketplace.kernel.errors import Invalid


class UnknownCategory(Invalid):
    """Invalid category: no such category."""

    code = "unknown_category"
    field = "category"


class UnknownSkill(Invalid):
    """Invalid skill: no such skill."""

    code = "unknown_skill"
    field = "skills"


class UnknownServiceOffering(Invalid):
    """Invalid service offering: no such service offering."""

    code = "unknown_service_offering"
    field = "service_offerings"
