"""An entry of `notify:` as people write it in config.yaml.

Only describes and builds it; whether its kind takes its options is the delivery's to say.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ConfigDict, Field

from pipeline.errors import Problem
from pipeline.filemodel import FileModel, Id, Line
from pipeline.model import DeliveryOptions
from pipeline.yamltext import Document


class NotifyFile(FileModel):
    """Where the team is told; keys not named here belong to the kind (docs/delivery.md)."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)
    __pydantic_extra__: dict[str, Line | dict[str, Line]]

    kind: Line = Field(description="webhook")
    id: Id | None = Field(
        None, description="A name for it, where two are of one kind; the kind if absent."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where the team is told; `place` is line and column in config.yaml, `number` its turn."""

    id: str
    kind: str
    options: DeliveryOptions
    number: int
    place: tuple[int, int] = (0, 0)


def build_targets(
    entries: list[NotifyFile], document: Document
) -> tuple[tuple[Target, ...], tuple[Problem, ...]]:
    """Return the targets of `entries`, and what is wrong with them: two of one id."""
    made: list[Target] = []
    problems = []
    for number, file in enumerate(entries):
        name = file.id or file.kind
        if any(name == one.id for one in made):
            problems.append(
                document.problem(
                    ("notify", number),
                    f"the id {name!r} is there twice; give one of them an `id:` of its own",
                )
            )
        made.append(
            Target(
                id=name,
                kind=file.kind,
                options=dict(file.model_extra or {}),
                number=number,
                place=document.places["notify", number],
            )
        )
    return tuple(made), tuple(problems)
