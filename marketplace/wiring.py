"""The one page that says who reacts to which fact."""

from marketplace.api.multitask import realtime as multitask
from marketplace.api.skillconnect import realtime as skillconnect
from marketplace.api.skillconnect import realtime_orders as skillconnect_orders
from marketplace.domains.accounts import events as accounts_events
from marketplace.domains.accounts import handlers as accounts_handlers
from marketplace.domains.chatbot import handlers as chatbot
from marketplace.domains.deals import events as deals_events
from marketplace.domains.deals import handlers as deals_handlers
from marketplace.domains.files import events as files_events
from marketplace.domains.files import jobs as files_jobs
from marketplace.domains.listings import events as listings_events
from marketplace.domains.messaging import events as messaging_events
from marketplace.domains.notifications import events as notifications_events
from marketplace.domains.notifications import handlers as notifications
from marketplace.domains.payments import events as payments_events
from marketplace.domains.payments import handlers as payments_handlers
from marketplace.domains.payments import jobs as payments_jobs
from marketplace.domains.profiles import events as profiles_events
from marketplace.domains.recommendations import handlers as recommendations
from marketplace.domains.recommendations import jobs as recommendations_jobs
from marketplace.kernel import relay
from marketplace.kernel.facts import Fact, Reactions
from marketplace.kernel.unit_of_work import after_every_commit
from marketplace.providers.sandbox import events as sandbox_events
from marketplace.providers.sandbox.razorpay import webhooks as razorpay_webhooks
from marketplace.providers.sandbox.stripe import people as sandbox_people
from marketplace.providers.sandbox.stripe import webhooks as sandbox_webhooks
from marketplace.realtime import handlers as sockets
from marketplace.realtime.presence import Presence

# Facts that are recorded for the books and for whoever comes later; nobody reacts to them today.
UNHEARD: frozenset[type[Fact]] = frozenset(
    {
        accounts_events.Registered,
        accounts_events.EmailVerified,
        payments_events.PaymentCancelled,
        payments_events.PaymentFailed,
        payments_events.PaymentRequested,
        payments_events.PayoutAccountChanged,
        payments_events.RefundDeclined,
    }
)


def listen(presence: Presence) -> None:
    """Tell the faces of who comes and goes."""
    presence.listen(multitask.push_presence)
    presence.listen(skillconnect.push_presence)


def wire(reactions: Reactions) -> None:
    """Connect facts to reactions, and commits to the relay."""
    reactions.clear()
    _wire_people(reactions)
    _wire_deals(reactions)
    _wire_talk(reactions)
    _wire_money(reactions)
    _wire_files(reactions)
    _wire_recommendations(reactions)
    _wire_sandbox(reactions)
    after_every_commit(relay.wake)


def _wire_people(reactions: Reactions) -> None:
    reactions.send(accounts_events.SessionRevoked, sockets.close_revoked_session)
    reactions.job(accounts_events.VerificationAsked, notifications.mail_verification)
    reactions.job(accounts_events.PasswordResetAsked, notifications.mail_reset)
    reactions.write(accounts_events.PasswordChanged, notifications.tell_of_password)
    reactions.job(accounts_events.DigitsAsked, notifications.mail_digits)
    reactions.write(accounts_events.EnrolmentLapses, accounts_handlers.forget_unproven)
    reactions.write(accounts_events.AccountDeleted, chatbot.forget_person)
    reactions.write(accounts_events.AccountDeleted, notifications.forget_person)


def _wire_deals(reactions: Reactions) -> None:
    reactions.send_all(deals_events.DealOpened, skillconnect_orders.push_notices)
    reactions.send_all(deals_events.DealAccepted, skillconnect_orders.push_notices)
    reactions.send_all(deals_events.DealRejected, skillconnect_orders.push_notices)
    reactions.send_all(deals_events.DealCancelled, skillconnect_orders.push_notices)
    reactions.send(deals_events.ContractChanged, skillconnect_orders.push_contract)
    reactions.write_all(deals_events.DealOpened, notifications.tell_of_openings)
    reactions.write(deals_events.DealAccepted, notifications.tell_of_acceptance)
    reactions.write(deals_events.DealRejected, notifications.tell_of_rejection)
    reactions.write(deals_events.DealCancelled, notifications.tell_of_cancelled_order)
    reactions.write(deals_events.DealRemoved, notifications.tell_of_rejection)
    reactions.write(deals_events.DealWithdrawn, notifications.forget_application)
    reactions.write(deals_events.DealCompleted, notifications.tell_of_completion)
    reactions.write(deals_events.TaskCancelled, notifications.tell_of_cancellation)
    reactions.write(deals_events.ReviewGiven, notifications.tell_of_review)
    reactions.write(listings_events.ListingDeleted, notifications.forget_listing)


