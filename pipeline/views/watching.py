"""How watching stands, as the status page says it: from the facts of status.json and nothing else.

Pure. Look and labels stand in templates/page/status.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.model import Site
from pipeline.views import words
from pipeline.views.event import progress
from pipeline.views.talk import Moment, stamp
from pipeline.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that is watched: what it is, how it stands, when it was well and is looked at next.

    `ill` says that it needs somebody. `link` is its page, from the folder of the status page.
    """

    name: str
    now: str
    ill: bool = False
    more: str = ""
    link: str | None = None
    last_good: Moment | None = None
    next: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One of the last passes: a bar that is "quiet", "published" or "trouble"."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """The status page: a plain sentence, a second one, what to think of a late hour, and rows."""

    headline: str
    summary: str
    looked: Moment
    stopped: Moment | None
    checks: tuple[Check, ...]
    first: Moment | None
    told: str
    events: tuple[Row, ...]
    lists: tuple[Row, ...]
    zone: str


def view_watching(facts: Mapping[str, Any], site: Site, *, wording: Wording) -> Watching:
    """Return the status page's words for what status.json holds; times are those of the site."""
    speech = _Speech(wording, ZoneInfo(site.timezone), datetime.fromisoformat(facts["looked_at"]))
    checks = tuple(_check(one) for one in facts["checks"])
    return Watching(
        headline=" ".join(_headline(facts, wording)[:2]),
        summary=_summary(facts, wording),
        looked=speech.moment(facts["looked_at"]),
        stopped=speech.maybe(facts["stopped_after"]),
        checks=checks,
        first=speech.maybe(facts["checks"][0]["started"]) if checks else None,
        told=_told(checks, wording),
        events=tuple(_event(one, wording) for one in facts["events"]),
        lists=tuple(_list(one, speech) for one in facts["watches"]),
        zone=site.timezone,
    )


@dataclass(frozen=True, slots=True)
class _Speech:
    """Says moments by the clocks of one zone, without the day where it is that of `now`."""

    wording: Wording
    zone: ZoneInfo
    now: datetime

    def moment(self, told: str) -> Moment:
        moment = datetime.fromisoformat(told).astimezone(self.zone)
        now = self.now.astimezone(self.zone)
        said = (
            words.clock(moment)
            if moment.date() == now.date()
            else words.minute(moment, year=now.year, wording=self.wording)
        )
        return Moment(day=said, instant=stamp(moment))

    def maybe(self, told: str | None) -> Moment | None:
        return self.moment(told) if told else None


def _headline(facts: Mapping[str, Any], wording: Wording) -> list[str]:
    """Return plain sentences, the worst first."""
    said = [
        wording.gettext("Working.")
        if not facts["failures"]
        else wording.gettext("The last check went wrong in part.")
    ]
    silent = sum(one["failing"] for one in facts["watches"])
    if silent:
        said.append(
            _counted(
                wording.ngettext(
                    "One list is not answering.", "%(count)s lists are not answering.", silent
                ),
                silent,
                wording,
            )
        )
    broken = len(facts["problems"])
    if broken:
        said.append(
            _counted(
                wording.ngettext(
                    "One file of the talk data is broken.",
                    "%(count)s files of the talk data are broken.",
                    broken,
                ),
                broken,
                wording,
            )
        )
    gaps = sum(bool(one["gap"]) for one in facts["watches"])
    if gaps:
        said.append(
            _counted(
                wording.ngettext(
                    "One list may have missed videos.",
                    "%(count)s lists may have missed videos.",
                    gaps,
                ),
                gaps,
                wording,
            )
        )
    return said


def _summary(facts: Mapping[str, Any], wording: Wording) -> str:
    totals = facts["totals"]
    out = progress(totals["out"], total=totals["talks"], wording=wording)
    waiting = _waiting(facts["events"])
    if not waiting:
        return f"{out}."
    form = wording.ngettext(
        "%(progress)s; one video waits for a person.",
        "%(progress)s; %(count)s videos wait for a person.",
        waiting,
    )
    return form % {"progress": out, "count": words.number(waiting, wording=wording)}


def _told(checks: Sequence[Check], wording: Wording) -> str:
    """Return in words what the bars show."""
    kinds = [one.kind for one in checks]
    form = wording.ngettext(
        "One check. It published something: %(published)s; a list was missing: %(trouble)s.",
        "%(count)s checks. Something was published in %(published)s (teal), "
        "a list was missing in %(trouble)s (orange).",
        len(checks),
    )
    return form % {
        "count": len(checks),
        "published": kinds.count("published"),
        "trouble": kinds.count("trouble"),
    }


def _check(one: Mapping[str, Any]) -> Check:
    if one["troubled_lists"]:
        return Check(kind="trouble")
    return Check(kind="published" if one["written"] else "quiet")


def _event(one: Mapping[str, Any], wording: Wording) -> Row:
    waiting = _waiting([one])
    form = wording.ngettext(
        "One video waits for a person", "%(count)s videos wait for a person", waiting
    )
    return Row(
        name=one["name"],
        now=progress(one["out"], total=one["total"], wording=wording),
        ill=bool(waiting),
        more=_counted(form, waiting, wording) if waiting else "",
        link=f"{one['id']}/",
    )


def _list(one: Mapping[str, Any], speech: _Speech) -> Row:
    wording = speech.wording
    said = []
    if one["failing"]:
        said.append(wording.gettext("No answer"))
    if one["gap"]:
        said.append(wording.gettext("May have missed videos"))
    if one["skipped"]:
        form = wording.ngettext(
            "One row cannot be read", "%(count)s rows cannot be read", one["skipped"]
        )
        said.append(_counted(form, one["skipped"], wording))
    more = wording.gettext("Its talks keep their last known recordings.")
    return Row(
        name=one["key"],
        now=", ".join(said) or wording.gettext("Late"),
        ill=True,
        more=more if one["failing"] else "",
        last_good=speech.maybe(one["last_good"]),
        next=speech.maybe(one["next_look"]),
    )


def _waiting(events: Iterable[Mapping[str, Any]]) -> int:
    return sum(one["waiting_for_a_person"] + one["alerts"] for one in events)


def _counted(form: str, count: int, wording: Wording) -> str:
    return words.sentence(form % {"count": words.number(count, wording=wording)})
