import hashlib
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.api.platform import pages

STATIC = Path(pages.__file__).parent / "static"
PAGES = ["/", "/docs/", "/docs/multitask/", "/docs/multitask/redoc/", "/docs/nothing/"]


def status(client: FlaskClient, path: str) -> int:
    with client.get(path) as response:
        return response.status_code


def test_the_greeting_leads_to_every_document(client: FlaskClient):
    page = client.get("/").text
    for name in ("multitask", "accountant"):
        for document in (f"/docs/{name}/", f"/docs/{name}/redoc/", f"/docs/{name}/openapi.json"):
            assert f'href="{document}"' in page
            assert status(client, document) == 200


def test_every_link_and_asset_of_the_greeting_is_there(client: FlaskClient):
    links = set(re.findall(r'(?:href|src)="([^"]+)"', client.get("/").text))
    assert {status(client, link) for link in links - {"/readyz", "/rq/"}} == {200}
    assert {"/healthz", "/readyz", "/metrics", "/rq/", "/docs/"} <= links


def test_the_greeting_needs_no_script(client: FlaskClient):
    assert "<script" not in client.get("/").text


def test_the_sandbox_is_shown_where_there_is_one(app: Flask, client: FlaskClient):
    app.add_url_rule("/sandbox/", "sandbox.home", lambda: "")
    assert 'href="/sandbox/"' in client.get("/").text


def test_a_server_without_a_sandbox_does_not_speak_of_it(client: FlaskClient):
    assert "sandbox" not in client.get("/").text.lower()


def test_a_face_cannot_bring_markup_of_its_own(client: FlaskClient):
    page = client.get("/docs/").text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_from_this_server_alone(client: FlaskClient, path: str):
    response = client.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith(
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert not re.search(r"https?:|\*|unsafe-eval", policy)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert not re.search(r'(?:href|src)="(?:https?:)?//', response.text)


@pytest.mark.parametrize(
    ("path", "is_allowed"),
    [("/", False), ("/docs/", False), ("/docs/multitask/", False), ("/docs/multitask/redoc/", True)],
)
def test_only_redoc_may_write_styles_of_its_own(client: FlaskClient, path: str, is_allowed: bool):
    assert ("'unsafe-inline'" in client.get(path).headers["Content-Security-Policy"]) is is_allowed


@pytest.mark.parametrize("path", ["/docs/nothing/", "/docs/nothing/redoc/", "/docs/nothing/openapi.json"])
def test_an_unknown_face_is_a_plain_page_that_leads_on(client: FlaskClient, path: str):
    response = client.get(path)
    assert response.status_code == 404
    assert response.mimetype == "text/html"
    assert 'href="/docs/"' in response.text


def test_a_document_keeps_its_order(client: FlaskClient):
    response = client.get("/docs/multitask/openapi.json")
    assert response.mimetype == "application/json"
    assert list(response.json) == ["openapi", "info", "paths"]
    assert response.text.index("/z/") < response.text.index("/a/")


def test_an_unchanged_document_is_not_sent_again(client: FlaskClient):
    etag = client.get("/docs/multitask/openapi.json").headers["ETag"]
    again = client.get("/docs/multitask/openapi.json", headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert again.data == b""


@pytest.mark.parametrize("path", ["/docs/multitask/", "/docs/multitask/redoc/"])
def test_what_a_document_page_loads_is_served_here(client: FlaskClient, path: str):
    loaded = re.findall(r'(?:<link[^>]+href|<script src|data-openapi)="([^"]+)"', client.get(path).text)
    assert len(loaded) >= 5
    assert {status(client, asset) for asset in loaded} == {200}


def test_swagger_ui_shows_the_document_to_no_validator():
    assert "validatorUrl: null" in (STATIC / "swagger.js").read_text()


def test_the_vendored_files_are_those_that_were_published():
    vendor = STATIC / "vendor"
    named = dict(re.findall(r"^([0-9a-f]{64})  (\S+)$", (vendor / "README.md").read_text(), re.MULTILINE))
    there = {hashlib.sha256(file.read_bytes()).hexdigest(): file for file in vendor.glob("*/*")}
    assert {str(file.relative_to(vendor)): digest for digest, file in there.items()} == {
        name: digest for digest, name in named.items()
    }
