"""Letters leave once; what a delivery, a crash or a person does decides what becomes of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

import pytest

from pipeline.errors import BusyError, ConfigError, PublishError
from pipeline.files.lock import hold
from pipeline.model import Delivery, Mark, Message, Receipt
from pipeline.sending.letter import Letter, LetterKey
from pipeline.sending.letters import Letters
from pipeline.sending.posting import GIVE_UP, HOLDER, LONGEST_WAIT, Posted, rest, send_letters
from pipeline.state.database import State
from tests.builders import NOW
from tests.mailservers import CLOSE, inbox, smtp, stage

SENT = Receipt(result="sent")
LATER = Receipt(result="retry", detail="451 greylisted")
REFUSED = Receipt(result="failed", detail="550 unknown")
LOST = Receipt(result="unknown", detail="no answer")
RAW = b"From: recaps@example.org\r\nSubject: 2 out\r\nMessage-ID: <%s>\r\n\r\nTea.\r\n"
NAMES = ("ada@example.org", "grace@example.org", "zoe@example.org")


def key(recipient: str, **more: str) -> LetterKey:
    made = LetterKey(
        event="teaconf-2031", announcement="2031-05-20", target="list", recipient=recipient
    )
    return replace(made, **more)


def letter(recipient: str, **more: str) -> Letter:
    return Letter(
        key=key(recipient, **more),
        message_id=f"<{recipient}>",
        subject="2 out",
        raw=RAW % recipient.encode(),
        planned=NOW,
        changed=NOW,
    )


@dataclass(slots=True)
class Fake:
    """A delivery that gives receipts by recipient; `tries` are whom it was asked to send to."""

    receipts: dict[str, Receipt | BaseException] = field(default_factory=dict)
    tries: list[str] = field(default_factory=list)
    entered: list[str] = field(default_factory=list)

    def send(self, message: Message, mark: Mark) -> Receipt:
        recipient = message.recipient or ""
        self.tries.append(recipient)
        found = self.receipts.get(recipient, SENT)
        if isinstance(found, ConfigError):
            raise found
        mark()
        if isinstance(found, BaseException):
            raise found
        return found


@dataclass(slots=True)
class Keeping(Fake):
    """One that keeps something for as long as its `with` lasts."""

    def __enter__(self) -> Self:
        self.entered.append("in")
        return self

    def __exit__(self, *_: object) -> None:
        self.entered.append("out")


@dataclass(slots=True)
class Post:
    """Letters to some people, and a clock that stands still until it is moved."""

    letters: Letters
    folder: Path
    now: datetime = NOW

    def send(self, delivery: Delivery, target: str = "list") -> Posted:
        return send_letters(
            self.letters, {target: delivery}, folder=self.folder, clock=lambda: self.now
        )

    def later(self, **more: float) -> None:
        self.now += timedelta(**more)

    def stage(self, recipient: str) -> str:
        found = self.letters.get(key(recipient))
        assert found is not None
        return found.stage


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with State.in_memory() as state:
        made = Post(Letters(state), tmp_path / ".recap")
        made.letters.plan([letter(name) for name in NAMES])
        yield made


def test_every_letter_is_sent_once(post: Post) -> None:
    fake = Fake()
    assert post.send(fake) == Posted(sent=tuple(key(name) for name in NAMES))
    assert post.send(fake) == Posted()
    assert fake.tries == list(NAMES)


def test_a_target_gets_its_own_letters_only(post: Post) -> None:
    post.letters.plan([letter("", target="other")])
    fake = Fake()
    assert post.send(fake, "other") == Posted(sent=(key("", target="other"),))
    assert (fake.tries, post.letters.counts()) == ([""], Counter(planned=3, sent=1))


def test_a_letter_that_is_held_does_not_leave(post: Post) -> None:
    post.letters.plan([replace(letter("held@example.org"), stage="held")])
    post.send(Fake())
    assert post.stage("held@example.org") == "held"


def test_a_refusal_stops_that_recipient_only(post: Post) -> None:
    made = post.send(Fake({"grace@example.org": REFUSED}))
    assert made == Posted(
        sent=(key("ada@example.org"), key("zoe@example.org")),
        failed=(key("grace@example.org"),),
        warnings=(
            (
                "mail teaconf-2031/2031-05-20 at list: 1 letter failed: 550 unknown. The other "
                "recipients have it; mend that address, or drop it"
            ),
        ),
    )


def test_what_is_put_off_rests_and_is_tried_again(post: Post) -> None:
    fake = Fake({"ada@example.org": LATER})
    assert post.send(fake).again == (key("ada@example.org"),)
    post.later(minutes=4)
    assert post.send(fake) == Posted()
    post.later(minutes=1)
    fake.receipts = {}
    assert post.send(fake).sent == (key("ada@example.org"),)


def test_a_servers_wish_is_honoured(post: Post) -> None:
    post.send(Fake({"ada@example.org": replace(LATER, retry_after=NOW + timedelta(hours=9))}))
    post.later(hours=8)
    assert post.send(Fake()) == Posted()


def test_the_wait_doubles_up_to_some_hours() -> None:
    minutes = [rest(tries) / timedelta(minutes=1) for tries in (1, 2, 3, 6, 7, 100)]
    assert minutes == [5, 10, 20, 160, 240, LONGEST_WAIT / timedelta(minutes=1)]


def test_a_letter_is_given_up_after_days_of_trying(post: Post) -> None:
    fake = Fake({"ada@example.org": LATER})
    post.send(fake)
    post.later(days=GIVE_UP.days)
    assert post.send(fake).failed == (key("ada@example.org"),)
    found = post.letters.get(key("ada@example.org"))
    assert found is not None
    assert found.detail == "given up after 5 days: 451 greylisted"


def test_a_letter_that_was_never_tried_is_not_given_up(post: Post) -> None:
    post.later(days=30)
    assert len(post.send(Fake(dict.fromkeys(NAMES, LATER))).again) == 3


def test_what_may_have_arrived_waits_for_a_person(post: Post) -> None:
    made = post.send(Fake({"ada@example.org": LOST}))
    assert made.unknown == (key("ada@example.org"),)
    assert made.warnings == (
        (
            "mail teaconf-2031/2031-05-20 at list: 1 letter may have arrived: no answer. Ask "
            "whether it did; then `recap mail resend teaconf-2031/2031-05-20` sends it again, and "
            "`recap mail skip teaconf-2031/2031-05-20` leaves it"
        ),
    )
    post.later(days=1)
    fake = Fake()
    post.send(fake)
    assert fake.tries == ["grace@example.org", "zoe@example.org"]


def test_letters_that_fare_alike_are_one_warning(post: Post) -> None:
    made = post.send(Fake(dict.fromkeys(NAMES, LATER)))
    assert made.warnings == (
        (
            "mail teaconf-2031/2031-05-20 at list: 3 letters did not leave: 451 greylisted. It is "
            "tried again by itself"
        ),
    )


def test_no_warning_shows_an_address(post: Post) -> None:
    made = post.send(Fake(dict(zip(NAMES, (LATER, REFUSED, LOST), strict=True))))
    assert [line for line in made.warnings if "@" in line] == []


def test_a_setting_that_is_wrong_stops_its_target_and_costs_no_letter(post: Post) -> None:
    fake = Fake({"ada@example.org": ConfigError("the secret X is not set")})
    assert post.send(fake).again == (key("ada@example.org"),)
    assert (fake.tries, post.letters.counts()) == (["ada@example.org"], Counter(planned=3))
    assert len(post.send(Fake()).sent) == 3


@pytest.mark.parametrize("end", [KeyboardInterrupt(), SystemExit(143)])
def test_a_process_told_to_end_while_it_waits_leaves_the_dot(
    post: Post, end: BaseException
) -> None:
    with pytest.raises(type(end)):
        post.send(Fake({"ada@example.org": end}))
    assert post.stage("ada@example.org") == "dot"
    made = post.send(Fake())
    assert (made.unknown, made.sent) == (
        (key("ada@example.org"),),
        (key("grace@example.org"), key("zoe@example.org")),
    )


def test_a_process_that_died_before_the_dot_costs_nothing(post: Post) -> None:
    post.letters.take(key("ada@example.org"), now=NOW)
    assert len(post.send(Fake()).sent) == 3


def test_a_dot_that_cannot_be_stored_lets_nothing_leave(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise PublishError("no space")

    with monkeypatch.context() as patch, inbox() as server:
        patch.setattr(Letters, "dot", full)
        with pytest.raises(PublishError, match="no space"):
            post.send(smtp(server.port))
        assert server.arrived == []
    assert len(post.send(Fake()).sent) == 3


def test_a_delivery_that_keeps_something_keeps_it_for_all_letters(post: Post) -> None:
    keeping = Keeping()
    post.send(keeping)
    assert (keeping.entered, len(keeping.tries)) == (["in", "out"], 3)


def test_nothing_is_opened_where_nothing_is_due(post: Post) -> None:
    keeping = Keeping()
    post.send(keeping, "other")
    assert keeping.entered == []


def test_one_process_sends_at_a_time(post: Post) -> None:
    post.folder.mkdir()
    with (
        hold(post.folder, holder=post.folder / HOLDER, now=NOW, what="a delivery"),
        pytest.raises(BusyError, match="a delivery is at work on it"),
    ):
        post.send(Fake())
    assert post.letters.counts() == Counter(planned=3)


def test_a_server_puts_one_off_refuses_one_and_takes_one(post: Post) -> None:
    with inbox() as server:
        server.refusals = {"ada@example.org": "450 later", "grace@example.org": "550 unknown"}
        made = post.send(smtp(server.port))
        server.refusals = {}
        post.later(hours=1)
        again = post.send(smtp(server.port))
        assert server.ids() == ["<zoe@example.org>", "<ada@example.org>"]
    assert ([len(made.again), len(made.failed), len(made.sent)], again.sent) == (
        [1, 1, 1],
        (key("ada@example.org"),),
    )


def test_a_server_that_dies_before_the_dot_costs_no_letter(post: Post) -> None:
    with stage(DATA=[CLOSE]) as server:
        made = post.send(smtp(server.port))
    assert made.again == tuple(key(name) for name in NAMES)


def test_a_server_that_dies_after_the_dot_leaves_one_letter_to_a_person(post: Post) -> None:
    with stage(DOT=[CLOSE]) as server:
        made = post.send(smtp(server.port))
    assert (made.unknown, post.letters.due(NOW)) == (
        (key("ada@example.org"),),
        (key("grace@example.org"), key("zoe@example.org")),
    )
