"""Settings: read once from the environment, checked, and frozen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

FACES = ("multitask", "skillconnect")
ASYNC_MODES = ("eventlet", "threading")
ENVIRONMENTS = ("development", "production")

# What production must be told; each has a working stand-in in development only.
REQUIRED_IN_PRODUCTION = (
    "SECRET_KEY",
    "DATABASE_URL",
    "REDIS_URL",
    "PUBLIC_URL",
    "MAIL_URL",
    "STRIPE_API_KEY",
    "STRIPE_WEBHOOK_SECRET",
)
DEVELOPMENT_SECRET = "development-only-secret-never-used-in-production"  # noqa: S105 - refused in production
MIN_SECRET_LENGTH = 32
MAX_PORT = 65_535


class SettingsError(Exception):
    """A setting is missing or wrong; the message is one line that names it."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every setting of one process, with the defaults of development."""

    environment: str = "development"
    secret_key: str = field(default=DEVELOPMENT_SECRET, repr=False)
    database_url: str | None = field(default=None, repr=False)
    database_owner_url: str | None = field(default=None, repr=False)
    redis_url: str | None = field(default=None, repr=False)
    instance_path: Path = Path("instance")
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    products: tuple[str, ...] = FACES
    rate_limits: bool = True
    cors_origins: tuple[str, ...] = ()
    socketio_async_mode: str = "eventlet"
    demo: bool = True
    storage_url: str | None = field(default=None, repr=False)
    mail_url: str | None = field(default=None, repr=False)
    mail_from: str = "Marketplace <no-reply@marketplace.example>"
    stripe_api_key: str | None = field(default=None, repr=False)
    stripe_api_base: str | None = None
    stripe_webhook_secret: str | None = field(default=None, repr=False)
    razorpay_key_id: str | None = None
    razorpay_key_secret: str | None = field(default=None, repr=False)
    razorpay_api_base: str | None = None
    razorpay_webhook_secret: str | None = field(default=None, repr=False)
    google_client_id: str | None = None
    google_certs_url: str = "https://www.googleapis.com/oauth2/v3/certs"
    llm_base_url: str | None = None
    llm_api_key: str | None = field(default=None, repr=False)
    llm_model: str | None = None
    llm_timeout_s: int = 10
    access_token_minutes: int = 30
    refresh_token_days: int = 7
    platform_fee_percent: int = 0
    database_pool_size: int = 20
    trusted_proxies: int = 0
    access_log: bool = True

    @property
    def is_production(self) -> bool:
        """Whether the sandbox is refused and secrets are required."""
        return self.environment == "production"

    @property
    def stripe_is_sandbox(self) -> bool:
        """Whether Stripe is played by the sandbox twin."""
        return self.stripe_api_key is None

    @property
    def razorpay_is_sandbox(self) -> bool:
        """Whether Razorpay is played by the sandbox twin; in production it is then not there at all."""
        return self.razorpay_key_id is None


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read settings from environment variables; a `SettingsError` names the one that is wrong."""
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    environment = _choice(given, "ENVIRONMENT", ENVIRONMENTS)
    if environment == "production":
        _require_secrets(given)
    _require_model(given)
    _require_key_secret(given)
    host = given.get("HOST", "127.0.0.1")
    port = _integer(given, "PORT", 8000, 1, MAX_PORT)
    return Settings(
        environment=environment,
        secret_key=_secret_key(given),
        database_url=_database_url(given, "DATABASE_URL"),
        database_owner_url=_database_url(given, "DATABASE_OWNER_URL"),
        redis_url=_url(given, "REDIS_URL", ("redis", "rediss", "unix")),
        instance_path=Path(given.get("INSTANCE_PATH", "instance")).expanduser().absolute(),
        host=host,
        port=port,
        public_url=(_url(given, "PUBLIC_URL", ("http", "https")) or f"http://{host}:{port}").rstrip("/"),
        products=_products(given),
        rate_limits=_switch(given, "RATE_LIMITS", default=True),
        cors_origins=_origins(given),
        socketio_async_mode=_choice(given, "SOCKETIO_ASYNC_MODE", ASYNC_MODES),
        demo=_switch(given, "DEMO", default=True),
        storage_url=_url(given, "STORAGE_URL", ("file", "s3")),
        mail_url=_url(given, "MAIL_URL", ("smtp", "smtps")),
        mail_from=given.get("MAIL_FROM", Settings.mail_from),
        stripe_api_key=given.get("STRIPE_API_KEY"),
        stripe_api_base=_url(given, "STRIPE_API_BASE", ("http", "https")),
        stripe_webhook_secret=given.get("STRIPE_WEBHOOK_SECRET"),
        razorpay_key_id=given.get("RAZORPAY_KEY_ID"),
        razorpay_key_secret=given.get("RAZORPAY_KEY_SECRET"),
        razorpay_api_base=_url(given, "RAZORPAY_API_BASE", ("http", "https")),
        razorpay_webhook_secret=given.get("RAZORPAY_WEBHOOK_SECRET"),
        google_client_id=given.get("GOOGLE_CLIENT_ID"),
        google_certs_url=_url(given, "GOOGLE_CERTS_URL", ("http", "https")) or Settings.google_certs_url,
        llm_base_url=_url(given, "LLM_BASE_URL", ("http", "https")),
        llm_api_key=given.get("LLM_API_KEY"),
        llm_model=given.get("LLM_MODEL"),
        llm_timeout_s=_integer(given, "LLM_TIMEOUT_S", 10, 1, 120),
        access_token_minutes=_integer(given, "ACCESS_TOKEN_MINUTES", 30, 1, 24 * 60),
        refresh_token_days=_integer(given, "REFRESH_TOKEN_DAYS", 7, 1, 365),
        platform_fee_percent=_integer(given, "PLATFORM_FEE_PERCENT", 0, 0, 50),
        database_pool_size=_integer(given, "DATABASE_POOL_SIZE", 20, 2, 500),
        trusted_proxies=_integer(given, "TRUSTED_PROXIES", 0, 0, 10),
        access_log=_switch(given, "ACCESS_LOG", default=True),
    )


def load_settings_or_exit(environ: Mapping[str, str]) -> Settings:
    """Read settings, or end the process with the one line that names the wrong one: for its entry alone."""
    try:
        return load_settings(environ)
    except SettingsError as error:
        raise SystemExit(f"marketplace: {error}") from None


def _require_secrets(given: Mapping[str, str]) -> None:
    missing = [name for name in REQUIRED_IN_PRODUCTION if name not in given]
    if missing:
        message = f"ENVIRONMENT=production needs {', '.join(missing)}"
        raise SettingsError(message)
    if given["SECRET_KEY"] == DEVELOPMENT_SECRET:
        message = "SECRET_KEY must be your own in production, not the one of development"
        raise SettingsError(message)


def _require_model(given: Mapping[str, str]) -> None:
    if ("LLM_BASE_URL" in given) != ("LLM_MODEL" in given):
        message = "LLM_BASE_URL and LLM_MODEL need each other: set both, or neither"
        raise SettingsError(message)


def _require_key_secret(given: Mapping[str, str]) -> None:
    # the other way round is no mistake: the sandbox signs with a secret that is set
    if "RAZORPAY_KEY_ID" in given and "RAZORPAY_KEY_SECRET" not in given:
        message = "RAZORPAY_KEY_ID needs RAZORPAY_KEY_SECRET"
        raise SettingsError(message)


def _choice(given: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = given.get(name, choices[0])
    if value not in choices:
        message = f"{name} must be one of {', '.join(choices)}, not {value!r}"
        raise SettingsError(message)
    return value


def _integer(given: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:  # noqa: PLR0917 - one row of a table
    value = given.get(name, str(default))
    if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or not low <= int(value) <= high:
        message = f"{name} must be a whole number from {low} to {high}, not {value!r}"
        raise SettingsError(message)
    return int(value)


def _switch(given: Mapping[str, str], name: str, *, default: bool) -> bool:
    words = {
        "on": True,
        "1": True,
        "true": True,
        "yes": True,
        "off": False,
        "0": False,
        "false": False,
        "no": False,
    }
    value = given.get(name, "on" if default else "off").lower()
    if value not in words:
        message = f"{name} must be on or off, not {value!r}"
        raise SettingsError(message)
    return words[value]


def _words(value: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in value.split(",") if word.strip())


def _secret_key(given: Mapping[str, str]) -> str:
    key = given.get("SECRET_KEY", DEVELOPMENT_SECRET)
    if len(key) < MIN_SECRET_LENGTH:
        message = f"SECRET_KEY must have at least {MIN_SECRET_LENGTH} characters"
        raise SettingsError(message)
    return key


def _origins(given: Mapping[str, str]) -> tuple[str, ...]:
    origins = _words(given.get("CORS_ORIGINS", ""))
    for origin in origins:
        parts = urlsplit(origin)
        if (
            parts.scheme not in {"http", "https"}
            or not parts.netloc
            or origin != f"{parts.scheme}://{parts.netloc}"
        ):
            message = f"CORS_ORIGINS must name origins such as https://app.example.com, not {origin!r}"
            raise SettingsError(message)
    return origins


def _products(given: Mapping[str, str]) -> tuple[str, ...]:
    products = _words(given.get("PRODUCTS", ",".join(FACES)))
    unknown = [product for product in products if product not in FACES]
    if unknown or not products:
        message = f"PRODUCTS must name some of {', '.join(FACES)}, not {given.get('PRODUCTS')!r}"
        raise SettingsError(message)
    return products


def _url(given: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    value = given.get(name)
    if value is not None and urlsplit(value).scheme not in schemes:
        message = f"{name} must be a URL that starts with {' or '.join(f'{scheme}:' for scheme in schemes)}"
        raise SettingsError(message)
    return value


def _database_url(given: Mapping[str, str], name: str) -> str | None:
    value = _url(given, name, ("postgresql", "postgres", "postgresql+psycopg"))
    if value is None:
        return None
    return re.sub(r"^(postgres|postgresql)://", "postgresql+psycopg://", value)
