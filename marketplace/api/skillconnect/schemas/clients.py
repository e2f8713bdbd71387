"""Clients as SkillConnect shows them, what they send about themselves, and how they are found."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, cast

import msgspec
from marshmallow import post_load

from marketplace.api.fields import Amount, Choice, Text, WebAddress
from marketplace.api.skillconnect.dialect import (
    CURRENCY,
    Id,
    Input,
    Rupees,
    Timestamp,
    rupees,
    timestamp,
)
from marketplace.api.skillconnect.schemas.freelancers import ORDERS
from marketplace.api.skillconnect.schemas.members import (
    Country,
    FirstName,
    LastName,
    MemberChangesIn,
    Words,
    account_of,
    picture_of,
)
from marketplace.api.skillconnect.schemas.people import City, CompanyName, Name, PicturePath
from marketplace.domains.accounts import public as accounts
from marketplace.domains.profiles.public import (
    AccountType,
    Client,
    ClientChanges,
    ClientFilters,
    ClientValues,
    Order,
)
from marketplace.kernel.money import MAX_MINOR

Kind = Literal["business", "individual"]
Said = Annotated[str, msgspec.Meta(examples=["Monthly"])]
Industry = Annotated[str, msgspec.Meta(examples=["Technology"])]
Description = Annotated[str, msgspec.Meta(examples=["We build innovative software solutions"])]
Website = Annotated[str, msgspec.Meta(examples=["https://techstart.com"])]
CLIENT_ORDERS = {**ORDERS, "company_name": Order.COMPANY}
_LONG = 5000


class _ClientFields(msgspec.Struct, kw_only=True, frozen=True):
    """What everybody sees of a client's profile."""

    id: Id
    user: Id
    account_type: Kind
    first_name: FirstName
    last_name: LastName
    company_name: CompanyName
    profile_picture: PicturePath | None
    company_description: Description
    country: Country
    location: City
    industry: Industry
    company_size: Annotated[str, msgspec.Meta(examples=["10-50"])]
    website: Website | None
    project_types: Annotated[str, msgspec.Meta(examples=["Web Development, Mobile Apps"])]
    budget_range: Annotated[str, msgspec.Meta(examples=["$10,000 - $50,000"])]
    project_frequency: Said
    preferred_communications: Annotated[str, msgspec.Meta(examples=["Email, Slack"])]
    working_hours: Annotated[str, msgspec.Meta(examples=["9 AM - 6 PM IST"])]
    business_goals: Annotated[str, msgspec.Meta(examples=["Scale our platform to 10k users"])]
    expected_timeline: Annotated[str, msgspec.Meta(examples=["3-6 months"])]
    quality_importance: Annotated[str, msgspec.Meta(examples=["High"])]
    created_at: Timestamp
    updated_at: Timestamp


class ClientOut(_ClientFields, kw_only=True, frozen=True):
    """A client's profile as its owner sees it."""

    current_challenges: Annotated[str, msgspec.Meta(examples=["Need faster development cycles"])]
    previous_experiences: Annotated[str, msgspec.Meta(examples=["Worked with 5 freelancers before"])]
    payment_method: Annotated[str, msgspec.Meta(examples=["Bank Transfer"])]
    monthly_budget: Rupees | None
    project_budget: Rupees | None
    payment_timing: Annotated[str, msgspec.Meta(examples=["Milestone-based"])]

    @classmethod
    def of(cls, client: Client) -> "ClientOut":
        """One's own profile."""
        return cls(**_shown(client, cls))


class ClientDetailOut(_ClientFields, kw_only=True, frozen=True):
    """A client's profile as everybody sees it, without what they keep to themselves."""

    name: Name

    @classmethod
    def of(cls, client: Client) -> "ClientDetailOut":
        """Somebody's profile."""
        return cls(**_shown(client, cls))


class ClientItemOut(msgspec.Struct, kw_only=True, frozen=True):
    """A client in a list."""

    id: Id
    user: Id
    name: Name
    account_type: Kind
    company_name: CompanyName
    profile_picture: PicturePath | None
    company_description: Description
    country: Country
    location: City
    industry: Industry
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, client: Client) -> "ClientItemOut":
        """A client in short."""
        return cls(**_shown(client, cls))


