"""The terms on which this deployment handles money."""

from marketplace.domains.payments import rules
from marketplace.kernel.money import Money
from marketplace.kernel.settings import Settings


class Terms:
    """The platform's fee, and where a provider's page may lead back to."""

    def __init__(self) -> None:
        """Start with the defaults."""
        self.configure(Settings())

    def configure(self, settings: Settings) -> None:
        """Take the settings of this process."""
        self.fee_percent = settings.platform_fee_percent
        self.home_url = f"{settings.public_url}/"
        self.allowed_origins = rules.origins((settings.public_url, *settings.cors_origins))

    def fee_of(self, amount: Money) -> Money:
        """What the house takes of an amount, rounded down."""
        return amount.percent(self.fee_percent)


terms = Terms()
configure = terms.configure
