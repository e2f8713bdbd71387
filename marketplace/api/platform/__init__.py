"""What is the server's own, whichever faces it shows: pages for people, webhooks, health, numbers, jobs."""

from collections.abc import Callable

from flask import Flask

from marketplace.api.platform import (
    dashboard,
    files,
    health,
    metrics,
    pages,
    passwords,
    readiness,
    verification,
    webhooks,
)
from marketplace.kernel import relay
from marketplace.kernel.jobs import jobs


def register(app: Flask, *, authenticate_admin: Callable[[str, str], bool]) -> None:
    """Add them to the application; `authenticate_admin(email, password)` opens the dashboard."""
    metrics.observe(app).register(metrics.OutboxGauge(relay.backlog))
    app.extensions[health.EXTENSION] = readiness.CHECKS
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(files.blueprint)
    app.register_blueprint(verification.blueprint)
    app.register_blueprint(passwords.blueprint)
    app.register_blueprint(webhooks.blueprint)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(metrics.blueprint)
    dashboard.mount(app, authenticate=authenticate_admin, redis=lambda: jobs.redis)
