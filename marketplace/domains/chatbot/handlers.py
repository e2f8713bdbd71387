"""What the chatbot does about what happened elsewhere."""

from marketplace.domains.accounts.events import AccountDeleted
from marketplace.domains.chatbot.service.forget import forget_talks


def forget_person(fact: AccountDeleted) -> None:
    """Delete the talks of somebody who has deleted their account."""
    forget_talks(person_id=fact.person_id)
