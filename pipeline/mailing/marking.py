"""How far a draft has come is written into its event's ledger, under the lock on the data.

Only what is certain is written, after it happened; what could not be marked is marked next time.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime

from pipeline import ledger
from pipeline.config import Config
from pipeline.dataset.folder import FolderStore
from pipeline.errors import BusyError, DatasetError
from pipeline.files.lock import hold
from pipeline.mailing.cases import Case
from pipeline.model import Ledger, OpenDraft, Placed

LOG = logging.getLogger("recap.mailing")

DATA_WAIT_S = 60.0
"""How long marking waits for a run that is under way; what was not marked is marked next time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """Marks drafts of one delivery; `warnings` say what could not be marked."""

    config: Config
    store: FolderStore
    now: datetime
    warnings: list[str] = field(default_factory=list)

    def mark(self, case: Case, state: ledger.Reached, placed: Placed | None = None) -> bool:
        """Write into the ledger how far a draft has come; tell whether that is new."""
        draft = case.draft
        data, holder = self.config.data, self.config.state / "holder.json"
        try:
            with hold(data, holder=holder, now=self.now, wait_s=DATA_WAIT_S, what="a mail's mark"):
                before = self.store.ledger(case.event)
                if draft.announcements != _kept(before, draft):
                    self._unmarked(case, "data/ has changed since; the next run looks again")
                    return False
                after = ledger.mark_target(
                    before,
                    _held_by(before, draft, placed),
                    draft.target,
                    state=state,
                    draft=placed.known if placed else draft.id,
                    body_sha256=placed.body_sha256 if placed else None,
                )
                if after == before:
                    return False
                self.store.save({case.event: after}, self.store.installation())
        except (BusyError, DatasetError) as error:
            self._unmarked(case, str(error))
            return False
        LOG.info("%s: %s", case.label, state)
        return True

    def _unmarked(self, case: Case, why: str) -> None:
        self.warnings.append(f"mail {case.label} could not be marked: {why}")


def _kept(known: Ledger, draft: OpenDraft) -> tuple[str, ...]:
    """Return those announcements of a draft that the ledger still has at its target."""
    there = {one.id for one in known.announcements if draft.target in one.targets}
    return tuple(one for one in draft.announcements if one in there)


def _held_by(known: Ledger, draft: OpenDraft, placed: Placed | None) -> tuple[str, ...]:
    """Return the announcements that a draft tells of, as it stands where it is kept.

    One that a person edited or sent at its tool lacks what came after it was written last.
    """
    if placed is None or placed.result == "draft":
        return draft.announcements
    rows = {one.id: one.targets for one in known.announcements}
    ids = draft.announcements
    return tuple(one for one in ids if rows[one][draft.target].draft == placed.known) or ids[:1]
