"""An event as published to a finished mail: subject, preheader, HTML, text and Markdown.

Pure but for reading templates; look and labels stand in templates/mail/. Must not name a sender or
a recipient, nor decide what is told.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.mail import escaping, fitting
from pipeline.mail.fitting import Fit
from pipeline.mail.sentences import Kind, Sentences, sentences
from pipeline.mail.settings import MailSettings
from pipeline.model import MergeTags, Plan, PublishedEvent, Site
from pipeline.templating import Templates
from pipeline.views.event import EventView, view_event
from pipeline.views.talk import TalkView


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail without sender and recipient. `html` is below 90 kB; `text` names every talk.

    `markdown` says the same for tools that take it, "" where nobody asked for it.
    """

    subject: str
    preheader: str
    html: str
    text: str
    markdown: str


def compose(
    published: PublishedEvent,
    site: Site,
    *,
    talks: Sequence[str],
    kind: Kind = "batch",
    corrected: Container[str] = (),
    target: MergeTags = "plain",
    settings: MailSettings,
    templates: Templates,
    plan: Plan | None = None,
    markdown: bool = False,
) -> Mail:
    """Return the mail that tells of `talks` (ids); the rest of the event stands below them.

    `corrected` are those of which an earlier mail told something wrong. `plan` is the
    installation's, for events without one of their own. `markdown` asks for that form too. In
    `unsubscribe` of the settings,
    `{email}` stays for `envelope.letter` to fill.
    """
    # Of a backlog nothing is new: it was out before anybody followed.
    fresh = () if kind == "backlog" else tuple(talks)
    draft = _Draft(
        view_event(replace(published, fresh=fresh)),
        site,
        talks=talks,
        kind=kind,
        corrected=corrected,
        target=target,
        settings=settings,
        plan=published.event.plan or plan or Plan(),
    )
    return draft.finished(templates, markdown=markdown)


class _Draft:
    """One mail in the making: the same content in three formats."""

    def __init__(
        self,
        view: EventView,
        site: Site,
        *,
        talks: Sequence[str],
        kind: Kind,
        corrected: Container[str],
        target: MergeTags,
        settings: MailSettings,
        plan: Plan,
    ) -> None:
        self._view = _with_safe_addresses(view)
        self._site = site
        self._talks = frozenset(talks)
        self._kind: Kind = kind
        self._corrected = corrected
        self._target = target
        self._settings = settings
        self._plan = plan

    def finished(self, templates: Templates, *, markdown: bool) -> Mail:
        """Return the mail with as much in its HTML as fits."""
        said = self._sentences(self._view)
        return Mail(
            subject=escaping.escape(said.subject, self._target, part="subject"),
            preheader=escaping.escape(said.preheader, self._target, part="subject"),
            html=self._html(templates),
            text=self._written(templates, "txt", part="text"),
            markdown=self._written(templates, "md", part="markdown") if markdown else "",
        )

    def _written(self, templates: Templates, ending: str, *, part: escaping.Part) -> str:
        whole = templates.render(
            f"mail/recap.{ending}",
            language=self._view.language,
            **self._values(fitting.WHOLE),
        )
        return escaping.escape(whole, self._target, part=part)

    def _html(self, templates: Templates) -> str:
        whole = self._rendered(templates, fitting.WHOLE)
        if _fits(whole):
            return whole
        cards, rows, others = self._sorted(self._view)
        steps = fitting.ladder(earlier=len(rows), others=len(others), new=len(cards))
        # The last step is taken without asking: there is nothing less to show.
        best = bisect_left(steps[:-1], True, key=lambda fit: _fits(self._rendered(templates, fit)))
        return self._rendered(templates, steps[best])

    def _rendered(self, templates: Templates, fit: Fit) -> str:
        html = templates.render(
            "mail/recap.html", language=self._view.language, **self._values(fit)
        )
        return escaping.escape(_inlined(html, templates), self._target, part="html")

    def _values(self, fit: Fit) -> dict[str, Any]:
        view = fitting.shortened(self._view, fit)
        cards, rows, others = self._sorted(view)
        shown, more_new = fitting.folded(cards, fit.new)
        earlier, more_earlier = fitting.folded(rows, fit.earlier)
        waiting, more_others = fitting.folded(others, fit.others)
        whole = self._kind == "closing" or view.complete or not cards
        return {
            "event": view,
            "said": self._sentences(view),
            "kind": self._kind,
            "fit": fit,
            "prose": whole and fit.prose,
            "told": self._talks,
            "cards": shown,
            "more_new": more_new,
            "rows": earlier,
            "more_earlier": more_earlier,
            "others": waiting,
            "more_others": more_others,
            "corrected": self._corrected,
            "root": self._site.url,
            "page": f"{self._site.url}{view.id}/",
            "reason": self._settings.reason,
            "leave": self._unsubscribe(),
        }

    def _sentences(self, view: EventView) -> Sentences:
        return sentences(
            view,
            kind=self._kind,
            told=self._sorted(view)[0],
            corrected=self._corrected,
            plan=self._plan,
        )

    def _sorted(self, view: EventView) -> tuple[list[TalkView], list[TalkView], list[TalkView]]:
        """Return the talks told of, the others that can be watched, and those that cannot."""
        out = [talk for talk in view.talks if talk.state in ("new", "out")]
        return (
            [talk for talk in out if talk.id in self._talks],
            [talk for talk in out if talk.id not in self._talks],
            # A closing recap has one list of them, and programme order holds in each list.
            [talk for talk in view.talks if talk.state in ("to-come", "none")]
            if self._kind == "closing"
            else [*view.to_come, *view.without],
        )

    def _unsubscribe(self) -> str:
        """Return the address under the last words; "" where nobody told one."""
        if escaping.TAGS[self._target]:
            return escaping.UNSUBSCRIBE
        return next(iter(self._settings.unsubscribe), "")


def _with_safe_addresses(view: EventView) -> EventView:
    return replace(view, talks=tuple(map(_with_safe_address, view.talks)))


def _with_safe_address(talk: TalkView) -> TalkView:
    watch = talk.watch and escaping.address(talk.watch)
    return talk if watch == talk.watch else replace(talk, watch=watch)


def _fits(html: str) -> bool:
    return len(html.encode()) < fitting.HTML_BYTES


def _inlined(html: str, templates: Templates) -> str:
    """Return HTML with the style sheet written into every element: many programs drop <style>."""
    from css_inline import CSSInliner

    inliner = CSSInliner(
        inline_style_tags=False,
        keep_style_tags=True,
        load_remote_stylesheets=False,
        minify_css=True,
        extra_css=templates.render("mail/style.css"),
    )
    return inliner.inline(html)
