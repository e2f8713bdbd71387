"""People who are signed in through SkillConnect."""

import pytest

from marketplace.domains.accounts.public import Role
from tests.factories import people

SERVICE = {
    "title": "Website Design",
    "description": "Beautiful portfolio website built with React & Django.",
    "category_id": 2,
    "skills_input": [{"name": "React"}, {"name": "Django"}],
    "price": 25000,
    "delivery_time": 10,
    "revisions": 3,
    "is_featured": False,
    "is_active": True,
}
PROPOSAL = {
    "title": "Landing Page Design Required",
    "description": "Need a creative landing page for our startup.",
    "category_id": 2,
    "skills_input": [{"name": "UI/UX"}, {"name": "React"}],
    "budget_min": 10000,
    "budget_max": 30000,
    "timeline_days": 7,
    "project_scope": "Single page app",
    "is_urgent": True,
}


@pytest.fixture
def enter(client):
    """A function that makes somebody in a role and signs them in: `enter("jane", Role.CLIENT)`."""

    def enter(name, role):
        somebody = people.person(role, username=name)
        body = {"email": f"{name}@example.com", "password": people.PASSWORD}
        answer = client.post("/api/v1/users/login/", body)
        assert answer.status_code == 200, answer.text
        entered = client.signed_in(answer.json)
        entered.person = somebody
        return entered

    return enter


@pytest.fixture
def john(enter):
    """A freelancer."""
    return enter("john", Role.FREELANCER)


@pytest.fixture
def jane(enter):
    """A client."""
    return enter("jane", Role.CLIENT)


@pytest.fixture
def service(john):
    """A service of John's."""
    answer = john.post("/api/v1/gigs/services/", SERVICE)
    assert answer.status_code == 201, answer.text
    return answer.json


@pytest.fixture
def proposal(jane):
    """A project of Jane's."""
    answer = jane.post("/api/v1/gigs/proposals/", PROPOSAL)
    assert answer.status_code == 201, answer.text
    return answer.json
