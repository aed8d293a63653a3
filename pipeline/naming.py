"""What people call a video, a talk or a draft on the command line becomes its key.

Takes a video by its address, key or id, and a talk by its id, `event/talk`, or words of its title
that no other talk has. Pure: works on opened events and ledgers, and reads and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from pipeline import text
from pipeline.errors import ConfigError
from pipeline.model import Event, Ledger, Talk, Verdict

_SHOWN = 5
"""How many talks an error names at most."""


def resolve_video(words: str, ledgers: Mapping[str, Ledger]) -> tuple[str | None, str]:
    """Return the event that knows the video, None where none does, and the video's key.

    `words` are an address, a key or a platform's id; `ledgers` are by event id. Of several events
    that know the video, the one that linked it is taken, then one that asks about it. Raises
    ConfigError where `words` name no video.
    """
    key = _known_key(words.strip(), ledgers) or _video_key(words.strip())
    knowing = [event_id for event_id in sorted(ledgers) if key in ledgers[event_id].videos]
    knowing.sort(key=lambda event_id: _closeness(ledgers[event_id], key))
    return (knowing[0] if knowing else None), key


def resolve_talk(
    words: str,
    events: Iterable[Event],
    *,
    event: str | None = None,
    titles: Mapping[str, str] | None = None,
) -> tuple[str, str]:
    """Return event id and talk id of the talk that `words` name.

    `words` are `talk`, `event/talk` (former ids too), or words of the title (or of the speakers'
    names) that only one talk has. `event` is the id of the only event that is meant. `titles` are
    titles that stand in no file, such as an upload's, by `event/talk`. Raises ConfigError that
    names the candidates where none or several are meant.
    """
    given = tuple(events)
    asked = words.strip()
    named, _, rest = asked.partition("/")
    if any(named in (one.id, *one.was) for one in given) and rest:
        event, asked = event or named, rest
    chosen = [one for one in given if event is None or event in (one.id, *one.was)]
    if event and not chosen:
        raise ConfigError(f"there is no event {event!r} to look for the talk {asked!r} in")
    talks = [(one, talk) for one in chosen for talk in one.talks]
    for found in (
        [pair for pair in talks if asked == pair[1].id],
        [pair for pair in talks if asked in pair[1].was],
        *_by_words(asked, talks, titles or {}),
    ):
        if len(found) == 1:
            return found[0][0].id, found[0][1].id
        if found:
            raise ConfigError(
                f"{words!r} names {len(found)} talks: {_list(found)}; write one of them in full"
            )
    raise ConfigError(f"no talk is called {words!r}; {_hint(asked, talks)}")


def names_video(words: str, ledgers: Mapping[str, Ledger]) -> bool:
    """Tell whether `words` name a video that a ledger knows, or can be nothing but a video.

    What no ledger knows and looks like a talk's id (`brewing-tea` has YouTube's eleven characters)
    is a talk.
    """
    asked = words.strip()
    if _known_key(asked, ledgers):
        return True
    try:
        text.video_key(asked)
    except ValueError:
        return "://" in asked
    return text.ID.match(asked) is None


def _known_key(words: str, ledgers: Mapping[str, Ledger]) -> str | None:
    """Return the key that some ledger has for `words`: the key itself, or what follows its kind."""
    try:
        wanted = text.video_key(words)
    except ValueError:
        wanted = words
    keys = {key for rows in ledgers.values() for key in rows.videos}
    if wanted in keys:
        return wanted
    same = sorted(key for key in keys if words and words == key.partition(":")[2])
    if len(same) > 1:
        raise ConfigError(f"{words!r} names {len(same)} videos: {', '.join(same)}; write one")
    return same[0] if same else None


def _video_key(words: str) -> str:
    try:
        return text.video_key(words)
    except ValueError as error:
        raise ConfigError(
            f"{words!r} names no video; paste its address, or write its key or id, "
            "as in https://www.youtube.com/watch?v=… or youtube:…"
        ) from error


def _closeness(ledger: Ledger, key: str) -> int:
    match = ledger.videos[key].match
    order = (Verdict.AUTO, Verdict.REVIEW, Verdict.NONE)
    return order.index(match.verdict) if match else len(order)


def _by_words(
    asked: str, talks: list[tuple[Event, Talk]], titles: Mapping[str, str]
) -> Iterable[list[tuple[Event, Talk]]]:
    """Yield the talks whose title is `asked`, then those that have its words."""
    wanted = set(text.words(asked))
    if not wanted:
        return
    called = {
        (one.id, talk.id): [
            name
            for name in (talk.title, titles.get(f"{one.id}/{talk.id}"), *talk.also)
            if name is not None
        ]
        for one, talk in talks
    }
    yield [
        (one, talk)
        for one, talk in talks
        if any(text.words(name) == text.words(asked) for name in called[one.id, talk.id])
    ]
    yield [
        (one, talk)
        for one, talk in talks
        if any(wanted <= set(text.words(name)) for name in called[one.id, talk.id])
    ]
    yield [
        (one, talk)
        for one, talk in talks
        if wanted
        <= {
            word
            for speaker in talk.speakers
            for name in (speaker.name, *speaker.also)
            for word in text.words(name)
        }
    ]


def _list(pairs: list[tuple[Event, Talk]]) -> str:
    shown = [f"{event.id}/{talk.id}" for event, talk in pairs[:_SHOWN]]
    more = [f"{len(pairs) - _SHOWN} more"] if len(pairs) > _SHOWN else []
    return ", ".join([*shown, *more])


def _hint(asked: str, talks: list[tuple[Event, Talk]]) -> str:
    """Say what may have been meant, or how a talk is named."""
    names = {name: f"{e.id}/{t.id}" for e, t in talks for name in (t.id, t.title) if name}
    close = get_close_matches(asked, names, n=1)
    if close:
        return f"did you mean {names[close[0]]!r}?"
    return "write its id, event/talk, or words of its title that no other talk has"


def resolve_draft(words: str | None, names: Iterable[str]) -> str:
    """Return the one of `names` (`event/announcement`) that `words` mean; None means the only one.

    `words` are a whole name, the event or the announcement. Raises ConfigError that names the
    candidates where none or several are meant.
    """
    known = tuple(names)
    asked = (words or "").strip()
    exact = [one for one in known if one == asked]
    meant = exact or [one for one in known if not asked or asked in one.split("/")]
    if len(meant) == 1:
        return meant[0]
    listed = ", ".join(known[:_SHOWN]) or "none are open"
    if not meant and asked:
        raise ConfigError(f"{asked!r} is no open draft; open drafts: {listed}")
    if not meant:
        raise ConfigError("no draft is open; `recap mail draft EVENT` makes one of what waits")
    raise ConfigError(f"several drafts are meant: {', '.join(meant[:_SHOWN])}; write one of them")
