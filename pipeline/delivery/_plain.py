"""A message as a finished mail, for deliveries that are given words alone.

Must not send, nor know what the message is about.
"""

from __future__ import annotations

import hashlib

from pipeline.delivery._addresses import on_the_wire
from pipeline.errors import OutputError
from pipeline.mail import envelope
from pipeline.mail.compose import Mail
from pipeline.mail.settings import Mailbox
from pipeline.model import Message


def own_mail(message: Message, *, sender: str, recipient: str) -> bytes:
    """Return `message` as a mail, with its HTML where it has that; the same bytes for the same.

    The addresses are bare ones. Raises OutputError where it does not read back as was meant.
    """
    from_, to = Mailbox(address=on_the_wire(sender)), Mailbox(address=on_the_wire(recipient))
    if not (from_.address + to.address).isascii():
        raise OutputError("its sender or recipient has letters beyond ASCII; use another address")
    message_id = message.id.strip("<>")
    if "@" not in message_id:
        digest = hashlib.sha256(f"{message.id}\0{recipient}".encode()).hexdigest()[:32]
        message_id = f"{digest}@{from_.address.rpartition('@')[2]}"
    if message.html is None:
        return envelope.plain(
            subject=message.subject,
            text=message.text,
            sender=from_,
            recipient=to,
            date=message.time,
            message_id=message_id,
        )
    mail = Mail(
        subject=message.subject, preheader="", html=message.html, text=message.text, markdown=""
    )
    return envelope.letter(
        mail, sender=from_, recipient=to, date=message.time, message_id=message_id
    )
