"""What every delivery keeps to, whatever its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pipeline import plugins
from pipeline.errors import ConfigError
from pipeline.fetch import HttpFetch
from pipeline.model import Delivery, Message, Notice, Receipt
from tests.builders import NOW, no_secret
from tests.fetch.server import answer, serving
from tests.mailservers import inbox

NOTICE = Notice(kind="list", place="teaconf-2031/list", since=NOW, words="no answer")
TEAM = Message(id="0123", time=NOW, subject="1 list is failing", text="Look.\n", items=(NOTICE,))
LETTER = Message(
    id="<1@example.org>",
    time=NOW,
    subject="2 out",
    text="Tea.\n",
    html="<p>Tea.</p>",
    recipient="ada@example.org",
    raw=b"From: recaps@example.org\r\nSubject: 2 out\r\n\r\nTea.\r\n",
)


@dataclass(slots=True)
class End:
    """The other end of a delivery: its options, and how many messages are there."""

    options: dict[str, str]
    count: Callable[[], int]
    is_repeatable: bool = False


def webhook(stack: ExitStack, folder: Path) -> End:
    del folder
    server = stack.enter_context(serving())
    server.routes["/hook"] = answer()
    return End({"url": f"{server.url}/hook"}, lambda: len(server.posted))


def smtp(stack: ExitStack, folder: Path) -> End:
    del folder
    server = stack.enter_context(inbox())
    options = {"host": "127.0.0.1", "port": str(server.port), "tls": "none"}
    more = {"from": "recaps@example.org", "to": "team@example.org"}
    return End({**options, **more}, lambda: len(server.arrived))


def folder(stack: ExitStack, folder: Path) -> End:
    del stack
    return End({"path": str(folder)}, lambda: len(list(folder.iterdir())), is_repeatable=True)


ENDS = {"webhook": webhook, "smtp": smtp, "folder": folder}


@pytest.fixture(params=ENDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def end(kind: str, tmp_path: Path) -> Iterator[End]:
    with ExitStack() as stack:
        yield ENDS[kind](stack, tmp_path)


def made(kind: str, end: End, **more: str) -> Delivery:
    connect = partial(HttpFetch, now=NOW, allow_private=True)
    cls = plugins.load("delivery", kind)
    delivery: Delivery = cls({**end.options, **more}, secret=no_secret, connect=connect)
    return delivery


def nothing() -> None:
    """A Mark: nothing is stored."""


def test_every_kind_that_sends_is_held_to_this() -> None:
    sending = {
        kind
        for kind in plugins.BUILT_IN["delivery"]
        if hasattr(plugins.load("delivery", kind), "send")
    }
    assert sending == set(ENDS)


@pytest.mark.parametrize("message", [TEAM, LETTER], ids=["team", "letter"])
def test_send_makes_one_message_arrive(kind: str, end: End, message: Message) -> None:
    receipt = made(kind, end).send(message, nothing)
    assert (receipt, end.count()) == (Receipt(result="sent"), 1)


def test_nothing_has_arrived_when_mark_is_called_and_it_is_called_once(kind: str, end: End) -> None:
    seen: list[int] = []
    made(kind, end).send(LETTER, lambda: seen.append(end.count()))
    assert seen == ([] if end.is_repeatable else [0])


def test_nothing_arrives_where_mark_fails(kind: str, end: End) -> None:
    if end.is_repeatable:
        pytest.skip("sending twice makes one message, so nothing is marked")

    def full() -> None:
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        made(kind, end).send(LETTER, full)
    assert end.count() == 0


def test_sending_again_makes_a_second_message_only_where_nobody_can_tell(
    kind: str, end: End
) -> None:
    delivery = made(kind, end)
    for _ in range(2):
        delivery.send(LETTER, nothing)
    assert end.count() == (1 if end.is_repeatable else 2)


def test_an_unknown_option_is_refused_by_its_name(kind: str, end: End) -> None:
    with pytest.raises(ConfigError, match="no option 'teapot'"):
        made(kind, end, teapot="x")


def test_making_one_reads_no_secret_and_connects_nowhere(kind: str, end: End) -> None:
    def never(*_: object, **__: object) -> Any:
        raise AssertionError("too early")

    plugins.load("delivery", kind)(end.options, secret=never, connect=never)
    assert end.count() == 0


def test_options_that_are_paths_are_options(kind: str, end: End) -> None:
    cls = plugins.load("delivery", kind)
    unknown = []
    for name in getattr(cls, "paths", ()):
        try:
            made(kind, end, **{name: "x"})
        except ConfigError as error:
            unknown += [name] if "has no option" in error.message else []
    assert unknown == []
