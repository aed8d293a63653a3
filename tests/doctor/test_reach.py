from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest

from pipeline.dataset.folder import FolderStore
from pipeline.doctor.finding import Finding, broken, ok
from pipeline.doctor.reach import Reach, parse_date
from tests.builders import NOW
from tests.fetch.server import Server, answer, serving
from tests.mailservers import inbox
from tests.workspace import CONFIG, TEA, Workspace, files_below

DATE = "Tue, 20 May 2031 12:00:00 GMT"
HERE = "fetch: {private_addresses: true, gap: 0}\n"
FEED = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Tea</title>
<id>x</id><updated>2031-05-20T10:00:00Z</updated>
<entry><id>one</id><title>Brewing</title><updated>2031-05-20T10:00:00Z</updated>
<link href="https://video.example.org/w/1"/></entry></feed>"""


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def at_noon(handler: BaseHTTPRequestHandler) -> None:
    """Answer with a feed, by a clock of the server's own."""
    handler.date_time_string = lambda *_: DATE  # type: ignore[method-assign]  # the library's hook
    answer(FEED)(handler)


def watched(tea: Workspace, url: str) -> Reach:
    tea.write("config.yaml", CONFIG + HERE)
    path = tea.event_folder / "event.yaml"
    body = path.read_text("utf-8").replace(
        "kind: file, path: videos.yaml", f"kind: feed, url: {url}"
    )
    path.write_text(body, encoding="utf-8")
    return Reach(tea.config, now=tea.now)


def lists(tea: Workspace, reach: Reach) -> list[Finding]:
    store = FolderStore(tea.config.data)
    return list(reach.lists(store, [store.open("teaconf-2031")]))


def test_a_list_that_answers_is_in_order_and_says_what_time_it_is(
    tea: Workspace, server: Server
) -> None:
    server.routes["/feed"] = at_noon
    reach = watched(tea, f"{server.url}/feed")
    (found,) = lists(tea, reach)
    assert (found.level, found.words) == ("ok", "it answers, and shows 1 videos")
    assert [moment for _, moment in reach.dates] == [NOW]


def test_a_list_that_does_not_answer_is_broken(tea: Workspace, server: Server) -> None:
    server.routes["/feed"] = answer(status=404)
    (found,) = lists(tea, watched(tea, f"{server.url}/feed"))
    assert (found.level, "the server answers 404" in found.words) == ("broken", True)


def test_a_list_that_shows_nothing_is_worth_a_look(tea: Workspace) -> None:
    (found,) = lists(tea, Reach(tea.config, now=tea.now))
    assert (found.level, found.words) == ("warn", "it answers, and shows nothing")


def test_rows_that_cannot_be_read_are_worth_a_look(tea: Workspace) -> None:
    tea.list_videos(TEA, "{title: no id}")
    (found,) = lists(tea, Reach(tea.config, now=tea.now))
    assert (found.level, "1 rows cannot be read" in found.words) == ("warn", True)


def test_looking_saves_nothing(tea: Workspace) -> None:
    tea.list_videos(TEA)
    before = files_below(tea.root)
    lists(tea, Reach(tea.config, now=tea.now))
    assert files_below(tea.root) == before


def deliveries(tea: Workspace, more: str) -> list[Finding]:
    tea.write("config.yaml", CONFIG + HERE + more)
    return list(Reach(tea.config, now=tea.now).deliveries())


def mail(port: int, **more: str) -> str:
    options = "".join(f", {key}: {value}" for key, value in more.items())
    return (
        "mail:\n  from: team@example.org\n  to:\n"
        f"    - {{kind: smtp, host: 127.0.0.1, port: '{port}', tls: none, to: b@example.org"
        f"{options}}}\n"
    )


def test_a_mail_server_is_greeted_and_gets_no_mail(tea: Workspace) -> None:
    with inbox() as server:
        found = deliveries(tea, mail(server.port))
        assert (server.connections, server.arrived) == (1, [])
    assert found == [ok("delivery smtp", "smtp: it answers, and takes this account")]


def test_a_mail_server_that_is_down_is_broken(tea: Workspace) -> None:
    with inbox() as server:
        port = server.port
    (found,) = deliveries(tea, mail(port))
    assert (found.level, f"127.0.0.1:{port}" in found.words) == ("broken", True)


def test_a_mail_server_that_needs_a_password_is_broken_without_it(tea: Workspace) -> None:
    (found,) = deliveries(tea, mail(25, user="ada"))
    assert (found.level, "RECAP_SMTP_PASSWORD is not set" in found.words) == ("broken", True)


def test_a_delivery_that_cannot_be_greeted_is_judged_by_its_options(tea: Workspace) -> None:
    assert deliveries(tea, "notify: [{kind: webhook, url: 'https://chat.example.org/x'}]\n") == [
        ok("delivery webhook", "webhook: its options are right; it was not asked")
    ]


def test_a_delivery_with_wrong_options_is_broken(tea: Workspace) -> None:
    (found,) = deliveries(tea, "notify: [{kind: webhook}]\n")
    assert found.level == "broken"
    assert found == broken("delivery", found.words, do="mend it in config.yaml")
    assert "config.yaml:5:10: notify[0]: a webhook needs either `url:`" in found.words


@pytest.mark.parametrize(
    ("headers", "moment"),
    [
        ({"date": DATE}, NOW),
        ({"date": DATE, "age": "60"}, NOW + timedelta(minutes=1)),
        ({"date": DATE, "age": "old"}, None),
        ({"date": "teatime"}, None),
        ({"date": "Tue, 20 May 2031 12:00:00 +99999999999999"}, None),
        ({"date": "Fri, 31 Dec 9999 23:59:59 GMT", "age": "60"}, None),
        ({"date": "Tue, 20 May 2031 12:00:00 -0000"}, None),
        ({}, None),
    ],
)
def test_parse_date_reads_what_time_it_is(headers: dict[str, str], moment: object) -> None:
    assert parse_date(headers) == moment
