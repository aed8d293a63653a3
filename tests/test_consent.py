"""What must not appear appears nowhere: every byte below feeds/ is searched."""

from __future__ import annotations

import pytest

from pipeline.model import Outcome
from tests.test_cli import at, run
from tests.workspace import EVENT, PORCELAIN, TEA, UNTITLED, Workspace, bytes_below

TITLE, SPEAKER, VIDEO = "Brewing Tea at Scale", "Ada Example", "tea00000001"
IMAGE = "http://127.0.0.1/ada-on-stage.jpg"  # never fetched: it is no public address
TEA_WITH_IMAGE = TEA.replace("}", f", thumbnail: '{IMAGE}', channel: Tea}}")
OTHER = EVENT.replace("teaconf-2031", "cupconf-2031").replace("TeaConf", "CupConf")

BARS = {
    "withdraw a talk": "verb: withdraw\ntalk: brewing-tea\n",
    "withdraw a speaker": "verb: withdraw\nspeaker: Ada Example\n",
}


def traces(tea: Workspace, *, also: tuple[str, ...] = ()) -> list[str]:
    """Return where below feeds/ the withdrawn talk still shows."""
    needles = [word.encode() for word in (TITLE, SPEAKER, VIDEO, IMAGE, *also)]
    return sorted(
        f"{path}: {needle.decode()}"
        for path, body in bytes_below(tea.root / "feeds", leave_out=()).items()
        for needle in needles
        if needle in body
    )


def decide(tea: Workspace, body: str, *, where: str = "teaconf-2031/decisions") -> None:
    words = f"time: 2031-05-20T13:00:00Z\nby: Grace\nreason: asked for it\n{body}"
    tea.write(f"data/{where}/20310520T130000Z-0a1b2c.yaml", words)


def published(tea: Workspace) -> None:
    tea.list_videos(TEA_WITH_IMAGE, PORCELAIN)
    tea.pass_()
    assert traces(tea)
    tea.later(hours=2)


@pytest.mark.parametrize("body", BARS.values(), ids=BARS)
def test_what_is_withdrawn_leaves_every_file_in_one_run_and_never_comes_back(
    tea: Workspace, body: str
) -> None:
    published(tea)
    decide(tea, body)
    made = tea.pass_(offline=True)
    assert made.events[0].out == 1
    found = [traces(tea)]
    for rows in ((TEA_WITH_IMAGE, PORCELAIN), (PORCELAIN, UNTITLED, TEA_WITH_IMAGE)):
        tea.list_videos(*rows)
        tea.later(days=1)
        tea.pass_()
        found.append(traces(tea))
    assert found == [[], [], []]
    assert "brewing-tea" in (tea.root / "feeds/teaconf-2031/talks.json").read_text("utf-8")


def test_what_is_withdrawn_leaves_only_its_key_in_the_public_ledger(tea: Workspace) -> None:
    published(tea)
    decide(tea, BARS["withdraw a talk"])
    tea.pass_()
    body = (tea.event_folder / "recordings.yaml").read_text("utf-8")
    assert [word in body for word in (TITLE, SPEAKER, IMAGE)] == [False, False, False]


@pytest.mark.parametrize("body", ["videos: [tea00000001]\n", "speakers: [Ada Example]\n"])
def test_no_publish_keeps_a_video_out_that_looks_like_a_re_upload(
    tea: Workspace, body: str
) -> None:
    again = TEA_WITH_IMAGE.replace("tea00000001", "tea00000002")
    tea.write("data/no-publish.yaml", body.replace("tea00000001", "tea00000002"))
    tea.list_videos(TEA_WITH_IMAGE, PORCELAIN)
    tea.pass_()
    tea.list_videos(TEA_WITH_IMAGE, PORCELAIN, again)
    for _ in range(3):
        tea.later(days=1)
        tea.pass_()
        hits = [
            path for path, text in bytes_below(tea.root / "feeds").items() if b"tea00000002" in text
        ]
        assert hits == []


