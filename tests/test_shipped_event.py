"""The shipped event, Container Camp San Francisco 2016, in a trickle and among distractors."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
import yaml

from pipeline import ledger, matching, merging
from pipeline.dataset.folder import FolderStore
from pipeline.model import Barred, Event, Ledger, Listing, Verdict, Video, Watch
from tests.workspace import CAMP, REPOSITORY, START

UNTITLED = "container-standards-and-interfaces"
RIGHT = {
    "WK7Pt4cSZII": "container-orchestration-research",
    "Dt_z4wNcVW4": "devops-from-sci-fi-movies",
    "xzdjc_aUDXI": "whats-new-in-docker",
    "08JtddVhrAc": UNTITLED,
    "k6vCEc86ihI": "whats-new-in-kubernetes",
    "tl23uTVe8Ck": "kubernetes-plus-paas",
    "cjebRvyg30I": "introduction-to-container-security",
    "tOBHglqjFhw": "security-never-pretty-good",
    "v7eFueaD6yg": "containing-databases",
    "mfnhSX6SJVA": "application-sandboxes-vs-containers",
    "rV6FZZY2jUM": "unikernels-juggling-chainsaws",
    "cYavmPa3aFQ": "docker-reproducible-data-science",
    "B90OabhYJpA": "slaying-monoliths",
}


@pytest.fixture(scope="module")
def event() -> Event:
    return FolderStore(REPOSITORY / "data").open(CAMP).event


@pytest.fixture(scope="module")
def uploads() -> dict[str, Video]:
    rows = yaml.safe_load((REPOSITORY / "data" / CAMP / "videos.yaml").read_text("utf-8"))
    return {row["id"]: _video(row["id"], row["title"]) for row in rows["videos"]}


@pytest.fixture(scope="module")
def distractors() -> dict[str, Video]:
    path = REPOSITORY.parent / "shared" / "data" / "container-camp-distractors.yaml"
    if not path.exists():
        pytest.skip("the list of distractors is not beside this checkout")
    groups = yaml.safe_load(path.read_text("utf-8"))
    return {row["id"]: _video(row["id"], row["title"]) for rows in groups.values() for row in rows}


def _video(name: str, title: str | None) -> Video:
    return Video(key=f"youtube:{name}", url=f"https://youtu.be/{name}", title=title)


def arrived(
    event: Event, batches: Iterable[Sequence[Video]], *, own: bool
) -> tuple[dict[str, str], Ledger]:
    """Let `batches` arrive one after the other, and return the links and the ledger at the end."""
    event = _watching(event, own=own)
    rows = Ledger()
    links: dict[str, str] = {}
    shown: list[Video] = []
    for batch in batches:
        shown += batch
        rows = ledger.observe(rows, {"list": Listing(videos=tuple(shown))}, START).ledger
        rulings = merging.settle(event, rows, (), barred=Barred())
        found = matching.match(
            event,
            matching.sights(event, rows),
            linked=rulings.links,
            settled=rulings.ignored,
            refused=rulings.refused,
        )
        rows = ledger.record(rows, found)
        links = dict(rulings.with_matches(found).links)
    return {key.removeprefix("youtube:"): talk for key, talk in links.items()}, rows


def _watching(event: Event, *, own: bool) -> Event:
    return replace(event, watches=(Watch(id="list", kind="file", only_this_event=own),))


def test_the_shipped_list_holds_13_recordings_of_13_talks(
    event: Event, uploads: dict[str, Video]
) -> None:
    assert (len(event.talks), set(uploads)) == (13, set(RIGHT))
    assert [talk.id for talk in event.talks if talk.title is None] == [UNTITLED]


def test_every_recording_finds_its_talk_on_the_events_own_list(
    event: Event, uploads: dict[str, Video]
) -> None:
    assert arrived(event, [list(uploads.values())], own=True)[0] == RIGHT


def test_among_distractors_12_are_found_and_the_untitled_one_is_asked_about(
    event: Event, uploads: dict[str, Video], distractors: dict[str, Video]
) -> None:
    links, rows = arrived(event, [[*uploads.values(), *distractors.values()]], own=False)
    assert links == {key: talk for key, talk in RIGHT.items() if talk != UNTITLED}
    asked = sorted(
        (
            (row.match.probability, row.video.key)
            for row in rows.videos.values()
            if row.match and row.match.verdict is Verdict.REVIEW and row.match.talk == UNTITLED
        ),
        reverse=True,
    )
    assert asked[0][1] == "youtube:08JtddVhrAc"


def test_one_missing_recording_gives_no_talk_a_wrong_one(
    event: Event, uploads: dict[str, Video]
) -> None:
    for missing, late in uploads.items():
        rest = [video for name, video in uploads.items() if name != missing]
        links, _ = arrived(event, [rest, [late]], own=True)
        assert links == RIGHT


@pytest.mark.parametrize("own", [True, False])
def test_random_halves_give_no_talk_a_wrong_recording(
    event: Event, uploads: dict[str, Video], own: bool
) -> None:
    chance = random.Random(20160415)  # noqa: S311 - orders of arrival, not secrets
    expected = RIGHT if own else {k: talk for k, talk in RIGHT.items() if talk != UNTITLED}
    for _ in range(200):
        order = chance.sample(sorted(uploads), k=13)
        half = [uploads[name] for name in order[:6]]
        early, _ = arrived(event, [half], own=own)
        assert early.items() <= RIGHT.items()
        late, _ = arrived(event, [half, [uploads[name] for name in order[6:]]], own=own)
        assert late == expected


def test_random_halves_among_distractors_give_no_talk_a_wrong_recording(
    event: Event, uploads: dict[str, Video], distractors: dict[str, Video]
) -> None:
    chance = random.Random(20160416)  # noqa: S311 - orders of arrival, not secrets
    everything = {**uploads, **distractors}
    expected = {key: talk for key, talk in RIGHT.items() if talk != UNTITLED}
    for _ in range(200):
        order = chance.sample(sorted(everything), k=len(everything))
        half = [everything[name] for name in order[: len(order) // 2]]
        rest = [everything[name] for name in order[len(order) // 2 :]]
        early, _ = arrived(event, [half], own=False)
        assert early.items() <= expected.items()
        late, _ = arrived(event, [half, rest], own=False)
        assert late == expected
