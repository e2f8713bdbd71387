"""The application factory."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from flask_cors import CORS
from typing_extensions import override
from werkzeug.middleware.proxy_fix import ProxyFix

from marketplace import realtime
from marketplace.api import errors, platform, sandbox
from marketplace.api.converters import IdConverter
from marketplace.api.face import Face
from marketplace.api.forms import admit_files
from marketplace.api.limits import limits_storage
from marketplace.api.multitask.face import multitask
from marketplace.api.plain import PlainDialect
from marketplace.api.request import StrictRequest
from marketplace.api.skillconnect.face import skillconnect
from marketplace.cli import register_commands
from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Role
from marketplace.domains.payments import public as payments
from marketplace.extensions import limiter
from marketplace.kernel.clock import clock
from marketplace.kernel.database import database
from marketplace.kernel.facts import reactions
from marketplace.kernel.jobs import jobs
from marketplace.kernel.links import links
from marketplace.kernel.logs import configure_logs
from marketplace.kernel.settings import Settings, load_settings
from marketplace.kernel.tokens import tokens
from marketplace.providers import google, language_model, mail, razorpay, storage, stripe
from marketplace.providers.sandbox.razorpay import house as razorpay_house
from marketplace.providers.sandbox.stripe import house
from marketplace.wiring import listen, wire

FACES: Sequence[Face] = (multitask, skillconnect)
MAX_BODY_BYTES = 8 * 1024 * 1024
EXPOSED_HEADERS = ["Idempotent-Replayed", "Link", "Retry-After", "X-Total-Count"]
PREFLIGHT_S = 600


@dataclass(frozen=True)
class Mounted:
    """A face and the OpenAPI document that its blueprints made."""

    name: str
    title: str
    summary: str
    document: Any

    def spec(self) -> dict[str, Any]:
        """The OpenAPI document; it is made once and not to be changed."""
        return self._spec

    @cached_property
    def _spec(self) -> dict[str, Any]:
        spec: dict[str, Any] = self.document.to_dict()
        return spec


class NoSessions(SessionInterface):
    """No cookie holds anything: people show a token, and an administrator a password."""

    @override
    def open_session(self, app: Flask, request: Request) -> None:
        """Open none."""

    @override
    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep none: nothing opens one."""


def create_app(settings: Settings | None = None) -> Flask:
    """The application, configured from the environment unless settings are given."""
    settings = settings or load_settings(os.environ)
    configure(settings)
    app = Flask("marketplace", static_folder=None)
    app.request_class = StrictRequest
    app.session_interface = NoSessions()
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        RATELIMIT_ENABLED=settings.rate_limits,
        RATELIMIT_STORAGE_URI=limits_storage(settings.redis_url),
        SETTINGS=settings,
    )
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented way to wrap itself
            app.wsgi_app,
            x_for=settings.trusted_proxies,
            x_proto=settings.trusted_proxies,
            x_host=settings.trusted_proxies,
        )
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.url_map.converters["id"] = IdConverter
    app.before_request(admit_files)
    limiter.init_app(app)
    if settings.cors_origins:
        CORS(app, origins=list(settings.cors_origins), expose_headers=EXPOSED_HEADERS, max_age=PREFLIGHT_S)
    mounted = [face for face in FACES if face.name in settings.products]
    for face in mounted:
        face.mount(app)
    app.extensions["marketplace.faces"] = {
        face.name: Mounted(
            face.name, face.title, face.summary, app.extensions["marketplace.specs"][face.name]
        )
        for face in mounted
    }
    platform.register(app, authenticate_admin=is_admin)
    sandbox.register(app)
    errors.register(app, mounted, PlainDialect())
    realtime.register(app, [channel for face in mounted for channel in face.channels], settings)
    listen(realtime.presence)
    register_commands(app)
    return app


def is_admin(identifier: str, password: str) -> bool:
    """Whether these are the credentials of an administrator."""
    return accounts.is_staff_password(identifier=identifier, password=password, role=Role.ADMIN)


def configure(settings: Settings) -> None:
    """Hand the settings to the kernel, and wire facts to reactions."""
    configure_logs(settings)
    clock.configure(settings)
    links.configure(settings)
    tokens.configure(settings)
    mail.configure(settings)
    storage.configure(settings)
    language_model.configure(settings)
    stripe.configure(settings)
    razorpay.configure(settings)
    google.configure(settings)
    house.configure(settings)
    razorpay_house.configure(settings)
    payments.configure(settings)
    if settings.database_url:
        database.configure(settings)
    if settings.redis_url:
        jobs.configure(settings)
    wire(reactions)
