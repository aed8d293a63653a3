"""The team is told by the kinds that send mails, as config.yaml names them."""

from __future__ import annotations

import email
from email.policy import default

from tests.fetch.server import answer, serving
from tests.mailservers import inbox
from tests.sending.test_delivering import ROWS, WATCHED
from tests.workspace import CONFIG, Workspace

SUBJECT = "Conference recaps: 1 list is failing"


def fail(tea: Workspace, notify: str) -> tuple[str, ...]:
    """Let a list fail for longer than a day; return what the last pass delivered."""
    tea.write(
        "config.yaml",
        f"{CONFIG}fetch: {{private_addresses: true, gap: 0}}\nnotify:\n  - {notify}\n",
    )
    with serving() as server:
        tea.write("data/teaconf-2031/event.yaml", WATCHED % f"{server.url}/tea.json")
        server.routes["/tea.json"] = answer(ROWS)
        tea.pass_()
        server.routes["/tea.json"] = answer(status=503)
        delivered: tuple[str, ...] = ()
        for _ in range(6):
            tea.later(hours=6)
            delivered += tea.pass_().delivered
    return delivered


def test_a_folder_is_one_of_the_workspace(tea: Workspace) -> None:
    delivered = fail(tea, "{kind: folder, path: out/mails}")
    (path,) = (tea.root / "out" / "mails").iterdir()
    parsed = email.message_from_bytes(path.read_bytes(), policy=default)
    assert (delivered, parsed["Subject"]) == ((f"folder: {SUBJECT}",), SUBJECT)


def test_a_mail_server_takes_the_message_to_the_team(tea: Workspace) -> None:
    tea.write("people.txt", "team@example.org\n")
    with inbox() as server:
        options = f"host: 127.0.0.1, port: '{server.port}', tls: none, from: recaps@example.org"
        delivered = fail(tea, f"{{kind: smtp, {options}, recipients: people.txt}}")
        assert delivered == (f"smtp: {SUBJECT}",)
        assert [one.recipients for one in server.arrived] == [("team@example.org",)]
