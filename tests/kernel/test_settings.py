"""Settings: read, checked, and refused with the name of the one that is wrong."""

from pathlib import Path

import pytest

from marketplace.kernel.settings import (
    DEVELOPMENT_SECRET,
    FACES,
    REQUIRED_IN_PRODUCTION,
    Settings,
    SettingsError,
    load_settings,
    load_settings_or_exit,
)

PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "k" * 32,
    "DATABASE_URL": "postgresql://app:db-password@db/marketplace",
    "REDIS_URL": "redis://:redis-password@cache/0",
    "PUBLIC_URL": "https://market.example/",
    "MAIL_URL": "smtp://post:mail-password@mail:587",
    "STRIPE_API_KEY": "sk_live_x",
    "STRIPE_WEBHOOK_SECRET": "whsec_x",
}


def test_development_needs_nothing():
    settings = load_settings({})
    assert settings == Settings(instance_path=Path("instance").absolute())
    assert not settings.is_production
    assert settings.stripe_is_sandbox


def test_a_key_of_razorpay_needs_its_secret_and_a_secret_no_key():
    with pytest.raises(SettingsError, match=r"^RAZORPAY_KEY_ID needs RAZORPAY_KEY_SECRET$"):
        load_settings({"RAZORPAY_KEY_ID": "rzp_test_a"})
    assert load_settings({"RAZORPAY_KEY_SECRET": "s"}).razorpay_is_sandbox
    assert not load_settings({"RAZORPAY_KEY_ID": "a", "RAZORPAY_KEY_SECRET": "s"}).razorpay_is_sandbox


def test_production_starts_with_all_its_secrets():
    settings = load_settings(PRODUCTION)
    assert settings.is_production
    assert not settings.stripe_is_sandbox
    assert settings.public_url == "https://market.example"
    assert settings.database_url == "postgresql+psycopg://app:db-password@db/marketplace"


def test_everything_that_production_needs_is_tried_below():
    assert set(PRODUCTION) - {"ENVIRONMENT"} == set(REQUIRED_IN_PRODUCTION)


@pytest.mark.parametrize("name", REQUIRED_IN_PRODUCTION)
@pytest.mark.parametrize("value", [None, "", "   "])
def test_production_names_the_secret_that_is_missing(name, value):
    environ = {**PRODUCTION, name: value}
    if value is None:
        del environ[name]
    with pytest.raises(SettingsError, match=rf"^ENVIRONMENT=production needs {name}$"):
        load_settings(environ)


def test_production_names_all_that_is_missing_in_one_line():
    with pytest.raises(SettingsError) as caught:
        load_settings({"ENVIRONMENT": "production"})
    assert str(caught.value) == f"ENVIRONMENT=production needs {', '.join(REQUIRED_IN_PRODUCTION)}"


def test_production_refuses_the_secret_of_development():
    with pytest.raises(SettingsError, match=r"^SECRET_KEY .*must be your own"):
        load_settings({**PRODUCTION, "SECRET_KEY": DEVELOPMENT_SECRET})
    assert load_settings({"SECRET_KEY": DEVELOPMENT_SECRET}).secret_key == DEVELOPMENT_SECRET


@pytest.mark.parametrize("given", [{}, PRODUCTION])
def test_a_short_secret_is_refused(given):
    with pytest.raises(SettingsError, match=r"^SECRET_KEY .*at least 32 characters"):
        load_settings({**given, "SECRET_KEY": "k" * 31})


@pytest.mark.parametrize(
    "origin", ["foo", "app.example.com", "https://", "https://a.example/", "ftp://a.example"]
)
def test_what_is_no_origin_is_refused(origin):
    with pytest.raises(SettingsError, match=r"^CORS_ORIGINS must name origins"):
        load_settings({"CORS_ORIGINS": f"https://good.example, {origin}"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENVIRONMENT", "staging"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "eighty"),
        ("PORT", "٨٠٠٠"),
        ("PORT", "1" * 5000),
        ("PRODUCTS", "multitask,unknown"),
        ("PRODUCTS", ","),
        ("RATE_LIMITS", "maybe"),
        ("SOCKETIO_ASYNC_MODE", "gevent"),
        ("DATABASE_URL", "mysql://db/x"),
        ("DATABASE_OWNER_URL", "sqlite:///x"),
        ("REDIS_URL", "http://cache"),
        ("PUBLIC_URL", "market.example"),
        ("MAIL_URL", "http://mail"),
        ("STRIPE_API_BASE", "stripe"),
        ("GOOGLE_CERTS_URL", "google"),
        ("LLM_TIMEOUT_S", "0"),
        ("ACCESS_TOKEN_MINUTES", "0"),
        ("REFRESH_TOKEN_DAYS", "366"),
        ("PLATFORM_FEE_PERCENT", "51"),
        ("DATABASE_POOL_SIZE", "1"),
        ("TRUSTED_PROXIES", "11"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(name, value):
    with pytest.raises(SettingsError) as caught:
        load_settings({name: value})
    assert str(caught.value).startswith(f"{name} must ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("given", [{"LLM_BASE_URL": "http://llm/v1"}, {"LLM_MODEL": "small"}])
def test_a_language_model_needs_its_server_and_a_server_its_model(given):
    with pytest.raises(SettingsError, match="LLM_BASE_URL and LLM_MODEL need each other"):
        load_settings(given)


def test_a_language_model_is_behind_a_url():
    with pytest.raises(SettingsError, match="LLM_BASE_URL must be a URL"):
        load_settings({"LLM_BASE_URL": "llm", "LLM_MODEL": "small"})
    settings = load_settings({"LLM_BASE_URL": "http://llm/v1", "LLM_MODEL": "small", "LLM_API_KEY": "sk-1"})
    assert (settings.llm_base_url, settings.llm_model, settings.llm_timeout_s) == (
        "http://llm/v1",
        "small",
        10,
    )
    assert "sk-1" not in repr(settings)


@pytest.mark.parametrize(
    ("word", "meaning"), [("on", True), ("YES", True), ("1", True), ("off", False), ("0", False)]
)
def test_switches_are_words(word, meaning):
    assert load_settings({"DEMO": word}).demo is meaning


def test_lists_are_separated_by_commas():
    settings = load_settings(
        {"PRODUCTS": f" {FACES[0]} ,", "CORS_ORIGINS": "https://a.example, https://b.example"}
    )
    assert settings.products == (FACES[0],)
    assert settings.cors_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_spelling_of_a_postgresql_url_is_understood(scheme):
    settings = load_settings({"DATABASE_URL": f"{scheme}://db/x", "DATABASE_OWNER_URL": f"{scheme}://db/y"})
    assert settings.database_url == "postgresql+psycopg://db/x"
    assert settings.database_owner_url == "postgresql+psycopg://db/y"


def test_the_public_url_follows_host_and_port():
    assert load_settings({"HOST": "0.0.0.0", "PORT": "80"}).public_url == "http://0.0.0.0:80"


def test_no_secret_is_shown_when_settings_are_printed():
    shown = repr(load_settings(PRODUCTION))
    for secret in ("k" * 32, "db-password", "redis-password", "mail-password", "sk_live_x", "whsec_x"):
        assert secret not in shown


def test_the_entry_of_a_process_ends_with_the_sentence():
    with pytest.raises(SystemExit) as caught:
        load_settings_or_exit({"PORT": "x"})
    assert caught.value.code == "marketplace: PORT must be a whole number from 1 to 65535, not 'x'"
    assert load_settings_or_exit({}) == load_settings({})
