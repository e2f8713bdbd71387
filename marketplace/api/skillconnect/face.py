"""SkillConnect as it is mounted."""

from marketplace.api.face import Face
from marketplace.api.skillconnect.contracts import contracts
from marketplace.api.skillconnect.dialect import BASE, FACE, dialect, messaging_dialect
from marketplace.api.skillconnect.gigs import gigs
from marketplace.api.skillconnect.messaging import messaging
from marketplace.api.skillconnect.orders import orders
from marketplace.api.skillconnect.payments import payments
from marketplace.api.skillconnect.profiles import profiles
from marketplace.api.skillconnect.realtime import CHANNELS
from marketplace.api.skillconnect.realtime_orders import ORDER_CHANNELS
from marketplace.api.skillconnect.users import users

skillconnect = Face(
    name=FACE,
    title="SkillConnect",
    version="1.0.0",
    summary="Gigs, proposals, orders, contracts and payment requests.",
    description="Freelancers offer services, clients post projects, and both meet in orders and their talks.",
    prefixes=(BASE,),
    dialect=dialect,
    sections={f"{BASE}messaging/": messaging_dialect},
    channels=(*CHANNELS, *ORDER_CHANNELS),
    blueprints=(users, profiles, gigs, orders, messaging, contracts, payments),
)
