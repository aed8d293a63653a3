"""What becomes of open drafts: put at their tools, sent where that was approved, then marked.

    cases      an event's open drafts with what they are made of: the mail of each
    kinds      the entries of `mail.to` as deliveries and tools
    holding    which mails wait for a person although they may go, and how a draft stands
    tools      drafts that newsletter tools keep
    marking    the ledger learns how far a draft has come
    upkeep     what the state keeps of mails follows what became of the data
    post       the order: tools, letters, marks

Must not decide what is announced (see `ledger`), how a mail looks (`mail`) or how a kind sends
(`delivery`).
"""

from pipeline.mailing.cases import Case, Casebook, announcement_tag
from pipeline.mailing.holding import standing
from pipeline.mailing.kinds import check
from pipeline.mailing.post import close, deliver, send_test
from pipeline.mailing.upkeep import clean, know

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
