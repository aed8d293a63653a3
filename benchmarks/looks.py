"""Hundreds of lists beside rss2email and reader: the same feeds, on the same loopback server.

The feeds look like YouTube's: Atom, 15 entries each. Each program is a process of its own that
looks at all of them. What is compared is looking and remembering: the product's stages "look" and
"ledger" beside the peers' whole run; what it does besides (reading its dataset, starting) is
printed with them, and matching and rendering are not run. rss2email (`r2e run --no-send`) parses a
feed and marks its entries as seen; reader (`update_feeds`) parses it and stores its entries, with
as many threads as the product. The product parses it and writes the event's ledger, in YAML and
durably. Its gap between two requests to one host is 0 here: all lists are on one host.

Run as `python -m benchmarks.looks FOLDER`, in the product's environment, it is the process that is
timed: one look at all lists of the dataset in FOLDER; prints one JSON object of seconds by stage.
"""

from __future__ import annotations

import functools
import http.server
import json
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from benchmarks import dataset
from benchmarks.peers import ran, timed

TALKS = 15
"""Entries of a feed, and talks of its event: what YouTube's feed shows at most."""

STAMP = format_datetime(datetime(2006, 5, 20, tzinfo=UTC), usegmt=True)

READER = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1])
if not reader.get_feed_counts().total:
    for number in range(int(sys.argv[3])):
        reader.add_feed(sys.argv[2].format(number))
