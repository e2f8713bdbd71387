"""What the twin knows of the house that it serves: its address, and the secret of its webhooks."""

from marketplace.kernel.settings import Settings
from marketplace.providers.stripe_webhooks import webhook_secret

RECEIVER = "/api/payments/webhooks/stripe/"


class House:
    """The house, as the settings describe it."""

    def __init__(self) -> None:
        """Start with the settings of development."""
        self._settings = Settings()

    def configure(self, settings: Settings) -> None:
        """Take the address and the secret."""
        self._settings = settings

    @property
    def public_url(self) -> str:
        """Where the house answers, without a last slash."""
        return self._settings.public_url

    @property
    def webhook_url(self) -> str:
        """Where webhooks are sent."""
        return self.public_url + RECEIVER

    @property
    def webhook_secret(self) -> str:
        """What a webhook is signed with."""
        return webhook_secret(self._settings) or ""


house = House()
configure = house.configure
