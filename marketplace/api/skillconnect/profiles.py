"""`/api/v1/profiles/`: what freelancers and clients say of themselves, and finding them."""

from marketplace.api.authentication import current_person, public, signed_in
from marketplace.api.limits import limited
from marketplace.api.paging import Paged
from marketplace.api.skillconnect.dialect import blueprint, page_of, page_request
from marketplace.api.skillconnect.schemas.clients import (
    ClientChangesIn,
    ClientDetailOut,
    ClientIn,
    ClientItemOut,
    ClientOut,
    ClientReplacementIn,
    ClientsQuery,
)
from marketplace.api.skillconnect.schemas.freelancers import (
    FreelancerDetailOut,
    FreelancerItemOut,
    FreelancerOut,
    FreelancersQuery,
)
from marketplace.api.skillconnect.schemas.freelancers_in import (
    FreelancerChangesIn,
    FreelancerIn,
    FreelancerReplacementIn,
)
from marketplace.api.skillconnect.schemas.members import CityOut, CityQuery
from marketplace.domains.accounts.public import Role
from marketplace.domains.catalog import public as catalog
from marketplace.domains.deals import public as deals
from marketplace.domains.files.errors import (
    EmptyFile,
    FileTooLarge,
    NotAccepted,
    NotAPicture,
    PictureTooLarge,
)
from marketplace.domains.profiles import public as members
from marketplace.domains.profiles.errors import (
    CompanyNameMissing,
    NoSuchProfile,
    ProfileExists,
    ProfileNotFound,
)
from marketplace.domains.profiles.public import (
    ClientChanges,
    ClientFilters,
    FreelancerChanges,
    FreelancerFilters,
)
from marketplace.kernel.pages import Page
from marketplace.providers.storage import StorageUnavailable

profiles = blueprint(
    "Profiles", "profiles", "What freelancers and clients say of themselves, and finding them."
)
COUNTRY = "IN"
PICTURE_REFUSALS = (EmptyFile, FileTooLarge, NotAPicture, PictureTooLarge, StorageUnavailable)
FILE_REFUSALS = (*PICTURE_REFUSALS, NotAccepted)


@profiles.get("/city-autocomplete/")
@public
@profiles.takes(CityQuery, location="query")
@profiles.answers(200, list[CityOut])
def complete_city(query: dict[str, str]) -> list[CityOut]:
    """Cities of India by the beginning of a name, a part of it, or how it sounds to who types it."""
    names = catalog.suggest_cities(query["q"], country=COUNTRY)
    return [CityOut(id=place, name=name) for place, name in enumerate(names)]


@profiles.post("/freelancer/profile-setup/")
@signed_in(Role.FREELANCER)
@limited("upload")
@profiles.takes(FreelancerIn)
@profiles.answers(201, FreelancerOut)
@profiles.refuses(ProfileExists, *FILE_REFUSALS)
def create_freelancer(changes: FreelancerChanges) -> FreelancerOut:
    """Make one's profile as a freelancer."""
    return FreelancerOut.of(members.create_freelancer(actor=current_person(), changes=changes))


@profiles.get("/freelancer/profile-setup/me/")
@signed_in(Role.FREELANCER)
@profiles.answers(200, FreelancerOut)
@profiles.refuses(ProfileNotFound)
def get_own_freelancer() -> FreelancerOut:
    """One's own profile as a freelancer."""
    return FreelancerOut.of(members.get_own_freelancer(actor=current_person()))


@profiles.put("/freelancer/profile-setup/me/")
@signed_in(Role.FREELANCER)
@limited("upload")
@profiles.takes(FreelancerReplacementIn)
@profiles.answers(200, FreelancerOut)
@profiles.refuses(ProfileNotFound, *FILE_REFUSALS)
def replace_freelancer(changes: FreelancerChanges) -> FreelancerOut:
    """Replace one's profile as a freelancer; only a picture that is left out stays."""
    return FreelancerOut.of(members.change_freelancer(actor=current_person(), changes=changes))


