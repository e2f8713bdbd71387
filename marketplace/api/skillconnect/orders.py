"""`/api/v1/gigs/service-orders/` and `/proposal-orders/`: ordering services, applying to projects."""

from typing import Any

from marketplace.api.authentication import current_person, signed_in
from marketplace.api.limits import limited
from marketplace.api.skillconnect.dialect import blueprint
from marketplace.api.skillconnect.schemas.orders import (
    Decided,
    DecisionIn,
    ProposalOrderIn,
    ProposalOrderOut,
    ServiceOrderIn,
    ServiceOrderOut,
)
from marketplace.domains.accounts.public import Role
from marketplace.domains.deals import errors
from marketplace.domains.deals import public as deals
from marketplace.domains.deals.public import Kind, Status
from marketplace.kernel.process import NotYours, WrongState

DECISION_REFUSALS = (errors.OrderNotFound, errors.UnknownDecision, NotYours, WrongState)

orders = blueprint("Orders", "gigs", "Ordering services, applying to projects.")


@orders.post("/service-orders/")
@signed_in(Role.CLIENT)
@limited("apply")
@orders.takes(ServiceOrderIn)
@orders.answers(201, ServiceOrderOut)
@orders.refuses(errors.GigNotOrderable, errors.OwnOffer)
def create_service_order(order: dict[str, Any]) -> ServiceOrderOut:
    """Order a service."""
    return ServiceOrderOut.of(deals.order_gig(actor=current_person(), **order))


@orders.get("/service-orders/")
@signed_in(Role.FREELANCER, Role.CLIENT)
@orders.answers(200, list[ServiceOrderOut])
def list_service_orders() -> list[ServiceOrderOut]:
    """The orders that one received or placed, newest first."""
    found = deals.list_orders(actor=current_person(), kind=Kind.GIG_ORDER)
    return [ServiceOrderOut.of(view) for view in found]


@orders.patch("/service-orders/<id:order_id>/")
@signed_in(Role.FREELANCER, Role.CLIENT)
@orders.takes(DecisionIn)
@orders.answers(200, Decided)
@orders.refuses(*DECISION_REFUSALS)
def decide_service_order(decision: dict[str, Status], order_id: int) -> Decided:
    """Accept, reject or cancel an order; its client may cancel it while it is pending."""
    return Decided.of(
        deals.decide_order(
            actor=current_person(), order_id=order_id, kind=Kind.GIG_ORDER, wanted=decision["status"]
        )
    )


@orders.post("/proposal-orders/")
@signed_in(Role.FREELANCER)
@limited("apply")
@orders.takes(ProposalOrderIn)
@orders.answers(201, ProposalOrderOut)
@orders.refuses(errors.ProjectNotOpen, errors.LiveOrder, errors.OwnOffer, errors.UnknownDecision)
def create_proposal_order(application: dict[str, Any]) -> ProposalOrderOut:
    """Apply to a project."""
    return ProposalOrderOut.of(deals.apply_to_project(actor=current_person(), **application))


@orders.get("/proposal-orders/")
@signed_in(Role.FREELANCER, Role.CLIENT)
@orders.answers(200, list[ProposalOrderOut])
def list_proposal_orders() -> list[ProposalOrderOut]:
    """The applications that one made, or that were made to one's projects, newest first."""
    found = deals.list_orders(actor=current_person(), kind=Kind.PROPOSAL_ORDER)
    return [ProposalOrderOut.of(view) for view in found]


@orders.patch("/proposal-orders/<id:order_id>/")
@signed_in(Role.FREELANCER, Role.CLIENT)
@orders.takes(DecisionIn)
@orders.answers(200, Decided)
@orders.refuses(*DECISION_REFUSALS)
def decide_proposal_order(decision: dict[str, Status], order_id: int) -> Decided:
    """Accept, reject or cancel an application; who made it may cancel it."""
    return Decided.of(
        deals.decide_order(
            actor=current_person(), order_id=order_id, kind=Kind.PROPOSAL_ORDER, wanted=decision["status"]
        )
    )
