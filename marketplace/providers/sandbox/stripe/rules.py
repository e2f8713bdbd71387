"""The life cycles that the twin plays."""

from marketplace.kernel.process import Process, action

PAYER = frozenset({"payer"})
API = frozenset({"api"})
BANK = frozenset({"bank"})

# https://docs.stripe.com/payments/paymentintents/lifecycle, without the steps of cards that ask for more.
PAYMENT = Process(
    "payment",
    initial="requires_payment_method",
    actions={
        "pay": action("requires_payment_method", to="succeeded", by=PAYER),
        "decline": action("requires_payment_method", to="requires_payment_method", by=PAYER),
        "update": action("requires_payment_method", to="requires_payment_method", by=API),
        "cancel": action("requires_payment_method", to="canceled", by=API),
        "refund": action("succeeded", to="succeeded", by=API),
    },
)

# A card that was detached is of no use any more (https://docs.stripe.com/api/payment_methods/detach).
CARD = Process(
    "card",
    initial="fresh",
    actions={
        "attach": action("fresh", "attached", to="attached", by=API),
        "detach": action("attached", to="detached", by=API),
    },
)

REFUND = Process(
    "refund",
    initial="pending",
    actions={
        "arrive": action("pending", to="succeeded", by=BANK),
        # Also one that had succeeded: the payer's card may be closed.
        "fail": action("pending", "succeeded", to="failed", by=BANK),
    },
)

PAYOUT = Process(
    "payout",
    initial="pending",
    actions={
        "arrive": action("pending", to="paid", by=BANK),
        "fail": action("pending", to="failed", by=BANK),
    },
)
