"""A decision made ready: what is shown is what will be written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from pipeline import passage
from pipeline.dataset.decisions import render_decision
from pipeline.dataset.folder import FolderStore
from pipeline.model import Decision, EventFiles, Verb
from pipeline.review import Offer, bar, later_words, moment, offer, why_moved
from tests.builders import NOW
from tests.review.test_preview import AROUND, ODD, opened, word

LINK = word(Verb.LINK, video=ODD.key, talk="porcelain")


def offered(files: EventFiles, said: Decision = LINK) -> Offer:
    before = passage.take(files, {}, AROUND, now=NOW)
    return offer(files, AROUND, said, before=before, now=NOW)


def test_offer_is_the_file_that_the_store_writes(tmp_path: Path) -> None:
    made = offered(opened())
    (tmp_path / "teaconf-2031").mkdir()
    written, path = FolderStore(tmp_path).decide(made.word, event_id="teaconf-2031")
    assert (written, path.relative_to(tmp_path).as_posix()) == (made.word, made.path)
    assert path.read_bytes() == made.body == render_decision(made.word)


def test_offer_is_dated_after_what_was_decided_already() -> None:
    earlier = replace(LINK, id="20310520T120000Z-0a1b2c", verb=Verb.IGNORE, talk=None)
    made = offered(opened(decisions=(earlier,)))
    assert made.word.time == NOW + timedelta(seconds=1)


def test_offer_says_which_box_of_the_bar_it_fills() -> None:
    assert offered(opened()).slots == ("out", "fills")


def test_offer_that_takes_a_talk_out_says_which_box_it_empties() -> None:
    said = word(Verb.UNLINK, video="youtube:tea00000001", talk="brewing-tea")
    assert offered(opened(), said).slots == ("empties", "to-come")


def test_bar_of_an_event_as_it_is() -> None:
    assert bar(passage.take(opened(), {}, AROUND, now=NOW)) == ("out", "to-come")


def test_seal_holds_while_bytes_and_consequences_do() -> None:
    first = offered(opened())
    assert offered(opened()).seal == first.seal
    assert offered(opened(), replace(LINK, by="Bo")).seal != first.seal
    assert replace(first, beside="a mail").seal != first.seal
    assert first.preview is not None
    preview = replace(first.preview, alerts=("a talk is withheld",))
    assert replace(first, preview=preview).seal != first.seal


def test_later_words_are_those_of_that_moment_or_after() -> None:
    first = replace(LINK, id="a", time=NOW - timedelta(seconds=1))
    then = replace(LINK, id="b", time=NOW)
    assert later_words(opened(decisions=(then, first)), AROUND, since=NOW) == (then,)


def test_why_moved_names_what_was_decided_meanwhile() -> None:
    assert why_moved((LINK,)) == (
        "Meanwhile this was decided: link youtube:odd00000001 → porcelain, by Ada. "
        "Look again: the page shows how it is now."
    )
    assert why_moved(()).startswith("What this would change is not what it was")


def test_moment_reads_what_a_page_carries_and_nothing_else() -> None:
    assert moment("2031-05-20T12:00:00Z") == NOW
    assert (moment("2031-05-20"), moment("")) == (None, None)
