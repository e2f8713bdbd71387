import re
from base64 import b64encode
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from rq import Queue, SimpleWorker
from rq.job import Job

from marketplace.api.platform import dashboard

HOSTILE = "<img src=x onerror=alert(1)>"


def login(email: str = "admin@example.com", password: str = "right horse") -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{email}:{password}".encode()).decode()}


def addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Every method and address of the dashboard, with something in each of its places."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("rq_dashboard."):
            path = rule.rule.replace("<path:filename>", "css/main.css").replace("<registry_name>", "queued")
            path = re.sub(r"<int:instance_number>", "0", path)
            path = re.sub(r"<(?:int:)?(?:per_page|page)>", "1", path)
            for method in sorted(rule.methods or ()):
                yield method, re.sub(r"<\w+>", "x", path)


@pytest.fixture
def job(redis: Redis) -> Job:
    """A job that failed, with a stranger's text in its description and in its error."""
    queue = Queue("default", connection=redis)
    job = queue.enqueue("builtins.int", HOSTILE, description=HOSTILE)
    SimpleWorker([queue], connection=redis).work(burst=True)
    assert job.get_status(refresh=True) == "failed"
    return job


@pytest.mark.parametrize(
    "headers",
    [
        {},
        login(password="wrong horse"),
        login(email="somebody@example.com"),
        login(email="", password=""),
        {"Authorization": "Basic not-base64"},
        {"Authorization": "Bearer a.b.c"},
    ],
)
def test_no_address_of_the_dashboard_opens_without_an_administrators_login(
    app: Flask, client: FlaskClient, headers: dict[str, str]
):
    tried = list(addresses(app))
    assert len(tried) > 30
    for method, path in [*tried, ("GET", "/rq"), ("GET", "/rq/nothing/here"), ("POST", "/rq/../rq/")]:
        response = client.open(path, method=method, headers=headers)
        assert response.status_code == 401, (method, path)
        assert response.headers["WWW-Authenticate"].startswith("Basic ")
        assert response.headers["Cache-Control"] == "no-store"


def test_every_address_of_the_dashboard_lies_below_its_prefix(app: Flask):
    assert all(path.startswith("/rq/") for _, path in addresses(app))


def test_an_administrator_sees_every_page(app: Flask, client: FlaskClient, job: Job):
    pages = ["/rq/", "/rq/0/view/queues", "/rq/0/view/jobs", "/rq/0/view/workers", f"/rq/0/view/job/{job.id}"]
    data = ["/rq/0/data/queues.json", "/rq/0/data/workers.json", f"/rq/0/data/job/{job.id}.json"]
    static = ["/rq/static/css/main.css", "/rq/favicon.ico"]
    for path in pages + data + static:
        with client.get(path, headers=login(), follow_redirects=True) as response:
            assert response.status_code == 200, path


def test_a_page_of_the_dashboard_loads_what_is_served_with_it(client: FlaskClient):
    loaded = re.findall(
        r'(?:<link[^>]+href|<script [^>]*src)="([^"]+)"', client.get("/rq/", headers=login()).text
    )
    assert len(loaded) >= 7
    for path in loaded:
        with client.get(path, headers=login()) as response:
            assert response.status_code == 200, path


def test_the_rest_of_the_server_asks_for_no_login(client: FlaskClient):
    assert client.get("/").status_code == 200
    assert client.get("/rqx").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://localhost.elsewhere.example"},
        {"Origin": "https://localhost"},
        {"Origin": "null"},
    ],
)
def test_another_site_changes_nothing_with_the_browsers_login(
    app: Flask, client: FlaskClient, job: Job, headers: dict[str, str]
):
    for method, path in addresses(app):
        if method == "POST":
            response = client.post(path.replace("/x/", f"/{job.id}/"), headers=login() | headers)
            assert response.status_code == 403, path
    assert job.get_status(refresh=True) == "failed"


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}, {}],
)
def test_the_dashboard_itself_may_change_a_job(client: FlaskClient, job: Job, headers: dict[str, str]):
    response = client.post(f"/rq/job/{job.id}/requeue", headers=login() | headers)
    assert response.json == {"status": "OK"}
    assert job.get_status(refresh=True) == "queued"


def test_nothing_changes_on_get(client: FlaskClient, job: Job):
    response = client.get("/rq/requeue/default", headers=login())
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert job.get_status(refresh=True) == "failed"
    assert client.post("/rq/requeue/default", headers=login()).json == {"status": "OK", "count": 1}


def test_text_out_of_a_job_cannot_act_in_the_administrators_browser(client: FlaskClient, job: Job):
    response = client.get(f"/rq/0/view/job/{job.id}", headers=login())
    nonce = re.search(r"script-src 'self' 'nonce-([^']+)'", response.headers["Content-Security-Policy"])
    assert nonce
    scripts = re.findall(r"<script[^>]*>", response.text)
    assert len(scripts) >= 6
    assert all(f'nonce="{nonce[1]}"' in script for script in scripts)
    assert (
        "unsafe-inline"
        not in response.headers["Content-Security-Policy"].split("script-src")[1].split(";")[0]
    )
    assert "<%- d.exc_info %>" in response.text
    assert "<%- JSON." in response.text
    assert "<%= d." not in response.text


def test_a_nonce_serves_once(client: FlaskClient):
    policies = {client.get("/rq/", headers=login()).headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


def test_the_dashboard_cannot_be_framed_or_read_by_another_site(client: FlaskClient):
    headers = client.get("/rq/0/data/queues.json", headers=login()).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_address_of_redis_is_shown_to_nobody(client: FlaskClient):
    page = client.get("/rq/", headers=login()).text
    assert "[0] Redis" in page
    assert "socket" not in page


@pytest.mark.parametrize(
    "path", ["/rq/0/view/job/gone", "/rq/0/data/job/gone.json", "/rq/1/view/queues", "/rq/7/data/queues.json"]
)
def test_a_job_or_a_redis_that_is_not_there_is_not_found(client: FlaskClient, path: str):
    assert client.get(path, headers=login()).status_code == 404


def test_a_right_password_is_checked_once_in_a_while(monkeypatch: pytest.MonkeyPatch):
    asked = []
    now = 1000.0
    monkeypatch.setattr(dashboard, "monotonic", lambda: now)
    doorkeeper = dashboard.Doorkeeper(lambda email, password: asked.append(email) or password == "right")

    assert doorkeeper.admits("a@example.com", "right")
    assert doorkeeper.admits("a@example.com", "right")
    assert asked == ["a@example.com"]

    now += dashboard.REMEMBERED_S + 1
    assert doorkeeper.admits("a@example.com", "right")
    assert len(asked) == 2


def test_a_wrong_password_is_never_remembered():
    asked = []
    doorkeeper = dashboard.Doorkeeper(lambda *login: bool(asked.append(login)))
    assert not doorkeeper.admits("a@example.com", "wrong")
    assert not doorkeeper.admits("a@example.com", "wrong")
    assert len(asked) == 2


def test_one_persons_login_opens_for_nobody_else():
    doorkeeper = dashboard.Doorkeeper(lambda email, password: (email, password) == ("a", "b\0c"))
    assert doorkeeper.admits("a", "b\0c")
    assert not doorkeeper.admits("a\0b", "c")
