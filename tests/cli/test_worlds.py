"""`flask catalog`, `flask demo` and `flask openapi`."""

import json
import re

import pytest
import sqlalchemy as sa

from marketplace.domains.accounts import public as accounts
from marketplace.domains.catalog.models import CategoryRow, CityNameRow, CityRow, PartRow, SkillRow
from marketplace.domains.listings.models import ListingRow
from marketplace.kernel.database import database
from tests.query_count import counted_queries


def rows_of(model):
    table = model.__table__
    with database.autocommit.connect() as connection:
        return connection.execute(sa.select(table).order_by(*table.primary_key)).all()


def test_the_catalogue_is_loaded_again_without_harm(flask, owner):
    before = rows_of(CategoryRow)
    with owner.connect() as connection:
        connection.execute(sa.update(CategoryRow).where(CategoryRow.id == 1).values(name="Old"))
    result = flask("catalog", "load")
    assert result.output.startswith(f"The catalogue has {len(before)} categories, ")
    assert flask("catalog", "load").output == result.output
    assert rows_of(CategoryRow) == before


def test_a_newer_catalogue_replaces_the_older_one(flask, owner):
    tables = (SkillRow, CityRow, CityNameRow, PartRow)
    before = [rows_of(table) for table in tables]
    with owner.connect() as connection:
        connection.execute(sa.update(PartRow).values(version="older"))
        connection.execute(sa.update(SkillRow).where(SkillRow.id == 1).values(name="Old"))
        connection.execute(sa.update(CityRow).where(CityRow.country_code == "DZ").values(name="Old"))
        connection.execute(sa.delete(CityNameRow).where(CityNameRow.name.startswith("al")))
    assert flask("catalog", "load").exit_code == 0
    assert [rows_of(table) for table in tables] == before


def test_what_is_up_to_date_is_not_loaded_again(flask):
    with counted_queries() as queries:
        assert flask("catalog", "load").exit_code == 0
    assert not [query for query in queries if "city_names" in query]


def test_the_demo_world_is_made_once_and_everybody_in_it_can_sign_in(flask, client):
    first = flask("demo", "load")
    assert first.exit_code == 0
    people, listings = len(accounts.list_accounts()), len(rows_of(ListingRow))
    assert people >= 4
    assert listings >= 6
    assert flask("demo", "load").output == first.output
    assert (len(accounts.list_accounts()), len(rows_of(ListingRow))) == (people, listings)
    password = re.search(r"password (\S+):", first.output)[1]
    for address in re.findall(r"\S+@\S+", first.output):
        answer = client.post("/api/auth/login/", {"email": address, "password": password})
        assert answer.status_code == 200


def test_the_demo_people_show_what_they_do(flask, client):
    assert flask("demo", "load").exit_code == 0
    (item,) = client.get("/api/auth/users/karim/portfolio/").json["results"]
    assert client.get(item["image"]).mimetype == "image/png"
    karim = client.signed_in(
        client.post("/api/auth/login/", {"username": "karim", "password": "Demo-pass-1"}).json
    )
    assert client.get(karim.get("/api/auth/profile/").json["avatar"]).mimetype == "image/png"
    skills = karim.get("/api/recommendations/skills/my/").json["results"]
    assert {skill["name"] for skill in skills} >= {"Furniture assembly", "Carpentry"}
    assert karim.get("/api/recommendations/onboarding/status/").json["missing"] == []


def test_a_demo_world_that_cannot_be_whole_is_not_begun(flask, join):
    join("karim")
    result = flask("demo", "load")
    assert result.exit_code == 1
    sentence = "The demo world cannot be made: A user with that username already exists."
    assert result.stderr == f"Error: {sentence}\n"
    assert [account.username for account in accounts.list_accounts()] == ["karim"]


def test_the_demo_world_is_not_for_production(flask, change_settings):
    change_settings(environment="production")
    result = flask("demo", "load")
    assert (result.exit_code, result.stderr) == (1, "Error: The demo world is not for production.\n")
    assert accounts.list_accounts() == []


@pytest.mark.parametrize("folder", ["documents", "a/new/one"])
def test_the_documents_are_written_as_files(flask, client, tmp_path, folder):
    result = flask("openapi", "write", str(tmp_path / folder))
    written = sorted((tmp_path / folder).iterdir())
    assert result.output.splitlines() == [str(path) for path in written]
    for path in written:
        served = client.get(f"/docs/{path.stem}/openapi.json").json
        assert json.loads(path.read_text()) == served
