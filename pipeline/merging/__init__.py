"""Who wins: people's files, decisions and the ledger become the event as published.

    rulings   links: withdrawn and no-publish > event.yaml > the latest decision > the stored link
    recordings  a talk's videos in order, parts, where it begins in a longer one
    entries   texts: event.yaml > programme.yaml > the upload's title (cleaned, and marked as such)
    sifting   videos that a list's own rules keep out, shorts and trailers
    withdrawal  withdrawals for an event whose files cannot be read

event.yaml over programme.yaml was settled when the files were read. Pure; finds nothing and dates
nothing: which video is which talk is matching's business, when a talk was released the ledger's.
"""

from pipeline.merging.entries import Merged, merge
from pipeline.merging.rulings import Cued, Rulings, settle, standing, strangers
from pipeline.merging.sifting import pass_over
from pipeline.merging.withdrawal import withdraw

__all__ = [
    "Cued",
    "Merged",
    "Rulings",
    "merge",
    "pass_over",
    "settle",
    "standing",
    "strangers",
    "withdraw",
]
