"""The life cycle that the twin plays."""

from marketplace.kernel.process import Process, action

PAYER = frozenset({"payer"})

# https://razorpay.com/docs/payments/orders/: a payment that fails leaves its order open to another.
ORDER = Process(
    "order",
    initial="created",
    actions={
        "pay": action("created", "attempted", to="paid", by=PAYER),
        "decline": action("created", "attempted", to="attempted", by=PAYER),
    },
)
