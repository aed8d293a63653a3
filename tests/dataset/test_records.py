from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dataset.records import (
    LedgerFile,
    RecordingsFile,
    build_installation,
    build_ledger,
    render_installation,
    render_ledger,
)
from pipeline.model import (
    Access,
    Announcement,
    Cue,
    Gap,
    Installation,
    Ledger,
    Match,
    Misses,
    Piece,
    Release,
    SeenVideo,
    Stake,
    TargetState,
    Verdict,
    Video,
    WatchRow,
)
from pipeline.text import clean
from pipeline.written.filemodel import validate
from pipeline.written.yamltext import load

moments = st.integers(0, 2_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
T = TypeVar("T")
ids = st.from_regex(r"[a-z0-9][a-z0-9-]{0,12}", fullmatch=True)
texts = st.text(max_size=20).map(clean)
some_text = texts.filter(bool)
lengths = st.integers(1, 40_000).map(lambda seconds: timedelta(seconds=seconds))
maybe = st.none()


def tuples(one: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(one, max_size=2).map(tuple)


matches = st.builds(
    Match,
    video=st.just(""),
    verdict=st.sampled_from(Verdict),
    talk=maybe | ids,
    probability=st.sampled_from([0.0, 0.31, 0.99]),
    reasons=tuples(some_text),
    version=st.integers(0, 3),
    contested=st.dictionaries(ids, st.sampled_from(Stake), max_size=2).map(
        lambda stakes: tuple(stakes.items())
    ),
    pieces=tuples(st.builds(Piece, talk=ids, start=lengths | st.just(timedelta()))),
    candidates=st.just(()),
)
videos = st.builds(
    Video,
    key=st.just(""),
    url=st.just("https://example.org/v"),
    title=maybe | some_text,
    duration=maybe | lengths,
    language=maybe | some_text,
    channel=maybe | some_text,
    platform_date=maybe | moments,
    access=st.sampled_from(Access),
    thumbnail=maybe | some_text,
    anchors=tuples(some_text),
    cues=tuples(st.builds(Cue, start=lengths, label=some_text)),
)
seen = st.builds(
    SeenVideo,
    video=videos,
    watches=tuples(ids),
    first_seen=maybe | moments,
    first_public=maybe | moments,
    match=maybe | matches,
    image=maybe | some_text,
    image_sha256=maybe | some_text,
    image_width=maybe | st.integers(1, 9000),
    image_height=maybe | st.integers(1, 9000),
    replaced_by=maybe | some_text,
    misses=maybe | st.builds(Misses, first=moments, count=st.integers(1, 9), latest=moments),
    gone=maybe | moments,
)
releases = st.builds(
    Release,
    feed_id=some_text,
    released=maybe | moments,
    updated=moments,
    digest=some_text,
    sequence=maybe | st.integers(1, 10**6),
    deleted=maybe | moments,
    assumed=st.booleans(),
)
watches = st.builds(
    WatchRow,
    first_good=maybe | moments,
    first_complete=maybe | moments,
    gap=maybe | st.builds(Gap, after=maybe | moments, before=moments),
)
targets = st.builds(
    TargetState,
    state=st.sampled_from(["draft", "edited", "sent", "skipped"]),
    draft=maybe | some_text,
    body_sha256=maybe | some_text,
)
announcements = st.builds(
    Announcement,
    id=some_text,
    time=moments,
    talks=tuples(ids),
    kind=st.sampled_from(["batch", "backlog", "closing"]),
    targets=st.dictionaries(ids, targets, max_size=2),
)


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    rows = draw(st.dictionaries(ids.map(lambda name: f"youtube:{name}"), seen, max_size=3))
    keyed = {
        key: replace(
            row,
            video=replace(row.video, key=key),
            match=replace(row.match, video=key) if row.match else None,
        )
        for key, row in rows.items()
    }
    return Ledger(
        videos=keyed,
        talks=draw(st.dictionaries(ids, releases, max_size=3)),
        watches=draw(st.dictionaries(ids, watches, max_size=2)),
        announcements=draw(tuples(announcements)),
    )


@settings(max_examples=60)
@given(ledgers())
def test_a_ledger_reads_back_as_it_was_rendered(ledger: Ledger) -> None:
    document = load(render_ledger(ledger).decode(), file="recordings.yaml")
    assert build_ledger(validate(RecordingsFile, document)) == ledger


@given(
    st.builds(
        Installation,
        events=st.dictionaries(ids, moments, max_size=3),
        retired=st.dictionaries(ids, moments, max_size=3),
        sequence=st.integers(0, 10**6),
        newest=maybe | moments,
    )
)
def test_an_installation_reads_back_as_it_was_rendered(installation: Installation) -> None:
    document = load(render_installation(installation).decode(), file="ledger.yaml")
    assert build_installation(validate(LedgerFile, document)) == installation


def test_rows_stand_in_a_fixed_order_whatever_the_order_they_came_in() -> None:
    rows = {
        key: SeenVideo(video=Video(key=key, url="https://example.org/"))
        for key in ("youtube:b", "youtube:a")
    }
    backwards = dict(reversed(rows.items()))
    assert render_ledger(Ledger(videos=rows)) == render_ledger(Ledger(videos=backwards))
