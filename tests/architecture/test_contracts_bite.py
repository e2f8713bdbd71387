"""Each import contract of setup.cfg is shown a small package that breaks it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.checks.source import ROOT

LINT = "from importlinter.cli import lint_imports_command as lint; lint()"

BROKEN_PACKAGE = {
    "kernel/money.py": "import marketplace.api.fields\nimport flask\n",
    "kernel/pages.py": "import marketplace.kernel.schema\n",
    "kernel/schema.py": "import marketplace.kernel.pages\n",
    "kernel/settings.py": "",
    "kernel/clock.py": "",
    "kernel/database.py": "",
    "kernel/outbox.py": "",
    "kernel/unit_of_work.py": "",
    "extensions.py": "",
    "oddments.py": "",
    "local/server.py": "import marketplace.kernel.settings\nimport marketplace.kernel.clock\n",
    "local/processes.py": "import marketplace.local.server\n",
    "realtime/hub.py": "import marketplace.local.server\n",
    "api/fields.py": "",
    "api/multitask/tasks.py": "import marketplace.api.skillconnect.gigs\n",
    "api/skillconnect/gigs.py": "",
    "providers/mail.py": "import werkzeug\n",
    "domains/accounts/public.py": "",
    "domains/accounts/rules.py": "import marketplace.domains.accounts.types\n",
    "domains/accounts/types.py": "import sqlalchemy\n",
    "domains/catalog/public.py": "import marketplace.domains.files.public\n",
    "domains/files/public.py": "",
    "domains/payments/public.py": "import marketplace.domains.deals.events\n",
    "domains/payments/queries.py": "import marketplace.domains.payments.service\n",
    "domains/payments/service/release.py": "import marshmallow\n",
    "domains/payments/oddments.py": "",
    "domains/deals/events.py": "",
    "domains/oddments/public.py": "",
}


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    folder = tmp_path_factory.mktemp("broken")
    for name, text in BROKEN_PACKAGE.items():
        _write(folder / "marketplace" / name, text)
    (folder / "setup.cfg").write_text((ROOT / "setup.cfg").read_text())
    run = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
        env={"COLUMNS": "300", "PYTHONPATH": str(folder)},
    )
    assert run.returncode == 1, run.stdout + run.stderr
    return run.stdout


@pytest.mark.parametrize(
    "sentence",
    [
        "marketplace.kernel is not allowed to import marketplace.api",
        "marketplace.realtime is not allowed to import marketplace.local",
        "- marketplace.oddments",
        "marketplace.local.server -> marketplace.kernel.clock",
        "marketplace.api.multitask is not allowed to import marketplace.api.skillconnect",
        "marketplace.domains.payments is not allowed to import marketplace.domains.deals",
        "marketplace.domains.catalog is not allowed to import marketplace.domains.files",
        "- marketplace.domains.oddments",
        "marketplace.domains.payments.queries is not allowed to import marketplace.domains.payments.service",
        "- marketplace.domains.payments.oddments",
        "marketplace.domains.accounts.rules is not allowed to import sqlalchemy",
        "marketplace.domains.payments is not allowed to import marshmallow",
        "marketplace.providers.mail is not allowed to import werkzeug",
        "marketplace.kernel is not allowed to import flask",
        "No cycles are allowed in marketplace.kernel",
    ],
)
def test_a_broken_contract_is_named(said, sentence):
    assert sentence in said


def test_what_is_allowed_is_not_named(said):
    assert "marketplace.local.server -> marketplace.kernel.settings" not in said
    assert "marketplace.local.processes -> marketplace.local.server" not in said


def test_every_contract_is_broken_by_the_sample(said):
    assert "Contracts: 0 kept" in said


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    for folder in path.parents:
        (folder / "__init__.py").touch()
        if folder.name == "marketplace":
            return
