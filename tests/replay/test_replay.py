"""Sixty days of uploads, outages and people's words: each talk once, and nothing lost."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.commands.terminal import fetch_maker
from pipeline.config import load_config
from pipeline.dataset.folder import FolderStore
from pipeline.model import Decision, RunReport, Verb
from pipeline.run import publish
from pipeline.stages.memory import Memory
from pipeline.state.database import State
from tests.outputs.feeds import parse_json
from tests.replay import script
from tests.replay.script import (
    ACCEPTED_AFTER,
    ALIAS,
    ALIAS_DAY,
    LOST_DAY,
    REVIEW_ID,
    Story,
    at,
    expected,
)
from tests.replay.server import CHANNEL, PLAYLIST, ListServer, telling
from tests.test_newsletters import Finder, Weekly
from tests.workspace import bytes_below

EVERY = timedelta(minutes=int(os.environ.get("RECAP_REPLAY_MINUTES", "240")))
EVENT = "teaconf-2031"


@dataclass
class Told:
    """A replay: what each pass reported, and what stands on the disk at the end."""

    root: Path
    passes: list[datetime] = field(default_factory=list)
    reports: list[RunReport] = field(default_factory=list)
    weekly: Weekly = field(default_factory=lambda: Weekly(last=script.START))
    finder: Finder = field(default_factory=Finder)

    @property
    def released(self) -> list[str]:
        return [name for one in self.reports for event in one.events for name in event.released]

    def files(self) -> dict[str, bytes]:
        data = {f"data/{name}": body for name, body in bytes_below(self.root / "data").items()}
        feeds = bytes_below(self.root / "feeds")
        return {**data, **{f"feeds/{name}": body for name, body in feeds.items()}}


def written(server: ListServer, now: datetime) -> str:
    """Return the event.yaml of the story, as people have it by then."""
    lines = [
        f"id: {EVENT}",
        "name: TeaConf 2031",
        "start: 2031-05-17",
        "end: 2031-05-19",
        "timezone: Europe/Berlin",
        "watch:",
        "  - kind: youtube",
        "    id: channel",
        f"    url: https://www.youtube.com/channel/{CHANNEL}",
        "    way: feed",
        "    only_this_event: true",
        "    fallback:",
        "      kind: youtube",
        f"      url: https://www.youtube.com/playlist?list={PLAYLIST}",
        "      way: api",
        "talks:",
    ]
    for talk in server.story.talks:
        lines += [
            f"  - id: {talk.id}",
            f"    title: {talk.title}",
            f"    speakers: [{talk.speaker}]",
        ]
        if talk.id == script.MISSING and now >= at(LOST_DAY):
            lines.append("    expectation: lost")
        if talk.id in script.GATED:
            lines.append(f"    expectation: {script.GATED[talk.id]}")
        if talk.id == script.EMBARGOED_ID:
            lines.append(f"    expectation: {{embargoed: {at(script.EMBARGO_DAY):%Y-%m-%d}}}")
        if talk.id == script.ALIAS_ID and now >= at(ALIAS_DAY):
            lines.append(f"    also: [{ALIAS}]")
    return "\n".join(lines) + "\n"


def replay(root: Path, server: ListServer, *, cold: bool) -> Told:
    """Run every pass of the story; `cold` ones start from a fresh checkout of the dataset."""
    root.mkdir()
    (root / "config.yaml").write_text(
        "site: {tag: 'recaps.example.org,2031', url: 'https://recaps.example.org/'}\n"
        "fetch: {private_addresses: true, gap: 0}\n"
        f"sources: {{youtube: {{base: '{server.url}', api: '{server.url}'}}}}\n"
    )
    file = root / "data" / EVENT / "event.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(written(server, script.START))
    config = load_config(root)
    told, state, memory = Told(root), State.in_memory(), Memory()
    asked: datetime | None = None
    now = script.START
    while now < script.START + timedelta(days=script.DAYS):
        server.now = now
        if (event := written(server, now)) != file.read_text():
            file.write_text(event)
        if asked and now >= asked + ACCEPTED_AFTER:
            accept(config.data, told.reports[-1], now - timedelta(minutes=1))
            asked = None
        if cold:
            state.close()
            state, memory = State.in_memory(), Memory()
            for folder in ("feeds", ".recap"):
                shutil.rmtree(root / folder, ignore_errors=True)
        report = publish(
            config, now=now, state=state, open_fetch=fetch_maker(config, now), memory=memory
        )
        told.passes.append(now)
        told.reports.append(report)
        rows = parse_json((root / "feeds" / EVENT / "feed.json").read_bytes())
        told.weekly.poll(rows, now)
        told.finder.poll(rows, now)
        if asked is None and question(report):
            asked = now
        now += EVERY
    state.close()
    return told


def question(report: RunReport) -> str | None:
    """Return the video that a report asks about, if it is the doubtful one."""
    asked = [one for event in report.events for one in event.questions if one.talk == REVIEW_ID]
    return asked[0].video if asked else None


def accept(data: Path, report: RunReport, when: datetime) -> None:
    """Let a person accept the one doubtful match."""
    word = Decision(
        id="", time=when, verb=Verb.LINK, by="Ada", video=question(report), talk=REVIEW_ID
    )
    FolderStore(data).decide(word, event_id=EVENT)


@pytest.fixture(scope="module")
def server() -> Iterator[ListServer]:
    with telling(Story()) as made:
        yield made


@pytest.fixture(scope="module", autouse=True)
def key() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YOUTUBE_API_KEY", "tea-key")
        yield


@pytest.fixture(scope="module")
def warm(server: ListServer, tmp_path_factory: pytest.TempPathFactory) -> Told:
    return replay(tmp_path_factory.mktemp("warm") / "recap", server, cold=False)


@pytest.fixture(scope="module")
def cold(server: ListServer, tmp_path_factory: pytest.TempPathFactory) -> Told:
    return replay(tmp_path_factory.mktemp("cold") / "recap", server, cold=True)


def test_every_talk_is_released_at_the_right_moment(warm: Told, server: ListServer) -> None:
    rows = FolderStore(warm.root / "data").ledger(EVENT).talks
    wanted = expected(server.story, warm.passes).released
    assert len(wanted) == 49
    assert {talk: row.released for talk, row in rows.items()} == wanted


def test_every_talk_is_released_once(warm: Told) -> None:
    assert (len(warm.released), set(Counter(warm.released).values())) == (49, {1})


def test_nothing_is_taken_back(warm: Told) -> None:
    assert [
        one for report in warm.reports for event in report.events for one in event.removed
    ] == []


def test_every_gap_is_reported_while_it_is_open(warm: Told, server: ListServer) -> None:
    told = [report.started for report in warm.reports if any(watch.gap for watch in report.watches)]
    wanted = expected(server.story, warm.passes).gaps
    assert wanted
    assert told == wanted


def test_a_failed_look_is_said_and_changes_nothing(warm: Told) -> None:
    before, *during = [
        report
        for report in warm.reports
        if at(script.OUTAGE[0]) - EVERY <= report.started < at(script.OUTAGE[1])
    ]
    assert [bool(watch.error) for one in during for watch in one.watches] == [True] * len(during)
    assert {report.written for report in during} == {()}
    assert {event.out for one in during for event in one.events} <= {
        event.out for event in before.events
    }


def test_what_was_removed_is_gone_and_its_talk_stays(warm: Told) -> None:
    ledger = FolderStore(warm.root / "data").ledger(EVENT)
    gone = {key for key, row in ledger.videos.items() if row.gone}
    assert gone == {"youtube:video000050", "youtube:video000007", "youtube:video000008"}
    feed = (warm.root / "feeds" / EVENT / "atom.xml").read_text()
    assert ledger.talks["talk-50"].feed_id in feed


def test_a_reupload_takes_the_place_of_the_first_one(warm: Told) -> None:
    ledger = FolderStore(warm.root / "data").ledger(EVENT)
    assert {key: row.replaced_by for key, row in ledger.videos.items() if row.replaced_by} == {
        "youtube:video000007": "youtube:again000007",
        "youtube:video000008": "youtube:again000008",
    }


def test_every_talk_is_announced_at_the_right_moment(warm: Told, server: ListServer) -> None:
    told = FolderStore(warm.root / "data").ledger(EVENT).announcements
    wanted = expected(server.story, warm.passes).announcements(warm.passes)
    assert [script.Told(one.id, one.time, one.talks, one.kind) for one in told] == wanted


def test_every_talk_is_announced_once(warm: Told) -> None:
    ledger = FolderStore(warm.root / "data").ledger(EVENT)
    told = Counter(talk for one in ledger.announcements for talk in one.talks)
    assert told == Counter(ledger.talks.keys())


def test_what_is_released_together_is_announced_together(warm: Told) -> None:
    ledger = FolderStore(warm.root / "data").ledger(EVENT)
    where = {talk: one.id for one in ledger.announcements for talk in one.talks}
    pairs = {(row.released, where[talk]) for talk, row in ledger.talks.items()}
    moments = {
        row.released
        for row in ledger.talks.values()
        if row.released and row.released > script.START
    }
    assert len([pair for pair in pairs if pair[0] in moments]) == len(moments)


def test_the_closing_recap_comes_once_and_knows_what_will_not_come(warm: Told) -> None:
    (closing,) = [event for one in warm.reports for event in one.events if event.closing]
    assert (closing.out, closing.total, closing.standings, closing.drafts[0].kind) == (
        48,
        52,
        {"out": 48, "unavailable": 1, "not_recorded": 1, "withheld": 1, "lost": 1},
        "closing",
    )


def test_a_fresh_checkout_before_every_pass_announces_the_same(warm: Told, cold: Told) -> None:
    made = [FolderStore(one.root / "data").ledger(EVENT).announcements for one in (warm, cold)]
    assert made[0] == made[1]
    assert len(made[0]) > 5


def test_newsletter_tools_pick_every_release_once(warm: Told) -> None:
    rows = FolderStore(warm.root / "data").ledger(EVENT).talks.values()
    dates = {row.feed_id: row.released for row in rows if row.released}
    week = [one for one, when in dates.items() if script.START < when <= warm.weekly.last]
    assert (len(dates), len(week)) == (49, 47)
    assert Counter(warm.finder.mailed) == Counter(dates.keys())
    assert Counter(warm.weekly.mailed) == Counter(week)


def test_a_second_replay_gives_the_same_bytes(
    warm: Told, server: ListServer, tmp_path: Path
) -> None:
    assert replay(tmp_path / "recap", server, cold=False).files() == warm.files()


def test_a_fresh_checkout_before_every_pass_gives_the_same_bytes(warm: Told, cold: Told) -> None:
    assert cold.files() == warm.files()


def test_a_fresh_checkout_before_every_pass_reports_the_same_gaps(warm: Told, cold: Told) -> None:
    assert [[watch.gap for watch in one.watches] for one in cold.reports] == [
        [watch.gap for watch in one.watches] for one in warm.reports
    ]
