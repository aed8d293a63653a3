"""`python -m benchmarks.subsets EVENT`: one event's uploads in every subset in which they may come.

The event is a folder below data/ with its uploads in videos.yaml; what is right is what its own
whole list gives. Each subset comes first and the rest after it: in a list of the event's own, in
one that may hold others, and with `--beside FILE` (groups of uploads, in YAML) among uploads that
are no talk of the event, all of them and a random half. Prints how many subsets led to a wrong
link, and how many still lack one when all have come.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from random import Random

import yaml

from pipeline.dataset.folder import FolderStore
from pipeline.matching import Sight, match
from pipeline.model import Event, Verdict, Video
from pipeline.text import clean

Links = Mapping[str, str]
"""Video to talk."""


def subsets(videos: Sequence[Video]) -> Iterator[tuple[Video, ...]]:
    """Yield every subset, the empty one and the whole among them."""
    for size in range(len(videos) + 1):
        yield from combinations(videos, size)


def links(event: Event, videos: Sequence[Video], linked: Links, *, own: bool) -> dict[str, str]:
    """Return the links that stand once the videos have come, those that stood before among them."""
    sights = {one.key: Sight(video=one, only_this_event=own) for one in videos}
    said = match(event, sights, linked=linked, settled=frozenset(), refused=frozenset())
    return {**linked, **{m.video: m.talk for m in said if m.verdict is Verdict.AUTO and m.talk}}


def counted(
    event: Event, videos: Sequence[Video], others: Sequence[Video], right: Links, *, own: bool
) -> tuple[int, int, int]:
    """Return how many subsets there are, how many led to a wrong link, and how many to a miss.

    `right` is what is to be linked once all have come; `others` half of them come with the
    subset, by chance that is the same in every run, and the others after it.
    """
    chance = Random(20160415)  # noqa: S311 - an order of arrival, no secret
    seen = wrong = missed = 0
    for subset in subsets(videos):
        seen += 1
        half = chance.sample(others, k=len(others) // 2)
        early = links(event, [*subset, *half], {}, own=own)
        late = links(event, [*videos, *others], early, own=own)
        wrong += not (early.items() <= right.items() and late.items() <= right.items())
        missed += not right.items() <= late.items()
    return seen, wrong, missed


def _videos(rows: Sequence[Mapping[str, str]]) -> list[Video]:
    return [
        Video(
            key=f"youtube:{row['id']}",
            url=f"https://www.youtube.com/watch?v={row['id']}",
            title=clean(row["title"]) if row.get("title") else None,
        )
        for row in rows
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("event", metavar="EVENT", help="the id of the event")
    parser.add_argument("--data", metavar="DIR", type=Path, default=Path("data"))
    parser.add_argument("--beside", metavar="FILE", type=Path, help="uploads that are no talk")
    given = parser.parse_args(arguments)
    event = FolderStore(given.data).open(given.event).event
    listed = yaml.safe_load((given.data / given.event / "videos.yaml").read_text("utf-8"))
    videos = _videos(listed["videos"])
    groups = yaml.safe_load(given.beside.read_text("utf-8")) if given.beside else {}
    others = _videos([row for rows in groups.values() for row in rows])
    right = links(event, videos, {}, own=True)
    titled = {talk.id for talk in event.talks if talk.title}
    # A talk without a title is a person's to link where a list holds other events too.
    anywhere = {video: talk for video, talk in right.items() if talk in titled}
    print(f"{len(right)} of {len(videos)} uploads are linked in the event's own list")
    _tell("own list", counted(event, videos, [], right, own=True))
    _tell("any list", counted(event, videos, [], anywhere, own=False))
    if others:
        _tell("among others", counted(event, videos, others, anywhere, own=False))


def _tell(name: str, found: tuple[int, int, int]) -> None:
    seen, wrong, missed = found
    print(f"{name:12}: {seen:,} subsets, {wrong} with a wrong link, {missed} with one missing")


if __name__ == "__main__":
    main()
