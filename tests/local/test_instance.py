"""The folder of one house."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from marketplace.local import instance as module
from marketplace.local.errors import LocalError
from marketplace.local.instance import InstanceFolder

ME = (os.geteuid(), os.getegid())


@pytest.fixture
def short_folder(monkeypatch):
    """A temporary folder with a short path, which the one of a test is not."""
    with TemporaryDirectory(dir="/tmp", prefix="m") as folder:
        monkeypatch.setattr(module.tempfile, "gettempdir", lambda: folder)
        yield Path(folder)


def test_a_socket_lives_with_its_data_where_the_path_is_short(short_folder):
    home = short_folder / "i" / "redis"
    assert InstanceFolder(home.parent).socket_folder("redis", home, ME) == home


@pytest.mark.parametrize("name", ["x" * 200, "a,b", 'a"b'])
def test_a_socket_lives_in_a_short_private_folder_where_its_path_would_not_work(short_folder, name):
    home = short_folder / name / "redis"
    folder = InstanceFolder(home.parent).socket_folder("redis", home, ME)
    assert folder.parent == short_folder
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder == InstanceFolder(home.parent).socket_folder("redis", home, ME)
    assert folder != InstanceFolder(home.parent / "other").socket_folder("redis", home, ME)


def test_a_folder_that_somebody_else_laid_in_the_way_is_refused(short_folder):
    home = short_folder / ("x" * 200)
    folder = InstanceFolder(home).socket_folder("redis", home, ME)
    folder.rmdir()
    folder.symlink_to(short_folder)
    with pytest.raises(LocalError, match="belongs to somebody else"):
        InstanceFolder(home).socket_folder("redis", home, ME)


def test_the_secret_key_is_made_once_even_after_a_start_killed_while_making_it(tmp_path):
    (tmp_path / "secret_key.new").write_text("half")
    key = InstanceFolder(tmp_path).secret_key()
    assert len(key) >= 32
    assert InstanceFolder(tmp_path).secret_key() == key
