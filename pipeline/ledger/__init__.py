"""What was seen when, and what was released when.

    observe   what watch lists showed becomes rows: first seen, first public, missed, gone, gaps
    rows      what matching said, re-uploads, renames
    stamp     talks that became publishable get a date, a feed id and a sequence number

Pure: `now` is an argument, and a run that learned nothing returns an equal ledger.
"""

from pipeline.ledger.observe import Observation, close_gaps, observe, overflows
from pipeline.ledger.rows import disown, is_held, record, redact, rename, reuploads
from pipeline.ledger.stamp import Stamped, is_backlog, know, newest_sequence, stamp

__all__ = [
    "Observation",
    "Stamped",
    "close_gaps",
    "disown",
    "is_backlog",
    "is_held",
    "know",
    "newest_sequence",
    "observe",
    "overflows",
    "record",
    "redact",
    "rename",
    "reuploads",
    "stamp",
]
