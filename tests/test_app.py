"""The web server's entry, in processes of their own: making an application configures the process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ASK = """
import json, sys
from wsgi import app
from flask import request
app.add_url_rule("/who", view_func=lambda: {"from": request.remote_addr, "url": request.url_root})
client = app.test_client()
forwarded = {"For": "198.51.100.7", "Proto": "https", "Host": "market.example"}
headers = {f"X-Forwarded-{name}": value for name, value in forwarded.items()}
answers = {path: client.get(path, headers=headers) for path in sys.argv[1:]}
print(json.dumps({path: [answer.status_code, answer.json] for path, answer in answers.items()}))
"""
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "k" * 32,
    "DATABASE_URL": "postgresql://app@127.0.0.1:1/marketplace",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "PUBLIC_URL": "https://market.example",
    "MAIL_URL": "smtp://mail:587",
    "STRIPE_API_KEY": "sk_live_x",
    "STRIPE_WEBHOOK_SECRET": "whsec_x",
    "RATE_LIMITS": "off",
}


def ask(*paths, **environ):
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK, *paths],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.parametrize("environ", [{}, PRODUCTION], ids=["development", "production"])
def test_it_starts_and_is_alive_without_a_database(environ):
    answers = ask("/healthz", "/readyz", **environ)
    assert answers["/healthz"] == [200, {"status": "ok"}]
    assert answers["/readyz"][0] == 503


def test_the_sandbox_is_not_there_in_production():
    answers = ask("/sandbox/", "/sandbox/mail", "/sandbox/clock", **PRODUCTION)
    assert {status for status, _ in answers.values()} == {404}


def test_a_proxy_is_believed_only_where_it_is_said_to_stand():
    assert ask("/who")["/who"] == [200, {"from": "127.0.0.1", "url": "http://localhost/"}]
    answer = ask("/who", TRUSTED_PROXIES="1")["/who"]
    assert answer == [200, {"from": "198.51.100.7", "url": "https://market.example/"}]
