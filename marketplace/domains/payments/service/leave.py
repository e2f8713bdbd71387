"""Somebody deletes their account: nothing of theirs may be left here, or on its way."""

from sqlalchemy import update

from marketplace.domains.payments import rules
from marketplace.domains.payments.errors import MoneyInEscrow, MoneyInWallet
from marketplace.domains.payments.models import HoldRow, PayoutAccountRow
from marketplace.domains.payments.queries import wallet
from marketplace.domains.payments.service import methods, refund, rows
from marketplace.kernel.unit_of_work import unit_of_work


def leave(*, person_id: int) -> None:
    """Call off what somebody has yet to pay or be paid, and forget their bank and their cards.

    Joins an open unit of work. Refuses while money of theirs is in escrow, in their wallet or on its way to
    their bank. Money moves from one of these to the next, and from a payment request to the wallet, under a
    lock that is taken here too, or within one statement of what is read.
    """
    with unit_of_work() as unit:
        for row in rows.lock_unfinished_of(unit, person_id):
            if rules.is_full(row.status):
                raise MoneyInEscrow
            refund.call_off_one(unit, row)
        for request in rows.lock_pending_requests_of(unit, person_id):
            request.status = rules.REQUEST.decide("call_off", state=request.status, actors={rules.HOUSE})
        # A refund that their bank sends back may only be asked for anew.
        refunded = HoldRow.status.in_(rules.REPAID) & (HoldRow.payer_id == person_id)
        unit.session.execute(update(HoldRow).where(refunded).values(called_off=True))
        unit.session.flush()
        if wallet.has_money(person_id=person_id):
            raise MoneyInWallet
        methods.forget_methods(person_id=person_id)
        unit.session.execute(
            update(PayoutAccountRow)
            .where(PayoutAccountRow.person_id == person_id)
            .values(email="", country="")
        )
