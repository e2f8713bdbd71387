"""Where files lie: a folder, and a bucket played over HTTP."""

import os
import re
import threading
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

import pytest
from obstore.exceptions import BaseError
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from marketplace.kernel.clock import clock
from marketplace.kernel.settings import Settings
from marketplace.providers.storage import Bucket, Folder, Storage, StorageUnavailable, open_store

KEY = "avatar/3f/0190.png"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}


class FakeBucket:
    """As much of S3's HTTP as a store needs: PUT, GET, DeleteObjects and ListObjectsV2 of one bucket."""

    def __init__(self):
        self.blobs = {}
        self.fails = False

    def __call__(self, environ, start_response):
        request = Request(environ)
        return self.answer(request)(environ, start_response)

    def answer(self, request):
        assert request.headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=key/")
        if self.fails:
            return Response(status=403)
        if "list-type" in request.args:
            return self.list(request.args.get("prefix", ""))
        key = request.path.removeprefix("/bucket/")
        if request.method == "PUT":
            self.blobs[key] = request.get_data()
            return Response(headers={"ETag": '"1"'})
        if request.method == "POST" and "delete" in request.args:
            gone = re.findall("<Key>(.+?)</Key>", request.get_data(as_text=True))
            for key in gone:
                self.blobs.pop(key, None)
            said = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in gone)
            return Response(f"<DeleteResult>{said}</DeleteResult>")
        if key not in self.blobs:
            return Response("<Error><Code>NoSuchKey</Code></Error>", status=404)
        stored = "Tue, 10 Feb 2026 16:32:00 GMT"
        return Response(self.blobs[key], headers={"ETag": '"1"', "Last-Modified": stored})

    def list(self, prefix):
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>2026-02-10T16:32:00.000Z</LastModified>"
            f'<ETag>"1"</ETag><Size>{len(blob)}</Size></Contents>'
            for key, blob in self.blobs.items()
            if key.startswith(prefix)
        )
        return Response(f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>")


@pytest.fixture
def bucket(monkeypatch):
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    fake = FakeBucket()
    server = make_server("127.0.0.1", 0, fake, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    fake.url = f"s3://bucket/house?region=eu-west-1&endpoint=http://127.0.0.1:{server.server_port}"
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=["folder", "bucket"])
def storage(request, tmp_path):
    url = tmp_path.as_uri() if request.param == "folder" else request.getfixturevalue("bucket").url
    made = Storage()
    made.configure(Settings(storage_url=url))
    return made


def keys(storage):
    return {key for chunk in storage.listed() for key, _ in chunk}


def test_a_blob_is_stored_found_and_deleted(storage):
    assert storage.find(KEY) is None
    storage.put(KEY, b"\x89PNG\0\xff")
    storage.put("other", b"")
    assert storage.find(KEY) == b"\x89PNG\0\xff"
    assert storage.find("other") == b""
    assert keys(storage) == {KEY, "other"}
    storage.delete([KEY, "never there"])
    storage.delete([KEY])
    assert storage.find(KEY) is None
    assert keys(storage) == {"other"}


def test_a_blob_is_replaced_as_a_whole(storage):
    storage.put(KEY, b"a long one")
    storage.put(KEY, b"short")
    assert storage.find(KEY) == b"short"
    assert keys(storage) == {KEY}


def test_a_store_says_when_it_stored(storage):
    storage.put(KEY, b"x")
    ((_, stored_at),) = [entry for chunk in storage.listed() for entry in chunk]
    assert stored_at.tzinfo is not None
    assert datetime(2026, 2, 10, tzinfo=UTC) <= stored_at <= clock.real_now() + timedelta(minutes=1)


@pytest.mark.parametrize(
    "key", ["../x", "a/../../x", "/etc/passwd", "a//b", "", ".", "..", "a/./b", "a\0b", "a/"]
)
def test_no_key_leads_out_of_the_folder(tmp_path, key):
    folder = Folder(tmp_path / "store")
    for use in (folder.get, folder.delete, lambda bad: folder.put(bad, b"x")):
        with pytest.raises(ValueError, match="no key of ours"):
            use(key)
    assert [path.name for path in tmp_path.rglob("*")] == ["store"]


def test_a_put_that_fails_leaves_nothing_to_be_found(tmp_path, monkeypatch):
    storage = Storage()
    storage.configure(Settings(storage_url=tmp_path.as_uri()))
    storage.put(KEY, b"old")

    def fail(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageUnavailable):
        storage.put(KEY, b"new")
    assert storage.find(KEY) == b"old"


def test_a_folder_that_cannot_be_read_is_no_empty_one(tmp_path):
    storage = Storage()
    (tmp_path / "avatar").write_text("a file in the way")
    storage.configure(Settings(storage_url=tmp_path.as_uri()))
    with pytest.raises(StorageUnavailable):
        storage.find(KEY)


def test_a_bucket_that_refuses_is_unavailable(bucket):
    storage = Storage()
    storage.configure(Settings(storage_url=bucket.url))
    storage.put(KEY, b"x")
    assert set(bucket.blobs) == {f"house/{KEY}"}
    bucket.fails = True
    with pytest.raises(StorageUnavailable):
        storage.put(KEY, b"x")
    with pytest.raises(StorageUnavailable):
        storage.find(KEY)
    with pytest.raises(BaseError):
        storage.delete([KEY])


def test_a_folder_of_the_instance_is_the_default(tmp_path):
    storage = Storage()
    storage.configure(Settings(instance_path=tmp_path))
    assert list(tmp_path.iterdir()) == []
    storage.put(KEY, b"x")
    assert (tmp_path / "files" / KEY).read_bytes() == b"x"


def test_the_url_says_what_kind_of_store_it_is(tmp_path):
    place = tmp_path / "with a space"
    assert isinstance(open_store(place.as_uri()), Folder)
    assert place.is_dir()
    for url in ("s3://bucket", "s3://bucket/", "s3://bucket/a/prefix?region=eu-west-1"):
        assert isinstance(open_store(url), Bucket)