def _wire_talk(reactions: Reactions) -> None:
    reactions.send_all(messaging_events.MessageSent, multitask.push_messages)
    reactions.send_all(messaging_events.MessageSent, skillconnect.push_messages)
    reactions.write_all(messaging_events.MessageSent, notifications.tell_of_messages)
    reactions.send(messaging_events.MessageEdited, skillconnect.push_edit)
    reactions.send(messaging_events.MessageUpdated, skillconnect.push_update)
    reactions.send(messaging_events.ReactionChanged, skillconnect.push_reaction)
    reactions.send_all(notifications_events.NotificationCreated, multitask.push_notifications)
    reactions.job(notifications_events.NotificationCreated, notifications.mail_notification)


def _wire_money(reactions: Reactions) -> None:
    reactions.write(payments_events.PaymentHeld, notifications.tell_of_payment_held)
    reactions.write(payments_events.PaymentRequestPaid, deals_handlers.show_as_paid)
    reactions.write(payments_events.PaymentReleased, notifications.tell_of_payment_released)
    reactions.write(payments_events.PaymentRefunded, notifications.tell_of_payment_refunded)
    reactions.write(payments_events.WithdrawalCompleted, notifications.tell_of_withdrawal_completed)
    reactions.write(payments_events.WithdrawalFailed, notifications.tell_of_withdrawal_failed)
    reactions.write(payments_events.ProviderReferenceLearned, payments_handlers.read_kept_events)
    reactions.send(payments_events.RefundRequested, payments_handlers.carry_out_refund)
    reactions.send(payments_events.IntentAwaited, payments_handlers.see_intent_opened)
    reactions.send(payments_events.IntentUnwanted, payments_handlers.cancel_intent)
    reactions.send(payments_events.PaymentMethodRemoved, payments_handlers.detach_method)
    reactions.job(payments_events.WithdrawalRequested, payments_jobs.send_withdrawal)
    reactions.job(payments_events.WithdrawalReturning, payments_jobs.take_withdrawal_back)


def _wire_files(reactions: Reactions) -> None:
    reactions.job(files_events.FileDiscarded, files_jobs.delete_blobs)


def _wire_recommendations(reactions: Reactions) -> None:
    reactions.write(accounts_events.AccountChanged, recommendations.describe_person)
    reactions.write(accounts_events.AccountDeleted, recommendations.describe_person)
    reactions.write(deals_events.DealAccepted, recommendations.describe_listing)
    reactions.write(deals_events.TaskCancelled, recommendations.forget_task)
    reactions.write(listings_events.ListingDeleted, recommendations.describe_listing)
    reactions.write(listings_events.ListingPosted, recommendations.describe_listing)
    reactions.write(listings_events.ListingUpdated, recommendations.describe_listing)
    reactions.write(profiles_events.PreferencesChanged, recommendations.describe_person)
    reactions.write(profiles_events.SkillsReplaced, recommendations.describe_person)
    reactions.job(deals_events.DealAccepted, recommendations_jobs.learn_from_deal)
    reactions.job(deals_events.DealOpened, recommendations_jobs.learn_from_deal)
    reactions.job(listings_events.ListingSaved, recommendations_jobs.learn_from_saving)


def _wire_sandbox(reactions: Reactions) -> None:
    reactions.send(sandbox_events.WebhookDue, sandbox_webhooks.send)
    reactions.send(sandbox_events.RazorpayWebhookDue, razorpay_webhooks.send)
    reactions.write(sandbox_events.PayoutUnderWay, sandbox_people.settle)
