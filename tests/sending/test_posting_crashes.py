"""Mails to twenty recipients, sent by processes that are killed at random instants."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from pipeline.sending.letter import Letter, LetterKey
from pipeline.sending.letters import Letters
from pipeline.sending.posting import send_letters
from pipeline.state.database import State
from tests.builders import NOW
from tests.mailservers import Inbox, inbox, smtp
from tests.workspace import REPOSITORY

ROUNDS = int(os.environ.get("RECAP_ROUNDS", "20"))
"""Kills; `make torture` makes 200 of them."""

PEOPLE = 20

SCRIPT = """
import sys
from pathlib import Path
from pipeline.sending.letters import Letters
from pipeline.sending.posting import send_letters
from pipeline.state.database import State
from tests.builders import NOW
from tests.mailservers import smtp
folder, port = Path(sys.argv[1]), int(sys.argv[2])
with State.open(folder / "state.sqlite") as state:
    sys.stdout.write("ready\\n")
    sys.stdout.flush()
    send_letters(Letters(state), {"list": smtp(port)}, folder=folder, clock=lambda: NOW)
"""


def planned(announcement: str) -> list[Letter]:
    return [
        Letter(
            key=LetterKey(
                event="teaconf-2031",
                announcement=announcement,
                target="list",
                recipient=f"person{number}@example.org",
            ),
            message_id=f"<{announcement}.{number}@example.org>",
            subject="2 out",
            raw=f"From: recaps@example.org\r\nSubject: 2 out\r\nMessage-ID: "
            f"<{announcement}.{number}@example.org>\r\n\r\nTea.\r\n".encode(),
            planned=NOW,
            changed=NOW,
        )
        for number in range(PEOPLE)
    ]


def kill_within(folder: Path, port: int, seconds: float) -> None:
    """Send in a process of its own, and SIGKILL it after `seconds` of that."""
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(folder), str(port)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        assert process.wait() in (0, -signal.SIGKILL)


def ask_a_person(letters: Letters, server: Inbox) -> int:
    """Decide each unknown letter by what has arrived, as a person does; return how many."""
    assert server.is_quiet.wait(10)
    letters.recover(now=NOW)
    waiting = letters.listed(stages=["unknown"])
    arrived = set(server.ids())
    for one in waiting:
        decide = letters.skip if one.message_id in arrived else letters.resend
        where = (one.key.event, one.key.announcement, one.key.target)
        assert decide(*where, now=NOW, recipient=one.key.recipient) == 1
    return len(waiting)


def test_mails_sent_by_processes_that_are_killed_arrive_once(tmp_path: Path) -> None:
    chance = random.Random(20310520)  # noqa: S311 - instants, not secrets
    expected: list[str] = []
    unknown: list[int] = []
    with inbox() as server, State.open(tmp_path / "state.sqlite") as state:
        # Long enough for kills to fall between a mail's arrival and its answer.
        server.answer_s = 0.003
        letters = Letters(state)
        for number in range(ROUNDS):
            if not letters.due(NOW):
                batch = planned(f"batch-{number}")
                expected += [one.message_id for one in batch]
                letters.plan(batch)
            kill_within(tmp_path, server.port, chance.uniform(0.0, 0.25))
            unknown.append(ask_a_person(letters, server))
        send_letters(letters, {"list": smtp(server.port)}, folder=tmp_path, clock=lambda: NOW)
        assert Counter(server.ids()) == Counter(expected)
    assert (max(unknown), sum(unknown) > 0) == (1, True), "no kill came between dot and answer"
