"""The one page that says who reacts to which fact."""

from marketplace.domains.accounts import events as accounts_events
from marketplace.domains.deals import events as deals_events
from marketplace.domains.listings import events as listings_events
from marketplace.kernel import relay
from marketplace.kernel.facts import Fact, Reactions
from marketplace.kernel.unit_of_work import after_every_commit

# Facts that are recorded for the books and for whoever comes later; nobody reacts to them today.
UNHEARD: frozenset[type[Fact]] = frozenset(
    {
        accounts_events.Registered,
        accounts_events.EmailVerified,
        accounts_events.SessionRevoked,
        accounts_events.VerificationAsked,
        deals_events.ApplicationAccepted,
        deals_events.ApplicationRejected,
        deals_events.ApplicationSubmitted,
        deals_events.ReviewGiven,
        deals_events.TaskCancelled,
        deals_events.TaskCompleted,
        listings_events.TaskPosted,
    }
)


def wire(reactions: Reactions) -> None:
    """Connect facts to reactions, and commits to the relay."""
    reactions.clear()
    after_every_commit(relay.wake)
