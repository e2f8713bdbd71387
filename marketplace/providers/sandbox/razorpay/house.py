"""What the twin knows of the house that it serves: its address, its keys, and the secret of its webhooks."""

from marketplace.kernel.settings import Settings
from marketplace.providers.razorpay import SANDBOX_KEY, key_secret, webhook_secret

RECEIVER = "/webhooks/razorpay/"


class House:
    """The house, as the settings describe it."""

    def __init__(self) -> None:
        """Start with the settings of development."""
        self._settings = Settings()

    def configure(self, settings: Settings) -> None:
        """Take the address and the secrets."""
        self._settings = settings

    @property
    def webhook_url(self) -> str:
        """Where webhooks are sent."""
        return self._settings.public_url + RECEIVER

    @property
    def keys(self) -> tuple[str, str]:
        """The public key and its secret, which signs what a payer's page is told."""
        return self._settings.razorpay_key_id or SANDBOX_KEY, key_secret(self._settings) or ""

    @property
    def webhook_secret(self) -> str:
        """What a webhook is signed with."""
        return webhook_secret(self._settings) or ""


house = House()
configure = house.configure
