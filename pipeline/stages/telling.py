"""The log of a pass: one line a decision about an event, each with its ids.

Decides nothing. Tells what changed; looks are the lookout's to tell.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from pipeline import report
from pipeline.model import Ledger, Match, RunReport, Verdict
from pipeline.passage import Passed

LOG = logging.getLogger("recap")


def tell(made: RunReport, passed: Passed, *, before: Ledger) -> None:
    """Log what a pass decided about one event, which `made` reports.

    `before` is the event's ledger as it was opened.
    """
    if not LOG.isEnabledFor(logging.INFO):
        return
    event = passed.published.event.id
    for match in _matched(passed.ledger, before):
        ids = {"event": event, "talk": match.talk}
        verdict, talk = match.verdict, match.talk or "talks in it"
        LOG.info(
            "%s: %s %s %s (%.2f)", event, match.video, verdict, talk, match.probability, extra=ids
        )
    for talks, words in ((passed.released, "released"), (passed.removed, "left the feeds")):
        for talk in talks:
            LOG.info("%s/%s: %s", event, talk, words, extra={"event": event, "talk": talk})
    for line in report.changes(made):
        LOG.info("%s", line, extra={"event": event})


def _matched(ledger: Ledger, before: Ledger) -> Iterator[Match]:
    """Yield the verdicts that are new, but for videos that are nobody's and always were."""
    for key, row in ledger.videos.items():
        known = before.videos.get(key)
        was = known.match if known else None
        old = (was.verdict, was.talk) if was else (Verdict.NONE, None)
        if row.match and (row.match.verdict, row.match.talk) != old:
            yield row.match
