import sqlalchemy as sa

from marketplace.domains.catalog import public as catalog
from marketplace.domains.catalog.models import SkillRow
from marketplace.kernel.pages import PageRequest
from tests.together import together


def test_a_skill_is_found_by_its_name_whatever_its_case(app):
    names = [skill.name for skill in catalog.name_skills(["  react ", "DJANGO"])]
    assert names == ["React", "Django"]


def test_a_new_name_is_added_once_and_the_first_spelling_stays(app):
    first = catalog.name_skills(["Fresco", "Intarsia", "fresco"])
    assert [skill.name for skill in first] == ["Fresco", "Intarsia"]
    assert catalog.name_skills(["INTARSIA", "FRESCO"]) == first[::-1]


def test_what_people_name_is_not_listed(app):
    before = catalog.list_skills(PageRequest())
    fresco = catalog.name_skills(["Fresco"])[0]
    assert catalog.list_skills(PageRequest()) == before
    assert fresco.id not in catalog.skills()
    assert catalog.find_skills([fresco.id]) == {fresco.id: fresco}


def test_many_who_name_the_same_skills_at_once_name_one_of_each(app):
    orders = [["Fresco", "Intarsia", "Gilding"], ["Gilding", "Fresco", "Intarsia"]]
    answers = together(*(lambda names=names: catalog.name_skills(names) for names in orders * 4))
    ids = {skill.name: skill.id for skill in answers[0]}
    assert all({skill.name: skill.id for skill in answer} == ids for answer in answers)


def test_a_named_skill_that_the_catalogue_comes_to_ship_keeps_its_number(app, owner):
    with owner.connect() as connection:
        shipped = connection.execute(
            sa.update(SkillRow)
            .where(SkillRow.id == 81)
            .values(id=100_007, is_listed=False, category_id=None)
            .returning(SkillRow.name)
        ).scalar_one()
        catalog.load()
        skill = catalog.name_skills([shipped])[0]
        assert (skill.id, skill.category_id) == (100_007, 2)
        assert skill.id in catalog.skills()
        connection.execute(sa.update(SkillRow).where(SkillRow.id == 100_007).values(id=81))