@profiles.patch("/freelancer/profile-setup/me/")
@signed_in(Role.FREELANCER)
@limited("upload")
@profiles.takes(FreelancerChangesIn)
@profiles.answers(200, FreelancerOut)
@profiles.refuses(ProfileNotFound, *FILE_REFUSALS)
def change_freelancer(changes: FreelancerChanges) -> FreelancerOut:
    """Change one's profile as a freelancer; a list that is sent replaces the one that is there."""
    return FreelancerOut.of(members.change_freelancer(actor=current_person(), changes=changes))


@profiles.get("/freelancers/browse/")
@public
@profiles.takes(FreelancersQuery, location="query")
@profiles.answers(200, Paged[FreelancerItemOut])
def list_freelancers(filters: FreelancerFilters) -> Page[FreelancerItemOut]:
    """Find freelancers."""
    return page_of(deals.list_freelancers(filters, page_request()), FreelancerItemOut.of)


@profiles.get("/freelancers/browse/<id:profile_id>/")
@public
@profiles.answers(200, FreelancerDetailOut)
@profiles.refuses(NoSuchProfile)
def get_freelancer(profile_id: int) -> FreelancerDetailOut:
    """A freelancer as everybody sees them."""
    return FreelancerDetailOut.of_anybody(deals.get_freelancer(profile_id))


@profiles.post("/client/profile-setup/")
@signed_in(Role.CLIENT)
@limited("upload")
@profiles.takes(ClientIn)
@profiles.answers(201, ClientOut)
@profiles.refuses(CompanyNameMissing, ProfileExists, *PICTURE_REFUSALS)
def create_client(changes: ClientChanges) -> ClientOut:
    """Make one's profile as a client."""
    return ClientOut.of(members.create_client(actor=current_person(), changes=changes))


@profiles.get("/client/profile-setup/me/")
@signed_in(Role.CLIENT)
@profiles.answers(200, ClientOut)
@profiles.refuses(ProfileNotFound)
def get_own_client() -> ClientOut:
    """One's own profile as a client."""
    return ClientOut.of(members.get_own_client(actor=current_person()))


@profiles.put("/client/profile-setup/me/")
@signed_in(Role.CLIENT)
@limited("upload")
@profiles.takes(ClientReplacementIn)
@profiles.answers(200, ClientOut)
@profiles.refuses(CompanyNameMissing, ProfileNotFound, *PICTURE_REFUSALS)
def replace_client(changes: ClientChanges) -> ClientOut:
    """Replace one's profile as a client; only a picture that is left out stays."""
    return ClientOut.of(members.change_client(actor=current_person(), changes=changes))


@profiles.patch("/client/profile-setup/me/")
@signed_in(Role.CLIENT)
@limited("upload")
@profiles.takes(ClientChangesIn)
@profiles.answers(200, ClientOut)
@profiles.refuses(CompanyNameMissing, ProfileNotFound, *PICTURE_REFUSALS)
def change_client(changes: ClientChanges) -> ClientOut:
    """Change one's profile as a client."""
    return ClientOut.of(members.change_client(actor=current_person(), changes=changes))


@profiles.get("/clients/browse/")
@public
@profiles.takes(ClientsQuery, location="query")
@profiles.answers(200, Paged[ClientItemOut])
def list_clients(filters: ClientFilters) -> Page[ClientItemOut]:
    """Find clients."""
    return page_of(members.list_clients(filters, page_request()), ClientItemOut.of)


@profiles.get("/clients/browse/<id:profile_id>/")
@public
@profiles.answers(200, ClientDetailOut)
@profiles.refuses(NoSuchProfile)
def get_client(profile_id: int) -> ClientDetailOut:
    """A client as everybody sees them."""
    return ClientDetailOut.of(members.get_client(profile_id))
