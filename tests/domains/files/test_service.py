"""Files from their arrival to their end."""

import hashlib
import os

import pytest

from marketplace.domains.files import jobs
from marketplace.domains.files import public as files
from marketplace.domains.files.errors import FileTooLarge, NotAPicture
from marketplace.domains.files.events import FileDiscarded
from marketplace.domains.files.public import Purpose, Upload, Variant, Visibility
from marketplace.kernel import relay
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import unit_of_work
from tests.factories import pictures as made
from tests.factories.people import person
from tests.facts import facts_of
from tests.query_count import counted_queries
from tests.together import together

A_DAY_S = 24 * 3600


@pytest.fixture
def sara(folder):
    return person(username="sara")


def upload(content=None, name="cat.jpg"):
    return Upload(field="image", name=name, content=made.picture() if content is None else content)


def kept(owner, purpose=Purpose.PORTFOLIO, **options):
    return files.keep(files.receive(upload(**options), purpose=purpose), owner_id=owner.id)


def age(folder, seconds):
    then = clock.real_now().timestamp() - seconds
    for path in folder.rglob("*"):
        os.utime(path, (then, then))


def test_a_file_is_stored_as_what_it_is(sara, folder, stored):
    file = kept(sara, name="../../cat.svg")
    content = (folder / file.key).read_bytes()
    assert stored() == sorted([file.key, file.thumbnail_key])
    assert (file.owner_id, file.name, file.media_type) == (sara.id, "cat.png", "image/png")
    assert (file.width, file.height) == made.measures(content)[1] == (64, 48)
    assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (file.purpose, file.visibility) == (Purpose.PORTFOLIO, Visibility.PUBLIC)
    assert files.find_files([file.id, 999]) == {file.id: file}
    assert files.find_files([]) == {}


def test_nothing_that_people_say_is_in_a_key(sara):
    for name in ("../../x", "a\0b", "x" * 9000, "\ud800", "صورة.png"):
        file = kept(sara, name=name)
        assert file.key == f"portfolio/{file.public_id.hex[-2:]}/{file.public_id.hex}.png"


def test_an_avatar_is_small(sara):
    file = kept(sara, Purpose.AVATAR, content=made.picture("jpeg", width=1000, height=2000))
    assert (file.width, file.height) == (256, 512)


@pytest.mark.parametrize(
    ("content", "refusal"), [(b"<html>", NotAPicture), (b"\0" * 6_000_000, FileTooLarge)]
)
def test_what_is_refused_leaves_nothing_behind(sara, stored, content, refusal):
    with pytest.raises(refusal):
        files.receive(upload(content), purpose=Purpose.AVATAR)
    assert stored() == []


def test_nothing_is_stored_while_a_transaction_waits(sara, stored):
    with unit_of_work(), pytest.raises(RuntimeError, match="before the unit of work"):
        files.receive(upload(), purpose=Purpose.AVATAR)
    assert stored() == []


def test_many_files_are_found_in_one_query(sara):
    ids = [kept(sara).id for _ in range(3)]
    with counted_queries() as queries:
        assert set(files.find_files(ids)) == set(ids)
    assert len(queries) == 1


def test_the_blobs_of_a_discarded_file_go_after_the_commit(sara, stored):
    file, other = kept(sara), kept(sara)
    with unit_of_work():
        files.discard([file.id])
        assert file.key in stored()
    (fact,) = facts_of(FileDiscarded)
    jobs.delete_blobs(fact)
    assert stored() == sorted([other.key, other.thumbnail_key])
    jobs.delete_blobs(fact)
    assert set(files.find_files([file.id, other.id])) == {other.id}


def test_a_file_of_a_command_that_fails_is_not_discarded(sara, stored):
    file = kept(sara)

    def discard_and_fail():
        with unit_of_work():
            files.discard([file.id])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        discard_and_fail()
    assert facts_of(FileDiscarded) == []
    assert files.find_files([file.id]) == {file.id: file}
    assert file.key in stored()


def test_of_two_who_discard_a_file_at_once_one_does(sara):
    file = kept(sara)
    together(*[lambda: files.discard([file.id])] * 4)
    assert len(facts_of(FileDiscarded)) == 1


def test_workers_delete_the_blobs(sara, stored):
    files.discard([kept(sara).id])
    assert relay.sweep() == 1
    assert stored() == []


def test_blobs_that_never_became_a_file_are_swept_a_day_later(sara, folder, stored):
    file = kept(sara)
    files.receive(upload(), purpose=Purpose.PORTFOLIO)
    assert files.sweep_orphans() == 0
    age(folder, A_DAY_S - 60)
    assert files.sweep_orphans() == 0
    assert len(stored()) == 4
    age(folder, A_DAY_S + 60)
    young = kept(sara)
    assert files.sweep_orphans() == 2
    assert stored() == sorted([file.key, file.thumbnail_key, young.key, young.thumbnail_key])
    assert files.sweep_orphans() == 0


def test_a_file_that_lost_its_content_is_found(sara, folder):
    whole, lost = kept(sara), kept(sara)
    assert list(files.find_lost()) == []
    (folder / lost.key).unlink()
    assert list(files.find_lost()) == [f"file {lost.id} has lost {lost.key}"]
    assert whole.id != lost.id


def test_a_public_file_has_one_link_for_ever(sara):
    file = kept(sara)
    assert files.url_of(file).endswith(f"/files/{file.public_id}")
    assert files.url_of(file, Variant.THUMBNAIL).endswith(f"/files/{file.public_id}/thumbnail")
    assert files.url_of(file).endswith(files.path_of(file))
