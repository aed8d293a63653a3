"""What was seen when, what was released when, and what was announced when.

    observe   what watch lists showed becomes rows: first seen, first public, missed, gone, gaps
    rows      what matching said, re-uploads, renames
    stamp     talks that became publishable get a date, a feed id and a sequence number
    announcing  released talks become announcements, by the plan or because a person asked
    drafting  the open drafts of an event, and what deliveries did with them
    mending   what a clock stamped that ran ahead, set right as a person said

Pure: `now` is an argument, and a run that learned nothing returns an equal ledger.
"""

from pipeline.ledger.announcing import announce, fresh, is_silent, next_announcement, waiting
from pipeline.ledger.drafting import Reached, drafts, left_behind, mark_target, unheard
from pipeline.ledger.mending import meant, mend, mend_installation, mends, moments
from pipeline.ledger.observe import Observation, close_gaps, observe, overflows
from pipeline.ledger.rows import contested, disown, is_held, record, redact, rename, reuploads
from pipeline.ledger.stamp import Stamped, is_backlog, know, newest_sequence, stamp

__all__ = [
    "Observation",
    "Reached",
    "Stamped",
    "announce",
    "close_gaps",
    "contested",
    "disown",
    "drafts",
    "fresh",
    "is_backlog",
    "is_held",
    "is_silent",
    "know",
    "left_behind",
    "mark_target",
    "meant",
    "mend",
    "mend_installation",
    "mends",
    "moments",
    "newest_sequence",
    "next_announcement",
    "observe",
    "overflows",
    "record",
    "redact",
    "rename",
    "reuploads",
    "stamp",
    "unheard",
    "waiting",
]
