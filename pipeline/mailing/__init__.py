"""What becomes of open drafts: put at their tools, sent where that was approved, then marked.

    cases      an event's open drafts with what they are made of: the mail of each
    kinds      the entries of `mail.to` as deliveries and tools
    holding    which mails wait for a person although they may go, and how a draft stands
    tools      drafts that newsletter tools keep
    post       the order: tools, letters, then the ledger learns what came of it

Must not decide what is announced (see `ledger`), how a mail looks (`mail`) or how a kind sends
(`delivery`).
"""

from pipeline.mailing.cases import Case, Casebook, announcement_tag
from pipeline.mailing.holding import standing
from pipeline.mailing.kinds import check
from pipeline.mailing.post import clean, close, deliver, know, send_test

__all__ = [
    "Case",
    "Casebook",
    "announcement_tag",
    "check",
    "clean",
    "close",
    "deliver",
    "know",
    "send_test",
    "standing",
]
