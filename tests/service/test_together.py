"""Two services and one-off runs on one folder: one after another, nothing torn, no mail twice."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from pipeline.cli import recap
from pipeline.dataset.folder import FolderStore
from pipeline.files.lock import hold
from tests.builders import NOW
from tests.files.test_lock import another
from tests.mailservers import inbox
from tests.service.test_jobs import eventually, serving
from tests.workspace import CONFIG, EVENT, Workspace

ROUNDS = int(os.environ.get("RECAP_ROUNDS", "50"))
"""Rounds of the race below; `make torture` runs 1,000."""

TALKS = 8
MAIL = """\
announce: every 1
mail:
  from: team@example.org
  to: [{{kind: smtp, host: 127.0.0.1, port: '{port}', tls: none, to: all@example.org, auto: true}}]
"""


def prepare(tea: Workspace, *, port: int) -> str:
    """Write an event of today whose mails leave by themselves; return its file."""
    tea.write("config.yaml", CONFIG + MAIL.format(port=port))
    today = datetime.now(UTC).date().isoformat()
    head = EVENT.partition("talks:")[0].replace(
        "path: videos.yaml", "path: videos.yaml, every: 1 second"
    )
    talks = "".join(f"  - {{id: cup-{n}, title: Cup number {n} of tea}}\n" for n in range(TALKS))
    body = head.replace("2031-05-17", today).replace("2031-05-18", today) + "talks:\n" + talks
    tea.write("data/teaconf-2031/event.yaml", body)
    return body


def show(tea: Workspace, count: int) -> None:
    rows = (
        f"{{id: cup{n:08}, title: Cup number {n} of tea, length: '20:00'}}" for n in range(count)
    )
    tea.list_videos(*rows)


def whole(root: Path) -> None:
    """Read what a reader reads; a torn file is none of its kind."""
    json.loads((root / "feeds" / "feed.json").read_bytes())
    yaml.safe_load((root / "data" / "ledger.yaml").read_bytes())
    yaml.safe_load((root / "data" / "teaconf-2031" / "recordings.yaml").read_bytes())


def test_two_services_and_one_off_runs_never_tear_a_file_nor_send_twice(tea: Workspace) -> None:
    with inbox() as server:
        body = prepare(tea, port=server.port)
        show(tea, 1)
        codes = Counter[int]()
        with serving(tea), serving(tea):
            assert eventually((tea.root / "feeds" / "feed.json").exists)
            for number in range(ROUNDS):
                show(tea, 1 + number * TALKS // ROUNDS)
                words = body.replace("TeaConf 2031", f"TeaConf 2031 ({number})")
                tea.write("data/teaconf-2031/event.yaml", words)
                result = CliRunner().invoke(
                    recap, ["publish", "-q", "-C", str(tea.root)], standalone_mode=False
                )
                codes[getattr(result.exception, "message", result.return_value)] += 1
                whole(tea.root)
            show(tea, TALKS)
            told = FolderStore(tea.root / "data")
            assert eventually(
                lambda: (
                    len(told.ledger("teaconf-2031").announcements) == len(server.arrived) > 1
                    and all(
                        target.state == "sent"
                        for one in told.ledger("teaconf-2031").announcements
                        for target in one.targets.values()
                    )
                )
            )
        talks = [talk for one in told.ledger("teaconf-2031").announcements for talk in one.talks]
        assert sorted(talks) == [f"cup-{n}" for n in range(TALKS)]
        assert len(set(server.ids())) == len(server.ids())
    assert codes == {0: ROUNDS}


def test_a_service_goes_on_when_the_other_is_killed(tea: Workspace) -> None:
    with inbox() as server:
        prepare(tea, port=server.port)
        show(tea, 1)
        with serving(tea) as one, serving(tea):
            assert eventually((tea.root / "feeds" / "feed.json").exists)
            one.send_signal(signal.SIGKILL)
            show(tea, 2)
            feed = tea.root / "feeds" / "feed.json"
            assert eventually(lambda: "Cup number 1 of tea" in feed.read_text("utf-8"))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_who_waits_for_the_lock_goes_on_when_its_holder_is_killed(
    tea: Workspace, number: int
) -> None:
    data, note = tea.config.data, tea.config.state / "holder.json"
    got = threading.Event()

    def wait() -> None:
        with hold(data, holder=note, now=NOW, wait_s=60):
            got.set()

    waiter = threading.Thread(target=wait)
    with another(data, note) as holder:
        waiter.start()
        waits = not got.wait(0.3)
        holder.send_signal(number)
        goes_on = got.wait(5)
    waiter.join()
    assert (waits, goes_on) == (True, True)
