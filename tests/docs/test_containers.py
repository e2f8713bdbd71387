"""The files for containers: what they copy exists, what they set is known, what they run runs."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import fields
from fnmatch import fnmatch
from pathlib import Path

import psycopg
import pytest
import yaml

from marketplace.kernel.settings import REQUIRED_IN_PRODUCTION, Settings
from marketplace.local import postgres
from tests.house import folder_of_its_own

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "marketplace"}
SETTINGS = {field.name.upper() for field in fields(Settings)}
SECRETS = {
    "SITE": "marketplace.example",
    "SECRET_KEY": "k" * 48,
    "SUPERUSER_PASSWORD": "superuser-word",
    "OWNER_PASSWORD": "owner-word",
    "APPLICATION_PASSWORD": "application-word",
    "MAIL_URL": "smtp://mail.example:587",
    "MAIL_FROM": "",
    "STRIPE_API_KEY": "sk_test_example",
    "STRIPE_WEBHOOK_SECRET": "whsec_example",
    "RAZORPAY_KEY_ID": "",
    "RAZORPAY_KEY_SECRET": "",
    "RAZORPAY_WEBHOOK_SECRET": "",
    "GOOGLE_CLIENT_ID": "",
    "LLM_BASE_URL": "",
    "LLM_API_KEY": "",
    "LLM_MODEL": "",
}
VARIABLE = re.compile(r"\$\{(\w+)(?::[?-][^}]*)?\}")


def instructions(word):
    return re.findall(rf"^{word} +(.+)$", DOCKERFILE, re.MULTILINE)


def filled(text):
    return VARIABLE.sub(lambda match: SECRETS[match[1]], str(text))


def image_environment():
    return dict(pair.split("=", 1) for line in instructions("ENV") for pair in shlex.split(line))


def environment_of(service):
    given = {name: filled(value) for name, value in service.get("environment", {}).items()}
    return {"PATH": os.environ["PATH"], **image_environment(), **given}


def run(command, image, environ):
    """Run a command of the image with this machine's Python."""
    words = [sys.executable if word == "python" else word for word in command]
    words = [word.replace("python -m", f"{shlex.quote(sys.executable)} -m") for word in words]
    done = subprocess.run(
        words, cwd=image, env=environ, check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """The application's folder as the Dockerfile fills it."""
    folder = tmp_path_factory.mktemp("image")
    for sources, target in (line.rsplit(" ", 1) for line in instructions("COPY")):
        for name in sources.split():
            source, place = ROOT / name, folder / target
            if source.is_dir():
                shutil.copytree(source, place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, place)
    return folder


@pytest.fixture(scope="module")
def bare_postgres():
    """A PostgreSQL as its image starts it: a superuser, an empty database, and no role of ours."""
    with folder_of_its_own() as folder:
        instance = postgres.InstanceFolder(folder)
        instance.prepare()
        service = postgres.PostgresService(instance, fsync=False)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(postgres, "_make_roles_and_database", lambda sockets: connect(sockets).close())
            service.start()
        try:
            with connect(service._sockets) as connection:
                connection.autocommit = True
                connection.execute("CREATE DATABASE marketplace")
            yield service._sockets
        finally:
            service.stop()


def connect(sockets, user="postgres", database="postgres"):
    return psycopg.connect(host=str(sockets), port=5432, user=user, dbname=database, connect_timeout=2)


@pytest.fixture(scope="module")
def migrated(bare_postgres, image):
    """The database after what compose runs at first: the roles, then `migrate`."""
    psql = postgres._binary("psql")
    roles = [str(psql), "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "--username=postgres", "--dbname=marketplace"]
    passwords = {name: SECRETS[name] for name in SERVICES["postgres"]["environment"] if name in SECRETS}
    environ = {"PATH": os.environ["PATH"], "PGHOST": str(bare_postgres), "PGPORT": "5432", **passwords}
    run([*roles, "--file", str(ROOT / "docker" / "roles.sql")], ROOT, environ)
    environ = environment_of(SERVICES["migrate"])
    here = f"?host={bare_postgres}&port=5432"
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        environ[name] = environ[name].replace("@postgres/", "@/") + here
    said = run(SERVICES["migrate"]["command"], image, environ)
    assert "categories" in said
    return bare_postgres


def test_everything_the_image_copies_is_let_in_by_dockerignore():
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copied = {source for line in instructions("COPY") for source in line.split()[:-1]}
    assert lines[0] == "*"
    assert copied == let_in
    assert all((ROOT / source).exists() for source in copied)


def test_every_file_that_compose_mounts_exists():
    mounts = [mount for service in SERVICES.values() for mount in service.get("volumes", [])]
    files = [mount.split(":")[0] for mount in mounts if mount.startswith("./")]
    assert files
    assert all((ROOT / file).is_file() for file in files)


def test_every_name_that_is_set_is_a_setting():
    own = {name for name in image_environment() if not name.startswith("PYTHON")}
    assert own <= SETTINGS
    for service in OURS.values():
        assert service["environment"].keys() <= SETTINGS


def test_production_is_told_everything_it_needs():
    for service in OURS.values():
        told = environment_of(service)
        assert told["ENVIRONMENT"] == "production"
        assert set(REQUIRED_IN_PRODUCTION) <= {name for name, value in told.items() if value}


def test_only_migrate_knows_the_owner_of_the_tables():
    assert [name for name, service in OURS.items() if "DATABASE_OWNER_URL" in service["environment"]] == [
        "migrate"
    ]


def test_the_example_names_every_secret_and_no_other():
    wanted = set(VARIABLE.findall((ROOT / "compose.yaml").read_text()))
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert {line.split("=")[0] for line in lines if line and not line.startswith("#")} == wanted
    assert wanted == SECRETS.keys()


def test_the_proxy_knows_every_web_process_and_its_port():
    (line,) = re.findall(r"reverse_proxy (.+) \{", (ROOT / "docker" / "Caddyfile").read_text())
    web = [name for name in OURS if fnmatch(name, "web-*")]
    assert line.split() == [f"{name}:{image_environment()['PORT']}" for name in web]
    assert SERVICES["proxy"]["depends_on"] == web
    assert instructions("EXPOSE") == [image_environment()["PORT"]]


def test_the_web_process_would_start_from_what_the_image_holds(image):
    command = yaml.safe_load(instructions("CMD")[-1])
    assert command[:3] == ["python", "-m", "gunicorn"]
    run([*command, "--check-config"], image, environment_of(SERVICES["web-1"]))


def test_every_other_command_is_one_of_ours(image):
    for name in ("worker", "scheduler"):
        assert "Usage" in run([*SERVICES[name]["command"], "--help"], image, environment_of(SERVICES[name]))


def test_the_application_uses_the_tables_and_owns_none(migrated):
    with connect(migrated, "marketplace", "marketplace") as connection:
        assert connection.execute("SELECT count(*) FROM categories").fetchone()[0] > 0
        owners = connection.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
        assert owners.fetchall() == [("marketplace_owner",)]
        for statement in ("DROP TABLE users", "ALTER TABLE users DISABLE TRIGGER ALL", "CREATE TABLE t ()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement)


def test_the_passwords_are_set(migrated):
    with connect(migrated) as connection:
        query = (
            "SELECT rolname FROM pg_authid WHERE rolpassword LIKE 'SCRAM%' AND rolname LIKE 'marketplace%'"
        )
        assert {name for (name,) in connection.execute(query)} == {"marketplace", "marketplace_owner"}
        assert connection.execute("SELECT count(*) FROM pg_roles WHERE rolsuper").fetchone() == (1,)
