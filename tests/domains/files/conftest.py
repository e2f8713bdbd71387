from dataclasses import replace

import pytest

from marketplace.providers.storage import storage


@pytest.fixture
def folder(app, settings, tmp_path):
    """The folder of a store with nothing in it."""
    place = tmp_path / "a store"
    storage.configure(replace(settings, storage_url=place.as_uri()))
    yield place
    storage.configure(settings)


@pytest.fixture
def stored(folder):
    """A function that names what lies in the store."""
    return lambda: sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