@pytest.mark.parametrize("expectation", ["withheld", "not_recorded", "{embargoed: 2032-01-01}"])
def test_a_public_video_of_a_gated_talk_reaches_no_file_but_is_said(
    tea: Workspace, expectation: str
) -> None:
    gated = EVENT.replace(
        f"    title: {TITLE}\n", f"    title: {TITLE}\n    expectation: {expectation}\n"
    )
    tea.write("data/teaconf-2031/event.yaml", gated)
    tea.list_videos(TEA_WITH_IMAGE, PORCELAIN)
    made = tea.pass_()
    assert (made.outcome, len(made.events[0].alerts)) == (Outcome.PERSON_NEEDED, 1)
    assert [hit for hit in traces(tea) if hit.endswith((VIDEO, IMAGE))] == []


def test_a_rename_does_not_lift_a_withdrawal(tea: Workspace) -> None:
    published(tea)
    decide(tea, BARS["withdraw a talk"])
    tea.pass_()
    renamed = EVENT.replace("id: brewing-tea\n", "id: tea\n    was: [brewing-tea]\n")
    tea.write("data/teaconf-2031/event.yaml", renamed)
    tea.later(days=1)
    tea.pass_()
    assert traces(tea) == []


@pytest.mark.parametrize("broken", ["nam: x\n", None])
def test_a_withdrawal_everywhere_cleans_events_that_cannot_be_read_too(
    tea: Workspace, broken: str | None
) -> None:
    published(tea)
    tea.write("data/cupconf-2031/event.yaml", OTHER)
    tea.write("data/cupconf-2031/videos.yaml", f"videos: [{PORCELAIN}]\n")
    tea.pass_()
    if broken is None:
        tea.drop("data/teaconf-2031")
    else:
        tea.write("data/teaconf-2031/event.yaml", broken)
    decide(tea, BARS["withdraw a speaker"], where="decisions")
    tea.later(hours=1)
    tea.pass_(offline=True)
    assert traces(tea) == []
    shared = (tea.root / "feeds" / "feed.json").read_text("utf-8")
    assert "teaconf-2031/porcelain" in shared


def test_a_withdrawal_holds_though_another_decision_cannot_be_read(tea: Workspace) -> None:
    published(tea)
    decide(tea, BARS["withdraw a talk"])
    tea.write("data/teaconf-2031/decisions/zz.yaml", "verb: nonsense\n")
    made = tea.pass_(offline=True)
    assert (made.outcome, traces(tea)) == (Outcome.INVALID, [])


def test_a_withdrawal_under_a_former_id_holds_while_the_event_cannot_be_read(
    tea: Workspace,
) -> None:
    published(tea)
    renamed = EVENT.replace("id: brewing-tea\n", "id: tea\n    was: [brewing-tea]\n")
    tea.write("data/teaconf-2031/event.yaml", renamed)
    tea.pass_()
    tea.write("data/teaconf-2031/event.yaml", "nam: x\n")
    tea.write("data/no-publish.yaml", "talks: [teaconf-2031/brewing-tea]\n")
    tea.later(hours=1)
    tea.pass_(offline=True)
    assert traces(tea) == []


def test_a_withdrawal_outlives_the_folder_of_an_event_that_is_retired(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    published(tea)
    decide(tea, BARS["withdraw a speaker"])
    run(capsys, "retire", "teaconf-2031", *at(tea))
    tea.drop("data/teaconf-2031")
    tea.later(hours=1)
    made = tea.pass_(offline=True)
    assert (made.outcome, traces(tea)) == (Outcome.FINE, [])


def test_a_speaker_of_a_retired_event_can_be_withdrawn_everywhere(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    published(tea)
    run(capsys, "retire", "teaconf-2031", *at(tea))
    tea.drop("data/teaconf-2031")
    words = ("withdraw", SPEAKER, "--everywhere", "--reason", "asked for it")
    code, out, _ = run(capsys, *words, *at(tea))
    tea.later(hours=1)
    tea.pass_(offline=True)
    assert (code, "mind the spelling" in out, traces(tea)) == (0, True, [])
