"""The errors of the pipeline.

    PipelineError               something a person can read and act on
    ├── ConfigError             config.yaml, an option or the environment is wrong     (exit 2)
    │   └── ClockError          the clock given is before the newest stamp             (exit 2)
    ├── DatasetError            files under data/ are wrong: carries every Problem     (exit 2)
    ├── SourceError             a watch list could not be read: an unknown, not an empty list
    │   └── FetchError          the same, from the network
    ├── OutputError             an artifact could not be rendered                      (exit 1)
    ├── PublishError            files could not be written                             (exit 1)
    └── BusyError               another run holds the data directory                   (exit 75)

A message says what, where, why and what to do next.
Only `run.py` isolates watches and events from each other; only `cli.py` prints errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong in a file of the dataset or in config.yaml.

    `line` and `column` count from 1, as editors do; 0 means that the file as a whole is meant.
    `path` names the place inside the document, such as `talks[3].length`.
    """

    file: str
    line: int = 0
    column: int = 0
    path: str = ""
    message: str

    def __str__(self) -> str:
        """Return `file:line:column: path: message`, the form that editors jump to."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return ": ".join(part for part in (place, self.path, self.message) if part)


class PipelineError(Exception):
    """Base of every error that the pipeline raises on purpose."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ConfigError(PipelineError):
    """config.yaml, a command-line option or the environment cannot be used as it is."""

    def __init__(self, message: str, *, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class DatasetError(PipelineError):
    """Files of one event (or of the whole dataset) are wrong; every problem is listed at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class ClockError(ConfigError):
    """The run's clock, as given by hand, stands before the newest stamp in the ledger."""


class SourceError(PipelineError):
    """A watch list could not be read or understood; what it shows is unknown, not empty."""


class FetchError(SourceError):
    """The network's share of SourceError.

    `status` is the HTTP status where there was an answer; `retry_after` is the moment (UTC)
    before which the server asked not to be called again.
    """

    def __init__(
        self, message: str, *, status: int | None = None, retry_after: datetime | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class OutputError(PipelineError):
    """A renderer could not turn a collection into an artifact."""


class PublishError(PipelineError):
    """Files could not be staged, renamed or removed."""


class BusyError(PipelineError):
    """Another run holds the data directory."""
