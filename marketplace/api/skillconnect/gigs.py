"""`/api/v1/gigs/`: services that freelancers offer, projects that clients want done."""

from typing import Any

from marketplace.api.authentication import current_person, signed_in
from marketplace.api.limits import limited
from marketplace.api.paging import Paged
from marketplace.api.skillconnect.dialect import blueprint, page_of, page_request
from marketplace.api.skillconnect.schemas.gigs import (
    CategoryOut,
    ExploreProposalsIn,
    ExploreServicesIn,
    ProjectOut,
    ProposalChangesIn,
    ProposalIn,
    ProposalOut,
    ServiceChangesIn,
    ServiceIn,
    ServiceOut,
)
from marketplace.domains.accounts.public import Role
from marketplace.domains.catalog import public as catalog
from marketplace.domains.catalog.public import UnknownCategory
from marketplace.domains.deals import public as deals
from marketplace.domains.files.errors import EmptyFile, FileTooLarge, NotAPicture, PictureTooLarge
from marketplace.domains.listings.errors import ListingNotFound, NotARange
from marketplace.domains.listings.public import Changes, Draft, Filters, Kind
from marketplace.kernel.pages import Page
from marketplace.kernel.process import WrongState
from marketplace.providers.storage import StorageUnavailable

PICTURE_REFUSALS = (EmptyFile, FileTooLarge, NotAPicture, PictureTooLarge, StorageUnavailable)

gigs = blueprint("Gigs", "gigs", "Services that freelancers offer, projects that clients want done.")


@gigs.get("/categories/")
@signed_in()
@gigs.answers(200, list[CategoryOut])
def list_categories() -> list[CategoryOut]:
    """The kinds of work there are, to choose from: the document names no path for them."""
    return [CategoryOut.of(category) for category in catalog.categories().values()]


@gigs.post("/services/")
@signed_in(Role.FREELANCER)
@limited("upload")
@gigs.takes(ServiceIn)
@gigs.answers(201, ServiceOut)
@gigs.refuses(UnknownCategory, *PICTURE_REFUSALS)
def create_service(offer: dict[str, Any]) -> ServiceOut:
    """Offer a service, with a picture where the body is a form."""
    return ServiceOut.of(deals.post_offer(actor=current_person(), **offer))


@gigs.get("/services/")
@signed_in(Role.FREELANCER)
@gigs.answers(200, list[ServiceOut])
def list_services() -> list[ServiceOut]:
    """All services that one offers, newest first."""
    return [ServiceOut.of(view) for view in deals.list_own_offers(actor=current_person(), kind=Kind.GIG)]


@gigs.put("/services/<id:service_id>/")
@signed_in(Role.FREELANCER)
@gigs.takes(ServiceChangesIn)
@gigs.answers(200, ServiceOut)
@gigs.refuses(ListingNotFound, UnknownCategory, *PICTURE_REFUSALS)
def put_service(changes: dict[str, Any], service_id: int) -> ServiceOut:
    """Change a service of one's own; what is left out stays."""
    return ServiceOut.of(
        deals.update_offer(actor=current_person(), listing_id=service_id, kind=Kind.GIG, **changes)
    )


@gigs.patch("/services/<id:service_id>/")
@signed_in(Role.FREELANCER)
@gigs.takes(ServiceChangesIn)
@gigs.answers(200, ServiceOut)
@gigs.refuses(ListingNotFound, UnknownCategory, *PICTURE_REFUSALS)
def patch_service(changes: dict[str, Any], service_id: int) -> ServiceOut:
    """Change a part of a service of one's own."""
    return ServiceOut.of(
        deals.update_offer(actor=current_person(), listing_id=service_id, kind=Kind.GIG, **changes)
    )


@gigs.delete("/services/<id:service_id>/")
@signed_in(Role.FREELANCER)
@gigs.answers(204)
@gigs.refuses(ListingNotFound)
def delete_service(service_id: int) -> None:
    """Take a service of one's own off the market; orders that wait for an answer are cancelled."""
    deals.delete_offer(actor=current_person(), listing_id=service_id, kind=Kind.GIG)


@gigs.get("/explore-services/")
@signed_in()
@gigs.takes(ExploreServicesIn, location="query")
@gigs.answers(200, Paged[ServiceOut])
def explore_services(filters: Filters) -> Page[ServiceOut]:
    """The services on the market."""
    return page_of(deals.list_offers(filters, page_request()), ServiceOut.of)


@gigs.post("/proposals/")
@signed_in(Role.CLIENT)
@gigs.takes(ProposalIn)
@gigs.answers(201, ProposalOut)
@gigs.refuses(UnknownCategory, NotARange)
def create_proposal(draft: Draft) -> ProposalOut:
    """Post a project."""
    return ProposalOut.of(deals.post_offer(actor=current_person(), draft=draft))


@gigs.get("/proposals/")
@signed_in(Role.CLIENT)
@gigs.answers(200, list[ProposalOut])
def list_proposals() -> list[ProposalOut]:
    """All projects that one posted, newest first."""
    return [
        ProposalOut.of(view) for view in deals.list_own_offers(actor=current_person(), kind=Kind.PROPOSAL)
    ]


@gigs.put("/proposals/<id:proposal_id>/")
@signed_in(Role.CLIENT)
@gigs.takes(ProposalChangesIn)
@gigs.answers(200, ProposalOut)
@gigs.refuses(ListingNotFound, UnknownCategory, NotARange, WrongState)
def put_proposal(changes: Changes, proposal_id: int) -> ProposalOut:
    """Change a project of one's own while it is open; what is left out stays."""
    return ProposalOut.of(
        deals.update_offer(
            actor=current_person(), listing_id=proposal_id, kind=Kind.PROPOSAL, changes=changes
        )
    )


@gigs.patch("/proposals/<id:proposal_id>/")
@signed_in(Role.CLIENT)
@gigs.takes(ProposalChangesIn)
@gigs.answers(200, ProposalOut)
@gigs.refuses(ListingNotFound, UnknownCategory, NotARange, WrongState)
def patch_proposal(changes: Changes, proposal_id: int) -> ProposalOut:
    """Change a part of a project of one's own while it is open."""
    return ProposalOut.of(
        deals.update_offer(
            actor=current_person(), listing_id=proposal_id, kind=Kind.PROPOSAL, changes=changes
        )
    )


@gigs.delete("/proposals/<id:proposal_id>/")
@signed_in(Role.CLIENT)
@gigs.answers(204)
@gigs.refuses(ListingNotFound)
def delete_proposal(proposal_id: int) -> None:
    """Take a project of one's own off the market; applications that wait for an answer are cancelled."""
    deals.delete_offer(actor=current_person(), listing_id=proposal_id, kind=Kind.PROPOSAL)


@gigs.get("/explore-proposals/")
@signed_in()
@gigs.takes(ExploreProposalsIn, location="query")
@gigs.answers(200, Paged[ProjectOut])
def explore_proposals(filters: Filters) -> Page[ProjectOut]:
    """The projects on the market."""
    return page_of(deals.list_offers(filters, page_request()), ProjectOut.of)
