"""The URL map of the running application; `entrances.txt` lists every route that lets in somebody unknown."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.checks import url_map
from tests.architecture.checks.source import ROOT

ENTRANCES = Path(__file__).with_name("entrances.txt")


@pytest.fixture(scope="module")
def described():
    run = subprocess.run(
        [sys.executable, "-m", "tests.architecture.describe_urls"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
        env={"PATH": os.environ["PATH"]},
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_every_route_needs_a_person_or_is_listed_as_an_entrance(described):
    assert url_map.unguarded(described) == []
    assert url_map.entrances(described) == ENTRANCES.read_text().splitlines()


def test_every_route_is_documented_with_a_summary_and_its_success(described):
    assert url_map.undocumented(described) == []


def test_every_route_in_the_space_of_a_face_belongs_to_it(described):
    assert url_map.strangers(described) == []
