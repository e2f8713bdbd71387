"""People as everybody sees them, and how they are looked for."""

from typing import Annotated, Any

import msgspec
from marshmallow import post_load

from marketplace.api.fields import Choice, Text
from marketplace.api.multitask.dialect import Id, Query, Timestamp, timestamp
from marketplace.api.multitask.schemas.people import ROLES, Name, UserType, user_type
from marketplace.api.multitask.schemas.recommendations import SkillOut
from marketplace.domains.accounts.public import PeopleFilters, Role, words_of
from marketplace.domains.deals.public import PersonView

MEMBERS = ROLES["both"]


class PublicUser(msgspec.Struct, kw_only=True, frozen=True):
    """A person as everybody sees them: nothing by which they could be reached elsewhere."""

    id: Id
    username: Name
    first_name: str
    last_name: str
    user_type: UserType
    is_client: bool
    is_freelancer: bool
    city: str
    country: str
    bio: str
    avatar: str | None
    skills: list[SkillOut]
    average_rating: Annotated[float | None, msgspec.Meta(examples=[4.5])]
    reviews_count: int
    completed_tasks: int
    date_joined: Timestamp

    @classmethod
    def of(cls, view: PersonView) -> "PublicUser":
        """What a person's view holds."""
        account = view.account
        return cls(
            id=account.id,
            username=account.username,
            first_name=account.first_name,
            last_name=account.last_name,
            user_type=user_type(account.roles),
            is_client=Role.CLIENT in account.roles,
            is_freelancer=Role.FREELANCER in account.roles,
            city=account.city,
            country=account.country,
            bio=account.bio,
            avatar=account.avatar,
            skills=[SkillOut.of(skill) for skill in view.skills],
            average_rating=view.average_rating,
            reviews_count=view.reviews,
            completed_tasks=view.completed,
            date_joined=timestamp(account.joined_at),
        )


class PeopleQuery(Query):
    """Which people are wanted."""

    user_type = Choice([*ROLES])
    search = Text(most=200, blank=True)
    city = Text(most=100, blank=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> PeopleFilters:
        """The filters that the domain knows: who is both is found as either."""
        return PeopleFilters(
            among=MEMBERS,
            holding=ROLES.get(data.get("user_type", ""), frozenset()),
            words=words_of(data.get("search", "")),
            city=data.get("city"),
        )
