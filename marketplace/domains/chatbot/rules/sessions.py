"""The life of a talk."""

from marketplace.domains.chatbot.types import Status
from marketplace.kernel.process import Process, action

OWNER = "owner"

SESSION = Process(
    "chat session",
    initial=Status.ACTIVE,
    actions={
        "continue": action(Status.ACTIVE, to=Status.ACTIVE, by={OWNER}),
        "end": action(Status.ACTIVE, to=Status.ENDED, by={OWNER}),
    },
)
