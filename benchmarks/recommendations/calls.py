"""Recommendations as the faces ask for them: the public calls of the domain, one page of ten."""

from marketplace.domains.accounts.public import Person, Role
from marketplace.domains.recommendations import public as recommendations
from marketplace.kernel.pages import PageRequest

FIRST_PAGE = PageRequest(number=1, size=10)


def tasks_for_freelancer(freelancer_id: int) -> list[int]:
    """The tasks on the first page for a freelancer."""
    page = recommendations.recommend_tasks(actor=_person(freelancer_id, Role.FREELANCER), page=FIRST_PAGE)
    return [item.task.listing.id for item in page.items]


def freelancers_for_task(task_id: int, owner_id: int) -> list[int]:
    """The freelancers on the first page for a task."""
    page = recommendations.recommend_freelancers_for_task(
        actor=_person(owner_id, Role.CLIENT), task_id=task_id, page=FIRST_PAGE
    )
    return [item.freelancer.account.id for item in page.items]


def freelancers_for_client(client_id: int) -> list[int]:
    """The freelancers on the first page for a client."""
    page = recommendations.recommend_freelancers(actor=_person(client_id, Role.CLIENT), page=FIRST_PAGE)
    return [item.freelancer.account.id for item in page.items]


def _person(number: int, role: Role) -> Person:
    return Person(
        id=number, username=f"person{number}", roles=frozenset({role}), session_id=0, face="multitask"
    )
