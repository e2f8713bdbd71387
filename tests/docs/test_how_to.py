"""The how-to pages, followed to the letter in a copy of the project, whose checks and tests then pass."""

import os
import re
import shutil
import subprocess
import sys

import pytest
import sqlalchemy as sa

from tests.docs.pages import ROOT, blocks
from tests.house import folder_of_its_own

PAGES = ("add-an-endpoint", "add-a-fact", "add-a-domain", "add-a-face")
COPIED = ("marketplace", "migrations", "tests", "docs", "setup.cfg", "pyproject.toml", "ruff.toml", "wsgi.py")
# what mypy knows of the modules that the pages leave alone
KNOWN = ".mypy_cache"
NEW = re.compile(r"^`([\w./-]+)` is new:$")
CHANGED = re.compile(r"^`([\w./-]+)`:")
SERVICES = ("TEST_OWNER_URL", "TEST_APPLICATION_URL", "TEST_REDIS_URL", "PYTEST_XDIST_WORKER")


@pytest.fixture(scope="module")
def followed():
    """A copy of the project in which every page was followed, and the files that the pages touch."""
    with folder_of_its_own() as folder:
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("instance"))
            else:
                shutil.copy2(source, folder / name)
        if (ROOT / KNOWN).is_dir():
            shutil.copytree(ROOT / KNOWN, folder / KNOWN)
        yield folder, [path for page in PAGES for path in follow(page, folder)]


def follow(page, folder):
    """Make the changes of a page; answers the files it makes or changes."""
    touched, current = [], None
    for block in blocks((ROOT / "docs" / "how-to" / f"{page}.md").read_text(), "python", "diff"):
        if new := NEW.match(block.before):
            path = folder / new[1]
            assert not path.exists(), f"{new[1]} exists already"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text)
            touched.append(new[1])
        else:
            named = CHANGED.match(block.before)
            current = named[1] if named else current
            change(folder / current, block.text)
            touched.append(current)
    return touched


def change(path, diff):
    """Apply a change: its lines of context stand in the file together, once."""
    lines = [line or " " for line in diff.splitlines()]
    old = "\n".join(line[1:] for line in lines if line[0] in " -")
    new = "\n".join(line[1:] for line in lines if line[0] in " +")
    text = path.read_text()
    found = re.findall(rf"^{re.escape(old)}", text, re.MULTILINE)
    assert len(found) == 1, f"{path.name} has this {len(found)} times:\n{old}"
    path.write_text(re.sub(rf"^{re.escape(old)}", lambda _: new, text, flags=re.MULTILINE))


def run(folder, *arguments, **environ):
    kept = {name: value for name, value in os.environ.items() if name not in SERVICES}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**kept, **environ},
        check=False,
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert done.returncode == 0, f"{' '.join(arguments)}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_pages_lead_to_code_that_passes_every_check(followed, settings, owner):
    folder, touched = followed
    write_migration(folder, settings, owner)
    code = sorted({path for path in touched if path.endswith(".py")})
    run(folder, "-m", "ruff", "check", "--quiet", "--no-cache", *code)
    run(folder, "-m", "ruff", "format", "--check", "--quiet", "--no-cache", *code)
    run(folder, "-m", "mypy", "--no-error-summary")
    run(folder, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache")
    tests = [path for path in code if path.startswith("tests/")]
    assert len(tests) == len(PAGES)
    checks = [f"tests/architecture/test_{name}.py" for name in ("sources", "tables", "routes")]
    run(
        folder,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/kernel/test_migrations.py",
        *checks,
        *tests,
    )


def write_migration(folder, settings, owner):
    """What the page on domains has one do: let Alembic write the migration."""
    with owner.connect() as connection:
        connection.execute(sa.text("DROP DATABASE IF EXISTS how_to WITH (FORCE)"))
        connection.execute(sa.text("CREATE DATABASE how_to"))
    url = (
        sa.make_url(settings.database_owner_url).set(database="how_to").render_as_string(hide_password=False)
    )
    environ = {"DATABASE_URL": url, "REDIS_URL": settings.redis_url}
    # to where the tables stand without the page, then the difference
    for command in (("upgrade",), ("revise", "reports")):
        run(folder, "-m", "flask", "--app", "wsgi", "schema", *command, **environ)
    run(folder, "-m", "ruff", "format", "--quiet", "--no-cache", "migrations")
    with owner.connect() as connection:
        connection.execute(sa.text("DROP DATABASE how_to WITH (FORCE)"))
