"""The product beside rss2email and reader: the same 50 recordings, read from loopback and kept.

Each program reads a list of 50 entries from a server on this machine, in the format it is made
for, as a process of its own, start included. rss2email (`r2e run --no-send`) parses the feed and
marks the entries as seen; reader (`update_feeds`) parses it and stores the entries in SQLite; the
product matches the entries with a programme of 50 talks, stores what it learned and publishes Atom,
RSS, JSON Feed, a page, Markdown and a mail. So it does more, and the ratio says what that costs.
"""

from __future__ import annotations

import http.server
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks import dataset

ENTRIES = 50

READER = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1])
reader.add_feed(sys.argv[2], exist_ok=True)
reader.update_feeds(scheduled=False)
print(reader.get_entry_counts().total)
"""

ITEM = """\
<entry><id>tag:example.org,2031:{index}</id><title>{title} - {speaker} - TeaConf 0</title>
<link href="https://example.org/watch/{index}"/><updated>2031-05-20T12:{minute:02d}:00Z</updated>
<published>2031-05-20T12:{minute:02d}:00Z</published><summary>{title}</summary></entry>
"""


_COMPILED = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
"""Modules are compiled once: peers are at installation, a checkout of the product when it runs."""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve `folder` on loopback; yields its address."""
    handler = partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def timed(command: Sequence[str]) -> tuple[float, float]:
    """Run a program; return seconds of wall clock and of CPU. SystemExit where it fails."""
    wall_s, cpu_s, _ = ran(command)
    return wall_s, cpu_s


def ran(command: Sequence[str]) -> tuple[float, float, str]:
    """Run a program; return seconds of wall clock and of CPU, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=_COMPILED)
    wall_s = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall_s, cpu_s, done.stdout


def compare(work: Path, peers: Path) -> dict[str, list[tuple[float, float]]]:
    """Return, for each program, wall and CPU seconds of its first and of its second look.

    `peers` is the folder of the virtual environment that holds rss2email and reader.
    """
    titles = dataset.titles(0, ENTRIES)
    served = work / "served"
    served.mkdir(parents=True)
    (served / "videos.yaml").write_text(dataset.videos(0, titles), encoding="utf-8")
    (served / "feed.xml").write_text(_feed(titles), encoding="utf-8")
    with serving(served) as address:
        root = _product(work / "product", titles, f"{address}videos.yaml")
        mail = ["--config", str(work / "r2e.cfg"), "--data", str(work / "r2e.json")]
        r2e = [str(peers / "bin" / "r2e"), *mail]
        timed([*r2e, "new", "someone@example.org"])
        timed([*r2e, "add", "teaconf", f"{address}feed.xml"])
        python, database = str(peers / "bin" / "python"), str(work / "reader.sqlite")
        commands = {
            "rss2email": [*r2e, "run", "--no-send"],
            "reader": [python, "-c", READER, database, f"{address}feed.xml"],
            "recap": [sys.executable, "-m", "pipeline", "publish", "-q", "-C", str(root)],
        }
        return {name: [timed(each), timed(each)] for name, each in commands.items()}


def help_and_bare(rounds: int) -> tuple[float, float]:
    """Return the fastest CPU seconds of `recap --help` and of a Python that does nothing."""
    helps = [timed([sys.executable, "-m", "pipeline", "--help"])[1] for _ in range(rounds)]
    bares = [timed([sys.executable, "-c", "pass"])[1] for _ in range(rounds)]
    return min(helps), min(bares)


def _product(root: Path, titles: list[tuple[str, str]], url: str) -> Path:
    folder = root / "data" / dataset.event_id(0)
    folder.mkdir(parents=True)
    config = f"{dataset.CONFIG}fetch:\n  private_addresses: true\n"
    (root / "config.yaml").write_text(config, encoding="utf-8")
    body = dataset.event(0, titles).replace("path: videos.yaml", f"url: '{url}'")
    (folder / "event.yaml").write_text(body, encoding="utf-8")
    return root


def _feed(titles: list[tuple[str, str]]) -> str:
    items = "".join(
        ITEM.format(index=index, title=title, speaker=speaker, minute=index)
        for index, (title, speaker) in enumerate(titles)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        "<id>tag:example.org,2031:feed</id><title>TeaConf</title>"
        f"<updated>2031-05-20T12:00:00Z</updated>\n{items}</feed>\n"
    )
