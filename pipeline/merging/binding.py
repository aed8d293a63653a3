"""Which talk of an import is which talk that has an id already, and what becomes of the others.

    bind      by an answer, sameness, code, exact title and speakers, the old programme; else asks
    renew     the programme as it stands after the import: who is new, who is cancelled

An id that was given once lasts, so nothing here is decided by likeness: where two talks look alike
and nothing exact ties them, a person is asked. Pure; reads no programme and writes no file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from pipeline import text
from pipeline.errors import ConfigError
from pipeline.model import Expectation, Speaker, Talk

ALIKE = 0.8
"""Likeness of two titles from which a person is asked: `Lightning Talks 1` and `… 2` are above."""

SHOWN = 3
"""How many of a doubt's candidates people are shown."""

_ID_LIMIT = 63


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A talk that has an id: as the old programme and as event.yaml tell it, either may be absent.

    One that neither tells stands in the ledger only.
    """

    id: str
    old: Talk | None = None
    own: Talk | None = None

    @property
    def told(self) -> tuple[Talk, ...]:
        """Return the talk as each file tells it."""
        return tuple(each for each in (self.old, self.own) if each)

    @property
    def codes(self) -> frozenset[str]:
        """Return every code that a file has of it."""
        return frozenset(code for each in self.told for code in each.codes)

    @property
    def titles(self) -> frozenset[str]:
        """Return every title it goes by, for comparing."""
        names = (name for each in self.told for name in (each.title, *each.also) if name)
        return frozenset(_folded(name) for name in names)

    @property
    def speakers(self) -> frozenset[str]:
        """Return its speakers' names and their other spellings, for comparing."""
        return frozenset(name for each in self.told for name in _names(each.speakers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """An imported talk that looks like a known one, though nothing exact says that it is.

    `name` is what answers call it. `candidates` are (talk id, likeness from 0 to 1), best first.
    """

    name: str
    talk: Talk
    candidates: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a person said of imported talks, by name: `ids` they are, and those that are `new`."""

    ids: Mapping[str, str] = field(default_factory=dict)
    new: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The id of each imported talk, in the import's order; None for one that is in doubt."""

    ids: tuple[str | None, ...]
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """The talks of the programme after an import, in order.

    `cancelled` are the ids of talks that were in the programme before and are absent now; `kept`
    those that stay as they were though they are absent, because their recording is out. `shared`
    are videos that the import names at several talks, with their ids: they are left with none.
    """

    talks: tuple[Talk, ...]
    cancelled: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    shared: tuple[tuple[str, tuple[str, ...]], ...] = ()


def bind(
    imported: Sequence[Talk],
    *,
    old: Sequence[Talk],
    own: Sequence[Talk],
    taken: Iterable[str] = (),
    lost: Set[str] = frozenset(),
    answers: Answers | None = None,
) -> Binding:
    """Give each imported talk the id that lasts, or put it in doubt.

    `old` is the programme of the last import under today's ids, `own` the talks of event.yaml.
    `taken` are further ids that no new talk may get. `lost` are ids of released talks that no file
    tells of any more; a talk whose proposed id is one of them is that talk again. Raises
    ConfigError for an answer that names no talk.
    """
    table = _Table(imported, _known(old, own, lost), answers or Answers())
    table.tie_unchanged()
    for tie in (_by_code, _by_words, _by_programme, _by_title):
        table.tie(tie)
    doubts = table.doubts()
    used = {*taken, *table.known}
    unsure = {doubt.name for doubt in doubts}
    ids: list[str | None] = []
    for number, talk in enumerate(imported):
        found = table.ids.get(number)
        if found is None and table.names[number] not in unsure:
            found = free_id(talk, used)
            used.add(found)
        ids.append(found)
    return Binding(ids=tuple(ids), doubts=doubts)


def renew(
    imported: Sequence[Talk],
    binding: Binding,
    *,
    old: Sequence[Talk],
    released: Set[str] = frozenset(),
) -> Renewed:
    """Return the programme after the import, in its order, each talk under its id.

    A talk that is absent now stays behind the one it followed, marked as cancelled; unless its
    recording is out (`released`), or it may be one of those that are in doubt: then nothing of it
    changes. Doubtful talks themselves are left out.
    """
    talks = [
        replace(talk, id=talk_id)
        for talk, talk_id in zip(imported, binding.ids, strict=True)
        if talk_id is not None
    ]
    talks, shared = _parted(talks)
    there = {talk.id for talk in talks}
    named = {key for talk in talks for key in talk.recordings} | shared.keys()
    unsure = {one for doubt in binding.doubts for one, _ in doubt.candidates}
    cancelled, kept = [], []
    before: str | None = None
    for talk in old:
        if talk.id not in there:
            absent = _without(talk, named)
            if talk.id in released:
                kept.append(talk.id)
            elif talk.id not in unsure and talk.expectation is not Expectation.CANCELLED:
                cancelled.append(talk.id)
                absent = replace(absent, expectation=Expectation.CANCELLED, embargo=None)
            place = next((n for n, one in enumerate(talks, 1) if one.id == before), 0)
            talks.insert(place, absent)
        before = talk.id
    return Renewed(
        talks=tuple(talks),
        cancelled=tuple(cancelled),
        kept=tuple(kept),
        shared=tuple(shared.items()),
    )


def _parted(talks: Iterable[Talk]) -> tuple[list[Talk], dict[str, tuple[str, ...]]]:
    """Return the talks without the videos that several of them name, and those videos."""
    owners: dict[str, list[str]] = {}
    for talk in talks:
        for key in dict.fromkeys(talk.recordings):
            owners.setdefault(key, []).append(talk.id)
    shared = {key: tuple(ids) for key, ids in owners.items() if len(ids) > 1}
    return [_without(talk, shared.keys()) for talk in talks], shared


def _without(talk: Talk, videos: Set[str]) -> Talk:
    kept = tuple(key for key in dict.fromkeys(talk.recordings) if key not in videos)
    return talk if kept == talk.recordings else replace(talk, recordings=kept)


def free_id(talk: Talk, taken: Set[str]) -> str:
    """Return an id for a new talk: the proposed one, or one like it that is not `taken`."""
    base = made = talk.id if text.ID.match(talk.id) else text.slug(_label(talk), fallback="talk")
    number = 1
    while made in taken:
        number += 1
        made = f"{base[: _ID_LIMIT - len(f'-{number}')].rstrip('-')}-{number}"
    return made


@dataclass(slots=True)
class _Table:
    """Imported talks by position, known ones by id, and which is which so far."""

    imported: Sequence[Talk]
    known: dict[str, Known]
    answers: Answers
    names: tuple[str, ...] = ()
    ids: dict[int, str] = field(default_factory=dict)
    repeated: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Take over what a person answered."""
        counts = Counter(code for talk in self.imported for code in {*talk.codes, talk.id})
        self.repeated = frozenset(name for name, count in counts.items() if count > 1)
        self.names = tuple(
            next((c for c in (*talk.codes, talk.id) if c not in self.repeated), f"#{number}")
            for number, talk in enumerate(self.imported, 1)
        )
        for name, talk_id in self.answers.ids.items():
            if talk_id not in self.known:
                raise ConfigError(
                    f"--bind {name}={talk_id}: no talk {talk_id!r} is known here; use an id of "
                    f"event.yaml or programme.yaml, or say that it is new with --new {name}"
                )
            if talk_id in self.ids.values():
                raise ConfigError(
                    f"--bind {name}={talk_id}: {talk_id!r} is given to two talks; keep one"
                )
            self.ids[self._position(name)] = talk_id
        for name in self.answers.new:
            self._position(name)

    def _position(self, name: str) -> int:
        """Return the place of the imported talk that an answer names."""
        if name not in self.repeated:
            for number, talk in enumerate(self.imported):
                if name in (self.names[number], talk.id, *talk.codes):
                    return number
        raise ConfigError(
            f"{name!r} names no talk of this import, or several; use a name from the questions, "
            "such as a talk's code"
        )

    def tie_unchanged(self) -> None:
        """Bind what is word for word as in the last import, twins in their order."""
        rows: dict[Talk, list[str]] = {}
        for one in reversed(self.free()):
            if one.old:
                rows.setdefault(replace(one.old, id=""), []).append(one.id)
        for number, talk in enumerate(self.imported):
            same = rows.get(replace(talk, id=""))
            if same and self._is_open(number):
                self.ids[number] = same.pop()

    def tie(self, ties: Tie) -> None:
        """Bind what `ties` ties to one another and to nothing else."""
        free = self.free()
        open_ = [number for number in range(len(self.imported)) if self._is_open(number)]
        found = {
            number: [one.id for one in free if ties(self.imported[number], one, self.repeated)]
            for number in open_
        }
        claims = Counter(talk_id for ids in found.values() for talk_id in ids)
        for number, ids in found.items():
            if len(ids) == 1 and claims[ids[0]] == 1:
                self.ids[number] = ids[0]

    def free(self) -> list[Known]:
        """Return the known talks that no imported one is bound to."""
        bound = set(self.ids.values())
        return [one for one in self.known.values() if one.id not in bound]

    def doubts(self) -> tuple[Doubt, ...]:
        """Return the imported talks that look like a known one that is still free."""
        free = self.free()
        found = []
        for number, talk in enumerate(self.imported):
            if not self._is_open(number):
                continue
            alike = [
                (one.id, score) for one in free if (score := likeness(talk, one, self.repeated))
            ]
            alike.sort(key=lambda pair: (-pair[1], pair[0]))
            if alike:
                name = self.names[number]
                found.append(Doubt(name=name, talk=talk, candidates=tuple(alike)))
        return tuple(found)

    def _is_open(self, number: int) -> bool:
        talk = self.imported[number]
        said = {self.names[number], talk.id, *talk.codes} - self.repeated
        return number not in self.ids and not said & self.answers.new


Tie = Callable[[Talk, Known, Set[str]], bool]
"""Tells whether something exact ties an imported talk to a known one; the set holds the codes and
ids that occur twice in the import, and so say nothing."""


def _by_code(talk: Talk, known: Known, repeated: Set[str]) -> bool:
    return not known.codes.isdisjoint(set(talk.codes) - repeated)


def _by_programme(talk: Talk, known: Known, repeated: Set[str]) -> bool:
    """Tie by the id that the programme proposes, where a speaker agrees, or there is none.

    The id alone says little: the second `Keynote` becomes the first when that is cancelled.
    """
    if known.id != talk.id or talk.id in repeated:
        return False
    if not known.told:
        return True
    if known.old is None:
        return False
    nobody = not talk.speakers or not known.speakers
    return _share_speaker(talk, known) or (nobody and _same_title(talk, known))


def _by_words(talk: Talk, known: Known, repeated: Set[str]) -> bool:
    """Tie by the exact title and all speakers."""
    del repeated
    if not _same_title(talk, known):
        return False
    people = [_names((one,)) for one in talk.speakers]
    theirs = [_names((one,)) for each in known.told for one in each.speakers]
    if not people or not theirs:
        return not people and not theirs
    return all(known.speakers & one for one in people) and all(
        one & _names(talk.speakers) for one in theirs
    )


def _by_title(talk: Talk, known: Known, repeated: Set[str]) -> bool:
    """Tie by the title in the old programme, where neither codes nor speakers contradict."""
    del repeated
    if known.old is None or not _same_title(talk, known):
        return False
    if _share_speaker(talk, known):
        return True
    contradicted = bool(talk.codes and known.codes)
    return not contradicted


def likeness(talk: Talk, known: Known, repeated: Set[str] = frozenset()) -> float:
    """Return how alike an imported talk and a known one are, 0 where nobody need be asked."""
    if _by_code(talk, known, repeated):
        return 1.0
    mine = _folded(talk.title or "")
    title = max((fuzz.token_sort_ratio(mine, one) / 100 for one in known.titles), default=0.0)
    shares = _share_speaker(talk, known)
    if not shares and (not mine or title < ALIKE):
        return 0.0
    return round((title + shares) / 2, 2)


def _known(old: Iterable[Talk], own: Iterable[Talk], lost: Iterable[str]) -> dict[str, Known]:
    mine = {talk.id: talk for talk in own}
    found = {talk.id: Known(id=talk.id, old=talk, own=mine.get(talk.id)) for talk in old}
    for talk_id, talk in mine.items():
        found.setdefault(talk_id, Known(id=talk_id, own=talk))
    for talk_id in sorted(lost):
        found.setdefault(talk_id, Known(id=talk_id))
    return found


def _same_title(talk: Talk, known: Known) -> bool:
    return bool(talk.title) and _folded(talk.title or "") in known.titles


def _share_speaker(talk: Talk, known: Known) -> bool:
    return not known.speakers.isdisjoint(_names(talk.speakers))


def _folded(title: str) -> str:
    return " ".join(text.words(title)) or text.fold(title)


def _names(speakers: Iterable[Speaker]) -> frozenset[str]:
    return frozenset(text.name_key(name) for one in speakers for name in (one.name, *one.also))


def _label(talk: Talk) -> str:
    return talk.title or (talk.speakers[0].name if talk.speakers else "talk")
