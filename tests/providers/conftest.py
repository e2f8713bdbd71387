import threading
from dataclasses import dataclass, field

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from marketplace.providers.sandbox.stripe.house import House
from marketplace.providers.stripe import StripeProvider


@dataclass
class Receiver:
    """Receives webhooks as the house does, and can be down."""

    provider: StripeProvider
    status: int = 200
    events: list = field(default_factory=list)

    @Request.application
    def __call__(self, request):
        event = self.provider.read_event(request.get_data(), request.headers["Stripe-Signature"])
        if self.status == 200:
            self.events.append(event)
        return Response(status=self.status)

    @property
    def types(self):
        return [event.type for event in self.events]


@pytest.fixture
def provider(app):
    """The real client, speaking to the twin over HTTP."""
    return StripeProvider(app.config["SETTINGS"])


@pytest.fixture
def receiver(provider, monkeypatch):
    receiver = Receiver(provider)
    server = make_server("127.0.0.1", 0, receiver, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/"
    monkeypatch.setattr(House, "webhook_url", property(lambda _: url))
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()
