"""Kind `mail`: an event's recap as a mail: email.html, email.txt, and both in recap.eml.

Must not send, name a sender or name a recipient. Look and wording stand in templates/mail/.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.mail import envelope
from pipeline.model import Artifact, Collection, Site
from pipeline.templating import Templates
from pipeline.views import event as views

# A newsletter tool that the HTML is pasted into would expand these where a title holds them:
# Mailchimp *|…|*, Jinja, Liquid and Handlebars {{…}} and {%…%}. Readers see the same characters.
_MERGE_TAGS = (("*|", "*&#124;"), ("{{", "&#123;&#123;"), ("{%", "&#123;%"))


class MailOutput:
    """Renders an event's recap as a mail that needs no images; nothing for all events together."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def render(self, collection: Collection, site: Site) -> Iterable[Artifact]:
        """Render `email.html`, `email.txt` and `recap.eml`; every link is absolute."""
        published = collection.event
        if published is None:
            return ()
        view = views.view_event(published)
        subject = views.subject(view)
        html, text = (
            self._templates.render(
                name,
                event=view,
                subject=subject,
                headline=views.headline(view),
                summary=views.summary(view),
                whole=view.complete or not view.new,
                page=f"{site.url}{collection.path}",
            )
            for name in ("mail/recap.html", "mail/recap.txt")
        )
        html = _without_merge_tags(html)
        message = envelope.message(
            subject=subject,
            date=views.newest_release(published),
            authority=site.tag.partition(",")[0].rpartition("@")[2],
            text=text,
            html=html,
        )
        return (
            Artifact(path=f"{collection.path}email.html", body=html.encode()),
            Artifact(path=f"{collection.path}email.txt", body=text.encode()),
            Artifact(path=f"{collection.path}recap.eml", body=message),
        )


def _without_merge_tags(html: str) -> str:
    for tag, escaped in _MERGE_TAGS:
        html = html.replace(tag, escaped)
    return html
