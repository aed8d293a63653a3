"""An event as page, Markdown and mail show it: counts, what is new, and the words they share.

Pure reading of the event as published. Look and most wording stand in templates/.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from markupsafe import Markup

from pipeline.model import Entry, Event, PublishedEvent, Standing
from pipeline.model.same import Same
from pipeline.views import words
from pipeline.views.notes import notes_html
from pipeline.views.talk import State, TalkView, is_known, state, view_talk, web_address
from pipeline.wording import Direction, Wording, direction
from pipeline.wording import wording as speak

LONG_BAR = 40
"""Talks above which the slot bar becomes one continuous bar (the design's figure)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """One event: its talks in programme order, counts, and sentences about them.

    `wording` is what its sentences are made with: its language may not be the event's.
    `slots` are the boxes of the slot bar: every talk but the cancelled ones. `since` is the day
    after which the new talks came, such as "Thursday 5 May"; None where nothing is new, or where
    the day is an assumed one.
    """

    id: str
    name: str
    short_name: str
    title: str
    language: str
    direction: Direction
    wording: Wording
    when: str
    where: str
    zone: str
    website: str | None
    introduction: str
    introduction_html: Markup
    conclusion: str
    conclusion_html: Markup
    author: str | None
    talks: tuple[TalkView, ...]
    slots: tuple[State, ...]
    out: int
    total: int
    progress: str
    since: str | None

    @property
    def new(self) -> tuple[TalkView, ...]:
        """Return the talks of the latest batch; empty where all that is out came at once."""
        return tuple(talk for talk in self.talks if talk.state == "new")

    @property
    def earlier(self) -> tuple[TalkView, ...]:
        """Return the talks that are out and not new."""
        return tuple(talk for talk in self.talks if talk.state == "out")

    @property
    def to_come(self) -> tuple[TalkView, ...]:
        """Return the talks whose recording may still come, or come back."""
        return tuple(talk for talk in self.talks if talk.state == "to-come")

    @property
    def without(self) -> tuple[TalkView, ...]:
        """Return the talks whose recording will not come."""
        return tuple(talk for talk in self.talks if talk.state == "none")

    @property
    def complete(self) -> bool:
        """Return whether every talk that was given is out."""
        return self.out == self.total > 0

    @property
    def bar(self) -> tuple[tuple[State, int], ...]:
        """Return the slot bar as (state, width)."""
        return slot_bar(self.slots)


def view_event(published: PublishedEvent) -> EventView:
    """Return `published` in the words that page, Markdown and mail share; it is made once."""
    fresh = tuple(one.talk_id for one in new_entries(published))
    return _viewed(Same(published.event), Same(published.entries), fresh)


@lru_cache(maxsize=2)
def _viewed(
    given_event: Same[Event], entries: Same[tuple[Entry, ...]], fresh_ids: tuple[str, ...]
) -> EventView:
    event = given_event.value
    published = PublishedEvent(event=event, entries=entries.value, fresh=fresh_ids)
    wording = speak(event.language)
    fresh = new_entries(published)
    talks = tuple(
        view_talk(
            one,
            zone=event.timezone,
            year=event.end.year,
            new=one.talk_id in fresh_ids,
            wording=wording,
        )
        for one in published.entries
    )
    out, total = counts(published)
    return EventView(
        id=event.id,
        name=event.name,
        short_name=event.short_name or event.name,
        title=event.recap_title or event.name,
        language=event.language,
        direction=direction(event.language),
        wording=wording,
        when=words.days(event.start, event.end, wording=wording),
        where=where(event),
        zone=event.timezone,
        website=web_address(event.website),
        introduction=event.introduction or "",
        introduction_html=notes_html(event.introduction),
        conclusion=event.conclusion or "",
        conclusion_html=notes_html(event.conclusion),
        author=event.author,
        talks=talks,
        slots=slots(published),
        out=out,
        total=total,
        progress=progress(out, total=total, wording=wording),
        since=_since(published, fresh, wording=wording),
    )


def where(event: Event) -> str:
    """Return venue and city as one phrase, "" where neither is known."""
    return ", ".join(part for part in (event.venue, event.city) if part)


def given(published: PublishedEvent) -> tuple[Entry, ...]:
    """Return the talks that count: every one but the cancelled ones."""
    return tuple(one for one in published.entries if one.standing is not Standing.CANCELLED)


def counts(published: PublishedEvent) -> tuple[int, int]:
    """Return how many recordings are out, and of how many talks."""
    counted = given(published)
    return sum(one.standing is Standing.OUT for one in counted), len(counted)


def slots(published: PublishedEvent) -> tuple[State, ...]:
    """Return the boxes of the slot bar."""
    fresh = {one.talk_id for one in new_entries(published)}
    return tuple(state(one, new=one.talk_id in fresh) for one in given(published))


def slot_bar(boxes: Sequence[State]) -> tuple[tuple[State, int], ...]:
    """Return boxes as (state, width): one box a talk, or parts of a continuous bar."""
    if len(boxes) <= LONG_BAR:
        return tuple((state, 1) for state in boxes)
    count = Counter(boxes)
    order: tuple[State, ...] = ("out", "new", "to-come", "none")
    return tuple((state, count[state]) for state in order if count[state])


def progress(out: int, *, total: int, wording: Wording) -> str:
    """Return how far an event is, as a phrase."""
    if not total:
        return wording.gettext("No talks are known yet")
    form = wording.ngettext(
        "%(out)s of %(total)s recording out", "%(out)s of %(total)s recordings out", total
    )
    return form % {"out": out, "total": total}


def new_entries(published: PublishedEvent) -> tuple[Entry, ...]:
    """Return the entries that are out and new: those of the latest announcement.

    Where there was none yet, those of the latest release; none where everything that is out came
    at one instant: then nothing is new "since" anything.
    """
    out = [one for one in published.entries if one.standing is Standing.OUT]
    if published.fresh is not None:
        return tuple(one for one in out if one.talk_id in published.fresh)
    released = {one.released for one in out if one.released}
    if len(released) < 2:
        return ()
    latest = max(released)
    return tuple(one for one in out if one.released == latest)


def subject(view: EventView) -> str:
    """Return what a mail about the event is headed with."""
    wording, count = view.wording, len(view.new)
    if view.complete:
        form = wording.ngettext(
            "The recording is out", "All %(total)s recordings are out", view.total
        )
    elif count:
        form = wording.ngettext(
            "%(count)s new recording: %(out)s of %(total)s out",
            "%(count)s new recordings: %(out)s of %(total)s out",
            count,
        )
    else:
        form = view.progress if view.out else wording.gettext("No recordings yet")
    said = form % {"count": count, "out": view.out, "total": view.total}
    return f"{said} - {view.short_name}"


def headline(view: EventView) -> str:
    """Return the mail's headline, with numbers in words."""
    wording, count = view.wording, len(view.new)
    if view.complete:
        form = wording.ngettext(
            "The recording is out", "All %(total)s recordings are out", view.total
        )
    elif count:
        form = wording.ngettext(
            "One more recording is out", "%(count)s more recordings are out", count
        )
    elif view.out:
        form = wording.ngettext(
            "One of %(total)s recordings is out",
            "%(out)s of %(total)s recordings are out",
            view.out,
        )
    else:
        form = wording.gettext("No recordings are out yet")
    return words.sentence(form % _in_words(view, count=count))


def summary(view: EventView) -> str:
    """Return one or two sentences that say what is new and how much can be watched."""
    return " ".join(part for part in (_news(view), watchable_sentence(view)) if part)


def watchable_sentence(view: EventView) -> str:
    """Return one sentence that says how much can be watched."""
    wording = view.wording
    if view.complete:
        form = wording.gettext("Every talk of %(event)s can now be watched.")
    elif view.out:
        form = wording.ngettext(
            "One of the %(total)s talks can now be watched.",
            "%(out)s of the %(total)s talks can now be watched.",
            view.out,
        )
    elif view.total:
        form = wording.ngettext(
            "The one talk of %(event)s cannot be watched yet.",
            "None of the %(total)s talks of %(event)s can be watched yet.",
            view.total,
        )
    else:
        form = wording.gettext("The talks of %(event)s are not known yet.")
    return words.sentence(form % _in_words(view, count=0))


def newest_release(published: PublishedEvent) -> datetime:
    """Return when the newest talk was released, else 00:00 UTC of the event's last day."""
    last_day = datetime.combine(published.event.end, time(), tzinfo=UTC)
    return max((one.released for one in published.entries if one.released), default=last_day)


def _in_words(view: EventView, *, count: int) -> dict[str, str]:
    """Return the numbers of a sentence in words, and the event's name."""
    numbers = {"count": count, "out": view.out, "total": view.total}
    spelled = {name: words.number(one, wording=view.wording) for name, one in numbers.items()}
    return {**spelled, "event": view.name}


def _news(view: EventView) -> str:
    """Return one sentence that names who is new, "" where nobody is."""
    if not view.new:
        return ""
    wording = view.wording
    people = [one.name for talk in view.new for one in talk.speakers]
    who = list(dict.fromkeys(people)) or [talk.title for talk in view.new]
    form = (
        wording.ngettext(
            "%(who)s is new since %(day)s.", "%(who)s are new since %(day)s.", len(who)
        )
        if view.since
        else wording.ngettext("%(who)s is new.", "%(who)s are new.", len(who))
    )
    return form % {"who": words.names(who, wording=wording, most=4), "day": view.since}


def _since(published: PublishedEvent, fresh: Sequence[Entry], *, wording: Wording) -> str | None:
    # A mail may be looked at when further talks have come out after those that it tells of.
    first = min((one.released for one in fresh if one.released), default=None)
    before = [
        (one.released, is_known(one))
        for one in published.entries
        if first and one.standing is Standing.OUT and one.released
        if one.released < first
    ]
    moment, known = max(before, default=(None, False))
    if moment is None or not known:
        return None
    local = moment.astimezone(ZoneInfo(published.event.timezone))
    return words.weekday(local, year=published.event.end.year, wording=wording)
