"""/api: triggers and reports for other programs, described by /api/openapi.json.

Answers are the reports that the command line prints with `--json`. Must not know how a run is
done.
"""

from __future__ import annotations

import asyncio
from dataclasses import fields
from typing import Annotated, Any, get_type_hints

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, create_model
from starlette.responses import JSONResponse, Response

from pipeline import report
from pipeline.errors import BusyError, ConfigError, DatasetError, PipelineError, PublishError
from pipeline.model import RunReport, Want
from pipeline.service.runner import Stopped
from pipeline.web.guard import bearer, too_many
from pipeline.web.probes import HERE, health_json, open_state
from pipeline.web.triggers import KeyTaken, TooOften, Triggers

RETRY_S = 5

EventId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]


class Wish(BaseModel):
    """What a run is asked to do; with nothing said it looks at every list and publishes."""

    model_config = ConfigDict(extra="forbid", strict=True)

    events: list[EventId] = Field([], max_length=100, description="Ids of events; none for all.")
    dry_run: bool = Field(False, description="Write nothing; say what would change.")
    offline: bool = Field(False, description="Look at no list; decisions and edits still count.")
    due: bool = Field(False, description="Look only at lists whose time has come.")
    deliver: bool = Field(True, description="Send what is due; otherwise `recap deliver` will.")

    def want(self) -> Want:
        """Return it as a run takes it."""
        events = tuple(dict.fromkeys(self.events))
        return Want(
            events=events,
            dry_run=self.dry_run,
            offline=self.offline,
            due=self.due,
            deliver=self.deliver,
        )


class Refused(BaseModel):
    """Why a request came to nothing, and what to do next."""

    detail: str


class Past(BaseModel):
    """A run that is over; `report` holds ids and counts."""

    id: int
    started: str
    finished: str
    exit_code: int
    report: dict[str, Any]


class Runs(BaseModel):
    """Past runs, newest first."""

    runs: list[Past]


class Stands(BaseModel):
    """How things stand: the judgement, and `status.json`, which is empty before the first pass."""

    version: int
    health: str
    checked_at: str
    last_pass: str | None
    next_tick: str | None
    reasons: list[str]
    status: dict[str, Any]


Answer: type[BaseModel] = create_model(
    "Run",
    __doc__="What a run did, as `recap publish --json` prints it.",
    exit_code=(int, Field(description="0 fine, 1 a stage failed, 2 files are wrong, 3 a person.")),
    **{one.name: (get_type_hints(RunReport)[one.name], Field()) for one in fields(RunReport)},
)  # type: ignore[call-overload]  # its fields are those of the report, whatever they are

REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": Refused, "description": "The token is missing or wrong."},
    403: {"model": Refused, "description": "Only this machine itself may ask without a token."},
    429: {"model": Refused, "description": "Too often; Retry-After says when."},
}

router = APIRouter(prefix="/api", dependencies=[Depends(bearer)], responses=REFUSALS)


@router.post(
    "/publish",
    response_model=Answer,
    responses={
        400: {"model": Refused, "description": "The body is no JSON text."},
        409: {"model": Refused, "description": "Another run, or files that have to be mended."},
        413: {"model": Refused, "description": "The body is too large."},
        500: {"model": Refused, "description": "Files could not be written."},
        503: {"model": Refused, "description": "The server is ending."},
    },
)
async def publish(
    request: Request,
    wish: Wish | None = None,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            description="Calls with the same key are one run, also later.",
        ),
    ] = None,
) -> Response:
    """Run one pass and answer with its report.

    Calls that want the same while a run of it is under way join that run.
    """
    triggers: Triggers = request.app.state.triggers
    try:
        future = triggers.ask((wish or Wish()).want(), key=idempotency_key)
        # Shielded, because others may wait for the same run.
        made = await asyncio.shield(asyncio.wrap_future(future))
    except TooOften as error:
        raise too_many(error.wait_s, "too many runs") from error
    except KeyTaken as error:
        message = "the Idempotency-Key was given before, for another wish; take a new one"
        raise HTTPException(409, message) from error
    except Stopped as error:
        raise _later(503, "the server is ending; ask the next one") from error
    except BusyError as error:
        raise _later(409, error.message) from error
    except (ConfigError, DatasetError) as error:
        raise HTTPException(409, error.message) from error
    except PipelineError as error:
        raise HTTPException(500, error.message) from error
    return JSONResponse(report.run_json(made))


@router.get(
    "/runs",
    response_model=Runs,
    responses={500: {"model": Refused, "description": "The state cannot be read."}},
)
def runs(standing: HERE, limit: Annotated[int, Query(ge=1, le=500)] = 20) -> Response:
    """Return the latest runs."""
    try:
        with open_state(standing.config()) as state:
            found = [report.plain(run) for run in state.runs(limit)]
    except PublishError as error:
        raise HTTPException(500, error.message) from error
    return JSONResponse({"runs": found})


@router.get("/status", response_model=Stands)
def status(standing: HERE) -> Response:
    """Return how things stand, with every reason."""
    judged = health_json(standing, standing.health(), known=True)
    return JSONResponse({**judged, "status": standing.status()})


def _later(status_code: int, message: str) -> HTTPException:
    return HTTPException(status_code, message, headers={"Retry-After": str(RETRY_S)})
