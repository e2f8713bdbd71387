"""MultiTask as it is mounted."""

from marketplace.api.face import Face
from marketplace.api.multitask.auth import auth
from marketplace.api.multitask.chatbot import chatbot
from marketplace.api.multitask.dialect import FACE, dialect
from marketplace.api.multitask.messaging import messaging
from marketplace.api.multitask.notifications import notifications
from marketplace.api.multitask.payments import payments
from marketplace.api.multitask.portfolio import portfolio
from marketplace.api.multitask.realtime import CHANNELS
from marketplace.api.multitask.recommendations import recommendations
from marketplace.api.multitask.tasks import tasks

multitask = Face(
    name=FACE,
    title="MultiTask",
    version="1.0.0",
    summary="Tasks, applications, escrow and wallet.",
    description="Clients post tasks, freelancers apply, money waits in escrow until the work is accepted.",
    prefixes=("/api/",),
    dialect=dialect,
    channels=CHANNELS,
    blueprints=(auth, portfolio, tasks, messaging, payments, notifications, recommendations, chatbot),
)
