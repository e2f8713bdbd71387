"""The sandbox, never in production: a newcomer, a test or a demo needs no key and no outside account."""

from flask import Flask

from marketplace.api.sandbox import demo, page, razorpay, stripe, tools
from marketplace.kernel.settings import Settings


def register(app: Flask) -> None:
    """Add the sandbox to the application, unless it is production."""
    settings: Settings = app.config["SETTINGS"]
    if settings.is_production:
        return
    app.register_blueprint(tools.blueprint)
    app.register_blueprint(stripe.blueprint)
    app.register_blueprint(razorpay.blueprint)
    app.register_blueprint(page.blueprint)
    if "multitask" in settings.products:
        app.register_blueprint(demo.blueprint)
