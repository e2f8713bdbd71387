"""People as they are shown beside what they offer, ask for and say: by name, with a way to the profile."""

from typing import Annotated

import msgspec

from marketplace.api.shapes import Id
from marketplace.domains.profiles.public import Card

Name = Annotated[str, msgspec.Meta(examples=["John Doe"])]
City = Annotated[str, msgspec.Meta(examples=["Mumbai"])]
Title = Annotated[str, msgspec.Meta(examples=["Senior Developer"])]
CompanyName = Annotated[str, msgspec.Meta(examples=["TechStart Inc"])]
PicturePath = Annotated[str, msgspec.Meta(examples=["/files/01a1fd88-5db5-71e9-b0cd-f58b4aebd93a"])]


class FreelancerRef(msgspec.Struct, kw_only=True, frozen=True):
    """A freelancer; `profile_id` leads to their profile, and is null as long as they have none."""

    id: Id
    profile_id: Id | None
    name: Name
    title: Title
    location: City
    profile_picture: PicturePath | None

    @classmethod
    def of(cls, card: Card) -> "FreelancerRef":
        """Somebody as a freelancer."""
        return cls(
            id=card.person_id,
            profile_id=card.freelancer_id,
            name=card.name,
            title=card.title,
            location=card.location,
            profile_picture=card.picture,
        )


class ClientRef(msgspec.Struct, kw_only=True, frozen=True):
    """A client; `profile_id` leads to their profile, and is null as long as they have none."""

    id: Id
    profile_id: Id | None
    name: Name
    company_name: CompanyName
    location: City
    profile_picture: PicturePath | None

    @classmethod
    def of(cls, card: Card) -> "ClientRef":
        """Somebody as a client."""
        return cls(
            id=card.person_id,
            profile_id=card.client_id,
            name=card.name,
            company_name=card.company_name,
            location=card.location,
            profile_picture=card.picture,
        )
