"""A mail to one recipient as a value: what it holds, and how far it has come.

    planned → sending → dot → sent | failed | unknown
    planned → held             nothing happened to it for long, or what let it go was taken back
    held → planned             a person lets it go
    skipped → held             its draft is open again
    unknown → planned          a person says that it did not arrive
    anything but sent → skipped

`dot` says that the mail may have arrived, and is on the disk before anything final leaves; whoever
finds one later cannot know, so it becomes `unknown` and waits for a person. Must not store or send.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pipeline.model import Message

Stage = Literal["planned", "sending", "dot", "sent", "failed", "unknown", "held", "skipped"]
"""How far a letter has come; see the head of this module."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class LetterKey:
    """What there is one letter of: an event's announcement, at a target, to one recipient.

    `target` is the id of an entry of `mail.to`; `recipient` is empty where the target has none.
    """

    event: str
    announcement: str
    target: str
    recipient: str = ""

    def __str__(self) -> str:
        """Return what people call it, without the recipient's address."""
        return f"{self.event}/{self.announcement} at {self.target}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail to one recipient, and how far it has come.

    `raw` is the finished mail; None where the target's kind makes its own of `subject`, `text` and
    `html`. All bodies are dropped when it was sent, skipped or purged. `planned` is when it was
    to leave first, `not_before` when it is tried again, `detail` why it is where it is.
    `bars` is a hash of what was withdrawn when its bodies were made.
    """

    key: LetterKey
    message_id: str
    subject: str
    text: str = ""
    html: str | None = None
    raw: bytes | None = None
    stage: Stage = "planned"
    planned: datetime
    changed: datetime
    tries: int = 0
    not_before: datetime | None = None
    detail: str = ""
    bars: str = ""

    @property
    def is_bare(self) -> bool:
        """Tell whether nothing is left that could be sent."""
        return self.raw is None and self.html is None and not self.text

    def message(self, now: datetime) -> Message:
        """Return what its delivery is handed."""
        return Message(
            id=self.message_id,
            time=now,
            subject=self.subject,
            text=self.text,
            html=self.html,
            recipient=self.key.recipient or None,
            raw=self.raw,
        )
