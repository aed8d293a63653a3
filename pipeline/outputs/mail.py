"""Kind `mail`: an event's recap as a mail: email.html, email.txt, and both in recap.eml.

Must not send, name a sender or name a recipient. The mail is made in `pipeline.mail`, its look and
wording stand in templates/mail/.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.mail import envelope
from pipeline.mail.compose import compose
from pipeline.mail.settings import MailSettings
from pipeline.model import Artifact, Collection, Site
from pipeline.templating import Templates
from pipeline.views.event import new_entries, newest_release


class MailOutput:
    """Renders an event's recap as a mail that needs no images; nothing for all events together."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def render(self, collection: Collection, site: Site) -> Iterable[Artifact]:
        """Render `email.html`, `email.txt` and `recap.eml`; every link is absolute."""
        published = collection.event
        if published is None:
            return ()
        mail = compose(
            published,
            site,
            talks=[one.talk_id for one in new_entries(published)],
            settings=MailSettings(),
            templates=self._templates,
        )
        message = envelope.message(
            subject=mail.subject,
            date=newest_release(published),
            authority=envelope.authority(site),
            text=mail.text,
            html=mail.html,
        )
        return (
            Artifact(path=f"{collection.path}email.html", body=mail.html.encode()),
            Artifact(path=f"{collection.path}email.txt", body=mail.text.encode()),
            Artifact(path=f"{collection.path}recap.eml", body=message),
        )
