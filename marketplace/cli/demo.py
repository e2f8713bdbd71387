"""`flask demo`: a small world to look at."""

from collections.abc import Sequence
from datetime import date

import click
from flask import current_app
from flask.cli import AppGroup

from marketplace.cli import drawings
from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import AccountChanges, Person, Registration, Role
from marketplace.domains.deals import public as deals
from marketplace.domains.deals.public import Terms
from marketplace.domains.files.public import Upload
from marketplace.domains.listings.public import Draft, Kind, Place
from marketplace.domains.profiles import public as profiles
from marketplace.domains.profiles.public import (
    AccountType,
    Changes,
    ClientChanges,
    EducationDraft,
    ExperienceDraft,
    FileChange,
    FreelancerChanges,
    ItemChanges,
    LanguageDraft,
)
from marketplace.domains.profiles.public import Place as ProfilePlace
from marketplace.kernel.errors import DomainError
from marketplace.kernel.money import Money
from marketplace.kernel.settings import Settings
from marketplace.kernel.unit_of_work import unit_of_work

PASSWORD = "Demo-pass-1"  # noqa: S105 - printed for everybody to use; refused in production
PEOPLE = (
    ("amira", "Amira", "Client", frozenset({Role.CLIENT})),
    ("karim", "Karim", "Freelancer", frozenset({Role.FREELANCER})),
    ("sara", "Sara", "Both", frozenset({Role.CLIENT, Role.FREELANCER})),
    ("admin-demo", "Ada", "Admin", frozenset({Role.ADMIN})),
)
TASKS = (
    ("Assemble a wardrobe", "Two doors, all parts and tools are here.", 3, 80_00, Place.PHYSICAL, "Cairo"),
    (
        "Paint the living room",
        "About 25 square metres, the paint is bought.",
        6,
        240_00,
        Place.PHYSICAL,
        "Giza",
    ),
    (
        "Fix a leaking kitchen tap",
        "It drips all night. Please bring seals.",
        4,
        45_00,
        Place.PHYSICAL,
        "Cairo",
    ),
    (
        "Translate a contract into French",
        "Six pages from English, legal wording.",
        16,
        150_00,
        Place.DIGITAL,
        "",
    ),
    (
        "Build a landing page",
        "One page in plain HTML and CSS, the texts exist.",
        11,
        300_00,
        Place.DIGITAL,
        "",
    ),
    ("Clean up a spreadsheet of customers", "Duplicates out, spellings in.", 13, 60_00, Place.DIGITAL, ""),
)

# who is good at which skills of the catalogue, and what they look for
TOLD: tuple[tuple[str, Sequence[int], Changes], ...] = (
    ("karim", (16, 17, 19, 37), {"category_ids": (3, 6), "cities": ("Cairo", "Giza")}),
    ("sara", (71, 72, 73, 125), {"category_ids": (11, 16), "places": (ProfilePlace.DIGITAL,)}),
    ("amira", (), {"category_ids": (1, 3), "cities": ("Cairo",), "max_budget": Money(500_00, "USD")}),
)
SHIRTS = {"karim": "#3b6ea5", "sara": "#a53b5f"}
WARDROBE: ItemChanges = {
    "title": "A wardrobe of oak",
    "description": "Two doors, oiled, built in a week.",
    "project_url": "https://example.com/wardrobe",
}
# what SkillConnect shows of two of them
CARPENTER = FreelancerChanges(
    account=AccountChanges(bio="I build what stays, and mend what does not."),
    values={"age": 34},
    educations=[EducationDraft(college="Helwan", degree="Carpentry", start_year=2010, end_year=2013)],
    experiences=[
        ExperienceDraft(
            role="Carpenter", company="Karim & Sons", start_date=date(2014, 3, 1), is_ongoing=True
        )
    ],
    languages=[
        LanguageDraft(name="Arabic", proficiency="Native"),
        LanguageDraft(name="English", proficiency="Fluent"),
    ],
)
FIRM = ClientChanges(
    account=AccountChanges(),
    values={
        "account_type": AccountType.BUSINESS,
        "company_name": "Amira Homes",
        "company_description": "We furnish flats for people who have just arrived.",
        "industry": "Real estate",
    },
)

demo = AppGroup("demo", help="A small world to look at, for development.")


@demo.command("load")
def load() -> None:
    """Make the demo people, what they show and their tasks on first use, and say how to sign in."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.is_production:
        message = "The demo world is not for production."
        raise click.ClickException(message)
    known = {account.username: account for account in accounts.list_accounts()}
    if PEOPLE[0][0] not in known:
        _make_world()
    click.echo(f"Demo logins, all with the password {PASSWORD}:")
    for username, _, last, _ in PEOPLE:
        click.echo(f"  {username:<12} {username}@demo.example  {last.lower()}")


def _make_world() -> None:
    try:
        with unit_of_work():
            people = {
                username: _join(username, first, last, roles) for username, first, last, roles in PEOPLE
            }
            _introduce(people)
            _post_tasks(people)
        # files are stored outside of transactions
        _describe(people)
        _show(people)
    except DomainError as error:
        raise click.ClickException(f"The demo world cannot be made: {error.sentence}") from error


def _join(username: str, first: str, last: str, roles: frozenset[Role]) -> Person:
    account = accounts.create_person(
        Registration(
            username=username,
            email=f"{username}@demo.example",
            password=PASSWORD,
            roles=roles,
            first_name=first,
            last_name=last,
            city="Cairo",
            country="Egypt",
        )
    )
    return Person(id=account.id, username=username, roles=roles, session_id=0, face="demo")


def _introduce(people: dict[str, Person]) -> None:
    for username, skill_ids, changes in TOLD:
        profiles.introduce(actor=people[username], skill_ids=skill_ids, changes=changes)


def _describe(people: dict[str, Person]) -> None:
    profiles.create_freelancer(actor=people["karim"], changes=CARPENTER)
    profiles.create_client(actor=people["amira"], changes=FIRM)


def _show(people: dict[str, Person]) -> None:
    for username, shirt in SHIRTS.items():
        upload = Upload(field="avatar", name=f"{username}.png", content=drawings.portrait(shirt))
        avatar = FileChange(upload=upload)
        deals.change_account(actor=people[username], changes=AccountChanges(), avatar=avatar)
    picture = Upload(field="image", name="wardrobe.png", content=drawings.wardrobe())
    profiles.add_item(actor=people["karim"], changes={**WARDROBE, "picture": picture})


def _post_tasks(people: dict[str, Person]) -> None:
    for number, (title, description, category_id, minor, place, city) in enumerate(TASKS):
        owner = people["sara"] if number % 3 == 0 else people["amira"]
        draft = Draft(
            kind=Kind.TASK,
            title=title,
            description=description,
            category_id=category_id,
            price=Money(minor, "USD"),
            place=place,
            city=city,
        )
        task = deals.post_task(actor=owner, draft=draft).listing
        if number % 2:
            terms = Terms(proposal="I have done this many times.", price=task.price, duration="2 days")
            deals.apply(actor=people["karim"], task_id=task.id, terms=terms)
