"""What a mail says in sentences of its own: subject, headline, what is promised.

Pure: counts and talks come in as the event's view. What page and mail both say stands in
`views.event`; labels stand in templates/mail/.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.model import Plan
from pipeline.views import words
from pipeline.views.event import EventView, headline, subject, summary, watchable_sentence
from pipeline.views.talk import TalkView

Kind = Literal["batch", "backlog", "closing"]
"""What a mail is: of new recordings, of all that was out before anybody followed, or the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """The sentences of one mail; "" where there is none to say.

    `news` stands above the talks that the mail tells of, `promise` below the others.
    """

    subject: str
    preheader: str
    headline: str
    summary: str
    news: str
    promise: str
    thanks: str


def sentences(
    view: EventView,
    *,
    kind: Kind,
    told: Sequence[TalkView],
    corrected: Container[str],
    plan: Plan,
) -> Sentences:
    """Return the sentences of a mail that tells of the talks `told`, in the view's language."""
    if kind == "backlog":
        made = _backlog(view, told)
    elif kind == "closing" and not view.complete:
        made = _last(view)
    else:
        made = _Heading(subject=subject(view), headline=headline(view), summary=summary(view))
    wrong = [talk for talk in told if talk.id in corrected]
    only = bool(wrong) and len(wrong) == len(told)
    if wrong:
        made = _corrected(view, made, wrong=wrong, only=only)
    return Sentences(
        subject=made.subject,
        preheader=_preheader(view, told) or made.summary,
        headline=made.headline,
        summary=made.summary,
        news=_news(view, kind=kind, dated=not only),
        promise=_promise(view, kind=kind, plan=plan),
        thanks=_thanks(view, kind=kind),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heading:
    subject: str
    headline: str
    summary: str


def _preheader(view: EventView, told: Sequence[TalkView]) -> str:
    """Return the line that mail programs show beside the subject: two titles, and how many more."""
    more = len(told) - 2
    form = view.wording.ngettext("and one more", "and %(count)s more", more)
    rest = [form % {"count": words.number(more, wording=view.wording)}] if more > 0 else []
    return " · ".join([*(talk.title for talk in told[:2]), *rest])


def _backlog(view: EventView, told: Sequence[TalkView]) -> _Heading:
    wording, count = view.wording, len(told)
    subject_form = wording.ngettext(
        "%(count)s recording is already out", "%(count)s recordings are already out", count
    )
    headline_form = wording.ngettext(
        "One recording is already out", "%(count)s recordings are already out", count
    )
    said = subject_form % {"count": count}
    return _Heading(
        subject=f"{said} - {view.short_name}",
        headline=words.sentence(headline_form % {"count": words.number(count, wording=wording)}),
        summary=watchable_sentence(view),
    )


def _last(view: EventView) -> _Heading:
    """Return the heading of a closing recap where recordings are missing for good."""
    wording, missing = view.wording, view.total - view.out
    if view.new:
        form = wording.ngettext(
            "That was the last recording", "Those were the last recordings", len(view.new)
        )
    else:
        form = wording.gettext("No more recordings are expected")
    why = wording.ngettext(
        "One recording is missing; the reason is below.",
        "%(count)s recordings are missing; the reasons are below.",
        missing,
    ) % {"count": words.number(missing, wording=wording)}
    return _Heading(
        subject=f"{form}: {view.progress} - {view.short_name}",
        headline=form,
        summary=f"{watchable_sentence(view)} {words.sentence(why)}",
    )


def _corrected(
    view: EventView, made: _Heading, *, wrong: Sequence[TalkView], only: bool
) -> _Heading:
    wording, count = view.wording, len(wrong)
    said = wording.ngettext(
        "An earlier mail led to a wrong recording of %(titles)s; the right one is below.",
        "An earlier mail led to wrong recordings of %(titles)s; the right ones are below.",
        count,
    ) % {"titles": words.names([talk.title for talk in wrong], wording=wording, most=3)}
    if not only:
        return replace(made, summary=f"{made.summary} {said}")
    form = wording.ngettext(
        "Corrected: the right recording", "Corrected: the right recordings", count
    )
    return _Heading(
        subject=f"{form}: {view.progress} - {view.short_name}", headline=form, summary=said
    )


def _news(view: EventView, *, kind: Kind, dated: bool) -> str:
    """Return what stands above the talks; what is only corrected came at no day of its own."""
    wording = view.wording
    if kind == "backlog":
        return wording.gettext("Already out")
    if view.since is None or not dated:
        return wording.gettext("New")
    return wording.gettext("New since %(day)s") % {"day": view.since}


def _promise(view: EventView, *, kind: Kind, plan: Plan) -> str:
    """Return when the next mail comes; never that every recording will."""
    wording = view.wording
    if kind == "closing" or not view.to_come:
        return ""
    if plan.when == "complete":
        return wording.gettext("We write once more, when no further recording is expected.")
    if plan.when == "daily":
        return wording.gettext(
            "We write again when the next recordings are out, at most once a day."
        )
    if plan.when == "weekly":
        return wording.gettext(
            "We write again when the next recordings are out, at most once a week."
        )
    return wording.gettext("We write again when the next recordings are out.")


def _thanks(view: EventView, *, kind: Kind) -> str:
    wording = view.wording
    if kind != "closing":
        return ""
    thanks = wording.gettext("This is the last mail about %(event)s. Thank you for watching.")
    said = thanks % {"event": view.name}
    if view.complete:
        return said
    more = wording.gettext("Should another recording appear, the page and the feeds will have it.")
    return f"{said} {more}"
