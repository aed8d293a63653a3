"""An event's open drafts with all that their mails are made of.

Reads the dataset and what was published; writes and sends nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pipeline import ledger, merging, plugins
from pipeline.config import Config
from pipeline.dataset.folder import FolderStore
from pipeline.errors import DatasetError, OutputError
from pipeline.mail import envelope
from pipeline.mail.compose import Mail, compose
from pipeline.mail.settings import Mailbox
from pipeline.model import Announcement, Barred, Decision, OpenDraft, PublishedEvent, Standing, Verb
from pipeline.outputs.talks import parse_talks
from pipeline.passage import PERSON
from pipeline.sending.letter import Letter, LetterKey
from pipeline.templating import Templates
from pipeline.written.targets import MailTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One open draft. `target` is None where config.yaml does not name it any more, and for the
    one that a person pastes; `since` is the moment from which on it may go, None while it may not.
    """

    event: str
    draft: OpenDraft
    target: MailTarget | None
    published: PublishedEvent

    @property
    def name(self) -> str:
        """Return what people call it: `event/announcement`."""
        return f"{self.event}/{self.draft.id}"

    @property
    def label(self) -> str:
        """Return its name and where it goes."""
        return f"{self.name} at {self.draft.target}"

    @property
    def letters(self) -> tuple[str, str, str]:
        """Return what its letters are stored under: event, announcement, target."""
        return self.event, self.draft.id, self.draft.target

    @property
    def since(self) -> datetime | None:
        """Return from when on it may be sent: approved, or made for a target that asks nobody."""
        if self.draft.approved:
            return self.draft.approved
        return self.draft.time if self.target and self.target.auto else None

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing that it tells of can be watched now."""
        out = {one.talk_id for one in self.published.entries if one.standing is Standing.OUT}
        return self.draft.kind != "closing" and out.isdisjoint(self.draft.talks)

    @property
    def at_tool(self) -> bool:
        """Tell whether a newsletter tool keeps it, so that a person sends it there."""
        kind = self.target.kind if self.target else ""
        is_known = kind in plugins.kinds("delivery")
        return is_known and hasattr(plugins.load("delivery", kind), "put")

    @property
    def is_pasted(self) -> bool:
        """Tell whether a person takes it to where it is sent."""
        return self.draft.target == PERSON and self.target is None


@dataclass(slots=True)
class Casebook:
    """The open drafts of the dataset; `warnings` say which events could not be read."""

    config: Config
    store: FolderStore
    warnings: list[str] = field(default_factory=list)
    _templates: Templates = field(init=False)
    _targets: dict[str, MailTarget] = field(init=False)
    _barred: Barred = field(init=False)
    _shared: tuple[Decision, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Read the words that concern several events."""
        self._templates = Templates(self.config.templates)
        self._targets = {one.id: one for one in self.config.mail_to}
        self._barred, self._shared = self.store.barred()

    def open(self, event_id: str) -> tuple[Case, ...]:
        """Return the open drafts of one event, the oldest of each target first."""
        try:
            found = self.drafts(event_id)
        except DatasetError as error:
            self.warnings.append(f"{event_id}: its drafts wait until it can be read: {error}")
            return ()
        return tuple(self._cases(event_id, found)) if found else ()

    def each(self, event_ids: Iterable[str]) -> Iterator[Case]:
        """Yield the open drafts of several events."""
        for event_id in event_ids:
            yield from self.open(event_id)

    def drafts(self, event_id: str) -> tuple[OpenDraft, ...]:
        """Return an event's open drafts alone. Raises DatasetError where it cannot be read."""
        return ledger.drafts(self.store.ledger(event_id), self.words(event_id))

    def kept(self, event_id: str) -> tuple[Announcement, ...]:
        """Return all announcements of an event. Raises DatasetError where it cannot be read."""
        return self.store.ledger(event_id).announcements

    def words(self, event_id: str) -> tuple[Decision, ...]:
        """Return the words on an event's announcements that stand, the oldest first."""
        own = self.store.decisions(event_id)
        ids = {word.id for word in own}
        words = merging.standing([*own, *self._shared])
        return tuple(word for word in words if word.id in ids or word.event == event_id)

    def is_taken_back(self, event_id: str, draft: OpenDraft) -> bool:
        """Tell whether a person approved a draft and took that back, and its target asks."""
        target = self._targets.get(draft.target)
        if draft.approved or (target and target.auto):
            return False
        return any(
            word.verb is Verb.APPROVE
            and word.announcement == draft.id
            and word.target in (None, draft.target)
            for word in self.store.decisions(event_id)
        )

    def bars(self, event_id: str) -> str:
        """Return a hash of what is withdrawn in an event, and everywhere."""
        said = [
            (word.talk, word.video, word.speaker)
            for word in merging.standing([*self.store.decisions(event_id), *self._shared])
            if word.verb in (Verb.WITHDRAW, Verb.UNWITHDRAW)
        ]
        barred = self._barred
        # What left the feeds (unlinked, withheld) is to leave stored bodies too.
        try:
            rows = self.store.ledger(event_id).talks
        except DatasetError:
            rows = {}
        said += [(key, f"{row.deleted}", None) for key, row in sorted(rows.items()) if row.deleted]
        files = [sorted(one) for one in (barred.videos, barred.talks, barred.speakers)]
        body = json.dumps([said, files], ensure_ascii=False)
        return hashlib.sha256(body.encode()).hexdigest()[:16]

    def mail(self, case: Case, *, markdown: bool = False) -> Mail:
        """Return the mail of a draft, made of what is published now; in Markdown if asked for."""
        draft, target = case.draft, case.target
        return compose(
            case.published,
            self.config.site,
            talks=draft.talks,
            kind=draft.kind,
            corrected=draft.corrected,
            target=target.target if target else "plain",
            settings=self.config.mail,
            templates=self._templates,
            plan=self.config.plan,
            markdown=markdown,
        )

    def shown(self, case: Case, form: str) -> str:
        """Return a draft's mail as `text`, `html`, `markdown` or `eml`, for a person to look at."""
        mail = self.mail(case, markdown=form == "markdown")
        match form:
            case "text":
                return f"Subject: {mail.subject}\n\n{mail.text}"
            case "html":
                return mail.html
            case "markdown":
                return mail.markdown
        message = envelope.message(
            subject=mail.subject,
            date=case.draft.time,
            authority=envelope.authority(self.config.site),
            text=mail.text,
            html=mail.html,
        )
        return message.decode("ascii")

    def letter(self, case: Case, recipient: str, *, mail: Mail, now: datetime) -> Letter:
        """Return the letter of a draft to one recipient; "" where the kind makes its own mail.

        Raises OutputError where its bytes do not read back as what was meant.
        """
        message_id = envelope.message_id(
            event=case.event,
            announcement=f"{case.draft.id}@{case.draft.target}",
            recipient=recipient,
            site=self.config.site,
        )
        raw = self._raw(mail, recipient, message_id, now=case.since or now) if recipient else None
        return Letter(
            key=LetterKey(
                event=case.event,
                announcement=case.draft.id,
                target=case.draft.target,
                recipient=recipient,
            ),
            message_id=message_id,
            subject=mail.subject,
            text="" if raw else mail.text,
            html=None if raw else mail.html,
            raw=raw,
            planned=now,
            changed=now,
            bars=self.bars(case.event),
        )

    def _raw(self, mail: Mail, recipient: str, message_id: str, *, now: datetime) -> bytes | None:
        settings = self.config.mail
        if settings.sender is None:
            return None
        return envelope.letter(
            mail,
            sender=settings.sender,
            recipient=Mailbox(address=recipient),
            date=now,
            message_id=message_id,
            reply_to=settings.reply_to,
            list_id=settings.list_id,
            unsubscribe=settings.unsubscribe,
        )

    def _cases(self, event_id: str, found: Iterable[OpenDraft]) -> Iterator[Case]:
        published = self._published(event_id)
        if published is None:
            self.warnings.append(
                f"{event_id}: its drafts wait, for it is not published; run `recap publish`"
            )
            return
        for draft in found:
            yield Case(
                event=event_id,
                draft=draft,
                target=self._targets.get(draft.target),
                published=published,
            )

    def _published(self, event_id: str) -> PublishedEvent | None:
        path = self.config.feeds / event_id / "talks.json"
        try:
            published = parse_talks(path.read_bytes())
        except (OSError, OutputError):
            return None
        # What was withdrawn since is out of every mail, before a run has cleaned the pages.
        return merging.withdraw(
            published,
            self.store.decisions(event_id),
            barred=self._barred,
            shared=self._shared,
            now=datetime.min.replace(tzinfo=UTC),
        )


def announcement_tag(case: Case, site_tag: str) -> str:
    """Return what a draft is called at a tool that several installations may share.

    The oldest announcement in it names it, for a draft grows by newer ones.
    """
    return f"tag:{site_tag}:{case.event}/mail/{case.draft.announcements[0]}/{case.draft.target}"
