import pytest

from marketplace.domains.catalog import public as catalog
from marketplace.domains.catalog.errors import UnknownCategory, UnknownServiceOffering, UnknownSkill
from marketplace.kernel.pages import PageRequest
from tests.query_count import counted_queries


def test_what_the_documents_speak_of_exists(app):
    assert [skill.id for skill in catalog.get_skills([3, 1, 2, 2])] == [1, 2, 3]
    assert [offering.id for offering in catalog.get_service_offerings([1, 2, 3])] == [1, 2, 3]
    assert [category.id for category in catalog.get_categories([1, 2, 3], field=None)] == [1, 2, 3]


def test_every_category_has_skills_and_services(app):
    everything = PageRequest(size=1000)
    categories = set(catalog.categories())
    skills = catalog.list_skills(everything)
    assert {skill.category_id for skill in skills.items} == categories
    assert skills.total == len(skills.items) >= 150
    assert {
        offering.category_id for offering in catalog.list_service_offerings(everything).items
    } == categories


@pytest.mark.parametrize(
    ("choose", "refusal"),
    [
        (catalog.get_skills, UnknownSkill),
        (catalog.get_service_offerings, UnknownServiceOffering),
        (lambda ids: catalog.get_categories(ids, field="wanted"), UnknownCategory),
    ],
)
def test_what_the_catalogue_does_not_have_is_refused_by_its_number(app, choose, refusal):
    with pytest.raises(refusal, match='Invalid pk "999999" - object does not exist'):
        choose([1, 999_999, 2])
    assert choose([]) == []


def test_a_refusal_names_the_field_that_was_asked_for(app):
    with pytest.raises(UnknownCategory) as refused:
        catalog.get_categories([0], field="preferred_categories")
    assert refused.value.of_field == "preferred_categories"
    with pytest.raises(UnknownCategory) as refused:
        catalog.get_category(0)
    assert refused.value.of_field == "category"


def test_skills_are_found_in_one_query(app):
    with counted_queries() as queries:
        found = catalog.find_skills([2, 1, 2, 999_999])
    assert (sorted(found), len(queries)) == ([1, 2], 1)
