"""The README's commands, run against the house as `make run` starts it."""

import json
import re
import subprocess
import sys
import threading

import pytest

from tests.docs.pages import ROOT, blocks, section
from tests.journeys.people import Somebody, eventually

README = (ROOT / "README.md").read_text()
STORY = section(README, "The first five minutes")
WITHIN_S = 100
MARK = "\x1e"


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_first_five_minutes_go_as_written(running_house):
    commands, expected = steps()
    script = f"\necho {MARK}\n".join(["set -euo pipefail", *commands]).replace(
        "http://127.0.0.1:8000", running_house
    )
    told = subprocess.run(
        ["timeout", str(WITHIN_S), "bash"],
        input=script,
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    answers = told.stdout.split(MARK)[1:]
    assert told.returncode == 0, f"{told.stderr}\n{answers[-1]}\nafter:\n{commands[len(answers) - 1]}"
    for command, answer, shown in zip(commands, answers, expected, strict=True):
        if shown:
            last = json.loads(answer.strip().splitlines()[-1])
            assert differences(json.loads(shown), last) == [], command


@pytest.mark.slow
def test_the_chat_client_prints_what_is_said(running_house, tmp_path):
    (program,) = blocks(section(README, "Listen in"), "python")
    assert len(program.text.splitlines()) <= 20
    (tmp_path / "chat.py").write_text(program.text)
    sara, karim = Somebody.joins(running_house, "client"), Somebody.joins(running_house, "freelancer")
    chat = sara.post("/api/messaging/conversations/create/", {"participant_id": karim.id}, expect=201)
    client = subprocess.Popen(
        [sys.executable, tmp_path / "chat.py", running_house, karim.access, str(chat["id"])],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines = []
    reader = threading.Thread(target=lambda: lines.extend(client.stdout), daemon=True)
    reader.start()
    try:
        eventually(lambda: any("listening" in line for line in lines))
        path = f"/api/messaging/conversations/{chat['id']}/messages/send/"
        sara.post(path, {"content": "Is Saturday fine?"}, expect=201)
        eventually(lambda: any("Is Saturday fine?" in line for line in lines))
    finally:
        client.kill()
        client.wait()
        reader.join()
        client.stdout.close()


def steps():
    """The shell blocks of the story, and beside each the answer that the page shows, or nothing."""
    commands, expected = [], []
    for block in blocks(STORY, "sh", "json"):
        if block.language == "sh":
            commands.append(block.text)
            expected.append("")
        else:
            expected[-1] = block.text
    return commands, expected


def differences(shown, answered, place="answer"):
    """Where an answer is not what the page shows: numbers may differ, `…` stands for anything."""
    if isinstance(shown, dict):
        if not isinstance(answered, dict) or shown.keys() - answered.keys():
            return [f"{place}: {answered!r}"]
        pairs = [(f"{place}.{name}", value, answered[name]) for name, value in shown.items()]
    elif isinstance(shown, list):
        if not isinstance(answered, list) or len(answered) < len(shown):
            return [f"{place}: {answered!r}"]
        pairs = [(f"{place}.{index}", value, answered[index]) for index, value in enumerate(shown)]
    else:
        return [] if is_like(shown, answered) else [f"{place}: {answered!r}, not {shown!r}"]
    return [finding for where, value, found in pairs for finding in differences(value, found, where)]


def is_like(shown, answered):
    """Whether an answer has the same text, with anything where the page has `…`, or is any number."""
    if isinstance(shown, str) and isinstance(answered, str):
        pattern = ".*".join(re.escape(part) for part in shown.split("…"))
        return re.fullmatch(pattern, answered, re.DOTALL) is not None
    return type(shown) is type(answered) and (shown == answered or type(shown) is int)