reader.update_feeds(workers=16, scheduled=False)
"""

ENTRY = """\
<entry><id>yt:video:{key}</id><yt:videoId>{key}</yt:videoId>
<title>{title} - {speaker} - TeaConf {number}</title>
<link rel="alternate" href="https://www.youtube.com/watch?v={key}"/>
<author><name>TeaConf</name><uri>https://www.youtube.com/channel/x</uri></author>
<published>2006-05-20T12:{index:02d}:00+00:00</published>
<updated>2006-05-21T09:{index:02d}:00+00:00</updated>
<media:group><media:title>{title}</media:title>
<media:content url="https://www.youtube.com/v/{key}" type="application/x-shockwave-flash"/>
<media:thumbnail url="https://i.example.org/{key}.jpg" width="480" height="360"/>
<media:description>{title}, a talk at TeaConf {number}</media:description>
<media:community><media:statistics views="{index}"/></media:community></media:group></entry>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One comparison: how many feeds, whether they have validators, and which look counts."""

    name: str
    feeds: int
    validators: bool
    again: bool
    promise: float


ROWS = (
    Row(name="first run", feeds=500, validators=True, again=False, promise=0.3),
    Row(name="unchanged (304)", feeds=500, validators=True, again=True, promise=0.9),
    Row(name="no validators, nothing new", feeds=200, validators=False, again=True, promise=0.4),
)


def compare(work: Path, peers: Path, row: Row) -> dict[str, float]:
    """Return wall seconds of each program; of the product whole, and of looks and ledger alone.

    `peers` is the folder of the virtual environment that holds rss2email and reader.
    """
    with serving(row.feeds, validators=row.validators) as address:
        pattern = f"{address}/feeds/videos.xml?channel_id=UC{{:022d}}"
        programs: dict[str, Callable[[], dict[str, float]]] = {
            "rss2email": _rss2email(work, peers, pattern, row.feeds),
            "reader": _reader(work, peers, pattern, row.feeds),
            "recap": _product(work / "product", address, row.feeds),
        }
        found: dict[str, float] = {}
        for look in programs.values():
            first = look()
            found |= look() if row.again else first
    return found


def _rss2email(work: Path, peers: Path, pattern: str, feeds: int) -> Callable[[], dict[str, float]]:
    config = ["[DEFAULT]", "from = someone@example.org", "to = someone@example.org"]
    for number in range(feeds):
        config += [f"[feed.tea{number}]", f"url = {pattern.format(number).replace('%', '%%')}"]
    path = work / "r2e.cfg"
    path.write_text("\n".join(config) + "\n", encoding="utf-8")
    data = str(work / "r2e.json")
    command = [str(peers / "bin" / "r2e"), "--config", str(path), "--data", data]
    return lambda: {"rss2email": timed([*command, "run", "--no-send"])[0]}


def _reader(work: Path, peers: Path, pattern: str, feeds: int) -> Callable[[], dict[str, float]]:
    database = str(work / "reader.sqlite")
    python = str(peers / "bin" / "python")

    def look() -> dict[str, float]:
        return {"reader": timed([python, "-c", READER, database, pattern, str(feeds)])[0]}

    return look


def _product(root: Path, address: str, feeds: int) -> Callable[[], dict[str, float]]:
    for number in range(feeds):
        titles = dataset.titles(number, TALKS)
        folder = root / "data" / dataset.event_id(number)
        folder.mkdir(parents=True)
        url = f"https://www.youtube.com/channel/UC{number:022d}"
        body = dataset.event(number, titles)
        watched = f"kind: youtube, way: feed, url: '{url}'"
        body = body.replace("kind: file, path: videos.yaml", watched)
        (folder / "event.yaml").write_text(body, encoding="utf-8")
    (root / "config.yaml").write_text(
        f"{dataset.CONFIG}fetch: {{private_addresses: true, gap: 0, contact: x}}\n"
        f"sources: {{youtube: {{base: '{address}'}}}}\n",
        encoding="utf-8",
    )

    def look() -> dict[str, float]:
        wall_s, _, out = ran([sys.executable, "-m", "benchmarks.looks", str(root)])
        spent: dict[str, float] = json.loads(out.splitlines()[-1])
        return {
            "recap": spent["look"] + spent["ledger"],
            **{f"  stage {name}": seconds for name, seconds in spent.items()},
            "  the whole process": wall_s,
        }

    return look


@contextmanager
def serving(feeds: int, *, validators: bool) -> Iterator[str]:
    """Serve feeds from a process of its own, so that no program pays for the server."""
    ready: multiprocessing.Queue[int] = multiprocessing.Queue()
    process = multiprocessing.Process(target=_serve, args=(feeds, validators, ready), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ready.get(timeout=60)}"
    finally:
        process.terminate()
        process.join()


def _serve(feeds: int, validators: bool, ready: Any) -> None:
    bodies = [_feed(number) for number in range(feeds)]
    handler = functools.partial(_Handler, bodies, validators)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        ready.put(server.server_port)
        server.serve_forever()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, bodies: list[bytes], validators: bool, *args: Any) -> None:
        self.bodies, self.validators = bodies, validators
        super().__init__(*args)

    def do_GET(self) -> None:
        """Answer with the feed whose number the query holds."""
        channel = parse_qs(urlsplit(self.path).query)["channel_id"][0]
        body = self.bodies[int(channel.removeprefix("UC"))]
        fresh = self.validators and self.headers.get("If-Modified-Since") == STAMP
        self.send_response(304 if fresh else 200)
        if self.validators:
            self.send_header("Last-Modified", STAMP)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        if not fresh:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not fresh:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


def _feed(number: int) -> bytes:
    entries = "".join(
        ENTRY.format(
            key=f"t{number:05d}{index:05d}",
            title=title,
            speaker=speaker,
            index=index,
            number=number,
        )
        for index, (title, speaker) in enumerate(dataset.titles(number, TALKS))
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:yt="http://www.youtube.com/xml/schemas/2015" '
        'xmlns:media="http://search.yahoo.com/mrss/">'
        f"<id>yt:channel:{number}</id><title>TeaConf {number}</title>"
        f"<updated>2006-05-20T12:00:00+00:00</updated>\n{entries}</feed>\n"
    ).encode()


def stages(root: Path) -> dict[str, float]:
    """Look at every list of the dataset in `root` and keep what it showed; seconds by stage.

    The stages are those of a run, one after the other for all events; matching, merging and
    rendering are left out. Raises SystemExit where a list fails or shows less than it has.
    """
    from pipeline import ledger
    from pipeline.config import load_config
    from pipeline.dataset.folder import FolderStore
    from pipeline.looking import Lookout, fetch_maker, limits
    from pipeline.state.database import State

    spent: dict[str, float] = {}
    begun = time.perf_counter()

    def done(stage: str) -> None:
        nonlocal begun
        now = time.perf_counter()
        spent[stage] = now - begun
        begun = now

    config, now = load_config(root), datetime.now(UTC)
    store = FolderStore(config.data, lists=config.lists)
    opened = [store.open(event_id) for event_id in store.event_ids()]
    installation = store.installation()
    done("open")
    with State.open(config.state / "state.sqlite") as state:
        lookout = Lookout(
            state=state,
            open_fetch=fetch_maker(config, now),
            secret=config.secret,
            now=now,
            lists=config.lists,
            limits=limits(config),
        )
        with lookout:
            lookout.expect([one.event.id for one in opened])
            for one in opened:
                folder = store.folder(one.event.id)
                lookout.plan(one.event, one.ledger, folder=folder, due=False)
            lookout.ask()
            shown = [lookout.look(one.event, folder=root) for one in opened]
        done("look")
        seen = [
            ledger.observe(one.ledger, looks, now).ledger
            for one, looks in zip(opened, shown, strict=True)
        ]
        saving = store.saving()
        for one, row in zip(opened, seen, strict=True):
            if row != one.ledger:
                saving.ledger(one.event.id, row)
            lookout.learned(one.event, row)
        store.saved(saving, installation)
        lookout.commit()
        done("ledger")
    failed = [watch.error for watch in lookout.looks.reports if watch.error]
    if failed or any(len(row.videos) != TALKS for row in seen):
        raise SystemExit(f"{len(failed)} lists failed ({failed[:1]}), or showed too little")
    return spent


if __name__ == "__main__":
    print(json.dumps(stages(Path(sys.argv[1]))))