def _shown(client: Client, kind: type[msgspec.Struct]) -> dict[str, Any]:
    """What a struct shows of a client: most of it by the name that it has in the domain."""
    otherwise: dict[str, Any] = {
        "user": client.person_id,
        "profile_picture": client.picture,
        "created_at": timestamp(client.created_at),
        "updated_at": timestamp(client.updated_at),
        "monthly_budget": None if client.monthly_budget is None else rupees(client.monthly_budget),
        "project_budget": None if client.project_budget is None else rupees(client.project_budget),
    }
    return {
        name: otherwise[name] if name in otherwise else getattr(client, name)
        for name in kind.__struct_fields__
    }


def _said(example: str, most: int = 200) -> Words:
    return Words(most=most, metadata={"example": example})


def _budget(example: int) -> Amount:
    return Amount(
        currency=CURRENCY, zero=True, most_minor=MAX_MINOR, allow_none=True, metadata={"example": example}
    )


class ClientChangesIn(MemberChangesIn):
    """What a client changes; what is left out stays."""

    account_type = Choice([str(kind) for kind in AccountType], metadata={"example": "business"})
    company_name = _said("TechStart Inc")
    company_description = _said("We build innovative software solutions", _LONG)
    industry = _said("Technology")
    company_size = _said("10-50")
    website = WebAddress(blank=True, allow_none=True, metadata={"example": "https://techstart.com"})
    project_types = _said("Web Development, Mobile Apps", _LONG)
    budget_range = _said("$10,000 - $50,000")
    project_frequency = _said("Monthly")
    preferred_communications = _said("Email, Slack", _LONG)
    working_hours = _said("9 AM - 6 PM IST")
    business_goals = _said("Scale our platform to 10k users", _LONG)
    current_challenges = _said("Need faster development cycles", _LONG)
    previous_experiences = _said("Worked with 5 freelancers before", _LONG)
    expected_timeline = _said("3-6 months")
    quality_importance = _said("High")
    payment_method = _said("Bank Transfer")
    monthly_budget = _budget(50000)
    project_budget = _budget(200000)
    payment_timing = _said("Milestone-based")

    # what is meant by what is left out
    left_out: Mapping[str, Any] = {}

    @post_load
    def make(self, sent: dict[str, Any], **_: object) -> ClientChanges:
        """The changes that the domain knows."""
        data = {**self.left_out, **sent}
        account, picture = account_of(data), picture_of(data)
        if "website" in data:
            data["website"] = data["website"] or None
        if "account_type" in data:
            data["account_type"] = AccountType(data["account_type"])
        return ClientChanges(account=account, picture=picture, values=cast("ClientValues", data))


class ClientIn(ClientChangesIn):
    """A client's profile; a firm has a name."""

    first_name = Text(most=150, required=True, metadata={"example": "Jane"})
    last_name = Text(most=150, required=True, metadata={"example": "Smith"})
    account_type = Choice(
        [str(kind) for kind in AccountType], required=True, metadata={"example": "business"}
    )


class ClientReplacementIn(ClientIn):
    """The whole of a client's profile but its picture: what is left out is taken away."""

    left_out: Mapping[str, Any] = {
        **{
            name: "" if isinstance(field, Words) else None
            for name, field in ClientIn._declared_fields.items()  # noqa: SLF001 - the fields that a schema has
            if name not in {"profile_picture", "first_name", "last_name", "account_type"}
        },
    }


class ClientsQuery(Input):
    """Which clients are wanted; what makes no sense is not asked."""

    search = Text(most=200, blank=True, metadata={"description": "words that all occur"})
    country = Text(most=100, blank=True)
    location = Text(most=100, blank=True, metadata={"description": "a city"})
    industry = Text(most=200, blank=True)
    ordering = Text(most=50, blank=True, metadata={"enum": list(CLIENT_ORDERS)})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> ClientFilters:
        """The filters that the domain knows."""
        return ClientFilters(
            words=accounts.words_of(data.get("search", "")),
            country=data.get("country") or None,
            location=data.get("location") or None,
            industry=data.get("industry") or None,
            order=CLIENT_ORDERS.get(data.get("ordering", ""), Order.NEWEST),
        )
