"""`/files/`: what people have uploaded, as a browser gets it."""

import re
from io import BytesIO

import pytest
from PIL import Image

from marketplace.domains.files import public as files
from marketplace.domains.files.public import Purpose, Upload, Variant
from marketplace.kernel.clock import clock
from marketplace.providers.storage import storage
from tests.factories import documents
from tests.factories import pictures as made
from tests.factories.people import person
from tests.query_count import counted_queries

NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def sara(app):
    return person(username="sara")


@pytest.fixture
def store(sara):
    def store(purpose=Purpose.PORTFOLIO, name="cat.png", form="png"):
        upload = Upload(field="image", name=name, content=made.picture(form))
        return files.keep(files.receive(upload, purpose=purpose), owner_id=sara.id)

    return store


def refused(answer):
    return (answer.status_code, answer.json) == (404, {"detail": "Not found."})


@pytest.mark.parametrize(
    ("form", "kind"), [("png", "image/png"), ("jpeg", "image/jpeg"), ("gif", "image/gif")]
)
def test_anybody_sees_a_public_file_and_a_browser_does_no_more_than_show_it(client, store, form, kind):
    file = store(form=form)
    answer = client.get(files.url_of(file))
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert made.measures(answer.data)[1] == (64, 48)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert re.search(r"default-src 'none'; sandbox", answer.headers["Content-Security-Policy"])
    assert answer.headers["Content-Disposition"].startswith("inline; filename*=UTF-8''cat.")
    assert "Set-Cookie" not in answer.headers
    assert answer.cache_control.public
    assert answer.cache_control.immutable
    assert answer.cache_control.max_age >= 30 * 24 * 3600


def test_a_file_is_sent_once(client, store):
    url = files.url_of(store())
    first = client.get(url)
    again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(f"{url}/thumbnail").headers["ETag"] != first.headers["ETag"]


def test_a_thumbnail_is_small(client, store):
    answer = client.get(files.url_of(store(), Variant.THUMBNAIL))
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert Image.open(BytesIO(answer.data)).size == (64, 48)


def test_only_the_head_may_be_asked_for(client, store):
    answer = client.flask.head(files.url_of(store()))
    assert (answer.status_code, answer.data) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 0


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_files_are_only_read_here(client, store, method):
    assert client.flask.open(files.url_of(store()), method=method).status_code == 405


def test_a_strange_name_is_a_name_in_a_header(client, store):
    file = store(name='صورة "x"\r\nSet-Cookie: a=b.png')
    answer = client.get(files.url_of(file))
    assert answer.headers["Content-Disposition"].startswith("inline; filename*=UTF-8''")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        f"/files/{NOBODY}",
        f"/files/{NOBODY}/thumbnail",
        "/files/",
        "/files/1",
        "/files/nonsense",
        "/files/../secret_key",
        "/files/..%2f..%2fetc%2fpasswd",
        "/files/%00",
        "/files/portfolio/00/x.png",
        f"/files/{NOBODY}/original",
        f"/files/{NOBODY}/thumbnail/../../x",
    ],
)
def test_anything_else_is_not_there(client, path):
    assert client.get(path).status_code == 404


def test_a_private_file_needs_its_link(client, store):
    file = store(Purpose.ATTACHMENT)
    bare = files.path_of(file)
    assert refused(client.get(bare))
    answer = client.get(files.url_of(file))
    assert answer.status_code == 200
    assert answer.cache_control.private
    assert not answer.cache_control.public
    assert 0 < answer.cache_control.max_age <= 3600
    assert client.get(files.url_of(file, Variant.THUMBNAIL)).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?expires=9999999999",
        "?signature=0",
        "?expires=9999999999&signature={signature}",
        "?expires={expires}&signature={other}",
        "?expires={expires}&signature={thumbnail}",
        "?expires={expires}&signature={signature}0",
        "?expires={expires}&signature=",
        "?expires= {expires}&signature={signature}",
        "?expires=-1&signature={signature}",
        "?expires=٣&signature={signature}",
        "?expires=%00&signature=%ff",
        "?expires=" + "9" * 5000 + "&signature=é",
    ],
)
def test_a_link_that_was_tampered_with_leads_nowhere(client, store, query):
    file, other = store(Purpose.ATTACHMENT), store(Purpose.ATTACHMENT)
    expires, signature = re.findall(r"=(\w+)", files.url_of(file))
    words = {
        "expires": expires,
        "signature": signature,
        "other": files.url_of(other).rpartition("=")[2],
        "thumbnail": files.url_of(file, Variant.THUMBNAIL).rpartition("=")[2],
    }
    assert refused(client.get(files.path_of(file) + query.format_map(words)))


def test_a_link_expires(client, store, monkeypatch):
    url = files.url_of(store(Purpose.ATTACHMENT))
    later = clock.real_now()
    monkeypatch.setattr(clock, "real_now", lambda: later.replace(year=later.year + 1))
    assert refused(client.get(url))


def test_a_document_is_saved_and_never_shown(client, sara):
    upload = Upload(field="file", name="Offer.pdf", content=documents.PDF)
    file = files.keep(files.receive(upload, purpose=Purpose.CERTIFICATE), owner_id=sara.id)
    answer = client.get(files.path_of(file))
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "application/pdf", documents.PDF)
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''Offer.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert re.search(r"default-src 'none'; sandbox", answer.headers["Content-Security-Policy"])
    assert refused(client.get(files.path_of(file, Variant.THUMBNAIL)))


def test_a_sound_is_played_from_anywhere(client, sara):
    upload = Upload(field="file", name="voice.ogg", content=documents.OGG)
    url = files.url_of(files.keep(files.receive(upload, purpose=Purpose.ATTACHMENT), owner_id=sara.id))
    answer = client.get(url, headers={"Range": "bytes=4-9"})
    assert (answer.status_code, answer.data) == (206, documents.OGG[4:10])
    assert client.get(url, headers={"Range": "bytes=9999-"}).status_code == 416
    for nonsense in ("bytes=", "bytes=5-4", "lines=1-2", "bytes=0-1,3-4", "bytes=-0"):
        assert client.get(url, headers={"Range": nonsense}).status_code in {200, 206, 416}


def test_a_discarded_file_is_not_there(client, store):
    file = store()
    files.discard([file.id])
    assert refused(client.get(files.url_of(file)))


def test_a_file_that_lost_its_content_is_not_there(client, store):
    file = store()
    storage.delete([file.key])
    assert refused(client.get(files.url_of(file)))


def test_a_file_costs_one_query(client, store):
    url = files.url_of(store())
    with counted_queries() as queries:
        client.get(url)
    assert len(queries) == 1
