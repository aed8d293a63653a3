"""Whether what is elsewhere answers: each watch list by one look, deliveries by a greeting.

Nothing that is learned is stored, and nothing is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol, runtime_checkable

from pipeline import mailing, plugins
from pipeline.config import Config
from pipeline.dataset.folder import FolderStore
from pipeline.doctor.finding import Finding, broken, ok, warn
from pipeline.errors import ConfigError
from pipeline.fetch import HttpFetch, Traffic, Validators, host_of
from pipeline.looking import Lookout, limits
from pipeline.model import Connect, EventFiles, Response, WatchReport
from pipeline.sending import delivering
from pipeline.state.database import State
from pipeline.written.targets import Target


@runtime_checkable
class Checkable(Protocol):
    """A delivery that can tell whether it would work, without sending anything."""

    def check(self) -> str:
        """Return what is wrong, and what to do; empty where it would work."""


class Reach:
    """Asks once what is elsewhere. `dates` are what its answers say the time is, by host."""

    def __init__(self, config: Config, *, now: datetime) -> None:
        self._config = config
        self._now = now
        self.dates: list[tuple[str, datetime]] = []

    def lists(self, store: FolderStore, opened: Sequence[EventFiles]) -> Iterator[Finding]:
        """Judge each watch list of events."""
        with State.in_memory() as state:
            lookout = Lookout(
                state=state,
                open_fetch=self._open,
                secret=self._config.secret,
                now=self._now,
                lists=self._config.lists,
                limits=limits(self._config),
            )
            with lookout:
                lookout.expect([files.event.id for files in opened])
                for files in opened:
                    folder = store.folder(files.event.id)
                    lookout.plan(files.event, files.ledger, folder=folder, due=False)
                for files in opened:
                    lookout.look(files.event, folder=store.folder(files.event.id))
                    for watch in lookout.learned(files.event, files.ledger):
                        yield _list(watch)

    def deliveries(self) -> Iterator[Finding]:
        """Judge the entries of `notify:` and `mail.to:`, and greet those that can be greeted."""
        connect: Connect = self._connect
        wrong = (
            *delivering.check(self._config, connect=connect),
            *mailing.check(self._config, connect=connect),
        )
        for problem in wrong:
            yield broken("delivery", str(problem), do="mend it in config.yaml")
        if not wrong:
            for target in (*self._config.notify, *self._config.mail_to):
                yield self._target(target)

    def _target(self, target: Target) -> Finding:
        what = f"delivery {target.id}"
        try:
            kind = plugins.load("delivery", target.kind)
            options = plugins.anchored(kind, target.options, folder=self._config.root)
            made = kind(options, secret=self._config.secret, connect=self._connect)
            trouble = made.check() if isinstance(made, Checkable) else None
        except ConfigError as error:
            return broken(what, error.message, do="mend it in config.yaml or the environment")
        if trouble is None:
            return ok(what, f"{target.kind}: its options are right; it was not asked")
        if trouble:
            return broken(what, f"{target.kind}: {trouble}", do="see docs/delivery.md")
        return ok(what, f"{target.kind}: it answers, and takes this account")

    def _connect(self) -> HttpFetch:
        return self._open({})

    def _open(
        self, validators: Mapping[str, Validators], traffic: Traffic | None = None
    ) -> HttpFetch:
        return _Dated(
            self.dates,
            now=self._now,
            validators=validators,
            contact=self._config.contact,
            timeout_s=self._config.timeout_s,
            allow_private=self._config.private_addresses,
            traffic=traffic,
        )


class _Dated(HttpFetch):
    """The one HTTP client, noting what time each answer says it is."""

    def __init__(
        self,
        dates: list[tuple[str, datetime]],
        *,
        now: datetime,
        validators: Mapping[str, Validators],
        contact: str,
        timeout_s: float,
        allow_private: bool,
        traffic: Traffic | None,
    ) -> None:
        super().__init__(
            now=now,
            validators=validators,
            contact=contact,
            timeout_s=timeout_s,
            allow_private=allow_private,
            traffic=traffic,
        )
        self._dates = dates

    def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, size_bytes: int | None = None
    ) -> Response:
        """Fetch `url` as ever, and note the time."""
        limit = {} if size_bytes is None else {"size_bytes": size_bytes}
        answer = super().get(url, headers=headers, **limit)
        moment = parse_date(answer.headers)
        if moment:
            self._dates.append((host_of(answer.url), moment))
        return answer


def parse_date(headers: Mapping[str, str]) -> datetime | None:
    """Return what time it is by an answer: Date and Age (RFC 9110, 6.6.1; RFC 9111, 5.1).

    None where it does not say, or not so that it can be read.
    """
    age = headers.get("age", "0").strip()
    try:
        moment = parsedate_to_datetime(headers.get("date", ""))
        if moment.tzinfo is None or not (age.isascii() and age.isdecimal() and len(age) < 9):
            return None
        return (moment + timedelta(seconds=int(age))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _list(watch: WatchReport) -> Finding:
    what = f"list {watch.key}"
    if watch.error:
        return broken(
            what,
            watch.error,
            do="what was published stays; docs/sources.md says what this kind needs",
        )
    words = f"it answers, and shows {watch.shown} videos"
    if watch.skipped:
        return warn(
            what,
            f"{words}; {len(watch.skipped)} rows cannot be read: {watch.skipped[0]}",
            do="look at these rows; the others are read",
        )
    if not watch.shown:
        return warn(what, "it answers, and shows nothing", do="is it the right list?")
    return ok(what, words)
