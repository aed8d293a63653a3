"""An entry of `notify:` or `mail.to:` as people write it in config.yaml.

Only describes and builds it; whether its kind takes its options is the delivery's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ConfigDict, Field

from pipeline.errors import Problem
from pipeline.model import DeliveryOptions, MergeTags
from pipeline.written.filemodel import FileModel, Id, Line
from pipeline.written.yamltext import Document, Path_


class TargetFile(FileModel):
    """Where something is told; keys not named here belong to the kind (docs/delivery.md)."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)
    __pydantic_extra__: dict[str, Line | int | dict[str, Line]]

    kind: Line
    id: Id | None = Field(
        None, description="A name for it, where two are of one kind; the kind if absent."
    )


class NotifyFile(TargetFile):
    """Where the team is told; keys not named here belong to the kind (docs/delivery.md)."""

    kind: Line = Field(description="A kind of docs/delivery.md, such as webhook or smtp.")


class MailTargetFile(TargetFile):
    """Where mails go; keys not named here belong to the kind (docs/delivery.md)."""

    kind: Line = Field(description="A kind of docs/delivery.md.")
    target: MergeTags | None = Field(
        None,
        description="Whose merge tags are escaped, and whose unsubscribe tag is used: `plain`, "
        "`listmonk`, `buttondown` or `mailchimp`. If absent the kind, where it is one of these, "
        "else `plain`.",
    )
    auto: bool = Field(
        False, description="Send what is due without asking; otherwise a person approves it."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where the team is told; `place` is line and column in config.yaml, `number` its turn."""

    id: str
    kind: str
    options: DeliveryOptions
    number: int
    place: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTarget(Target):
    """Where mails go: whose merge tags they escape, and whether they go without being approved."""

    target: MergeTags = "plain"
    auto: bool = False


SharedOptions = Mapping[str, Mapping[str, str]]
"""By kind of delivery, options for each of its entries that does not say else."""


def build_targets(
    entries: Sequence[NotifyFile], document: Document, *, shared: SharedOptions
) -> tuple[tuple[Target, ...], tuple[Problem, ...]]:
    """Return the targets of `entries`, and what is wrong with them: two of one id."""
    made = tuple(
        Target(
            id=file.id or file.kind,
            kind=file.kind,
            options=_options(file, shared),
            number=number,
            place=document.place(("notify", number)),
        )
        for number, file in enumerate(entries)
    )
    return made, _twice(made, document, where=("notify",))


def build_mail_targets(
    entries: Sequence[MailTargetFile], document: Document, *, shared: SharedOptions
) -> tuple[tuple[MailTarget, ...], tuple[Problem, ...]]:
    """Return the mail targets of `entries`, and what is wrong with them: two of one id."""
    made = tuple(
        MailTarget(
            id=file.id or file.kind,
            kind=file.kind,
            options=_options(file, shared),
            number=number,
            place=document.place(("mail", "to", number)),
            target=file.target or _OWN_TAGS.get(file.kind, "plain"),
            auto=file.auto,
        )
        for number, file in enumerate(entries)
    )
    return made, _twice(made, document, where=("mail", "to"))


_OWN_TAGS: Mapping[str, MergeTags] = {"listmonk": "listmonk", "buttondown": "buttondown"}


def _options(file: TargetFile, shared: SharedOptions) -> DeliveryOptions:
    own = {key: str(one) if isinstance(one, int) else one for key, one in _extra(file)}
    return {**shared.get(file.kind, {}), **own}


def _extra(file: TargetFile) -> Iterable[tuple[str, str | int | dict[str, str]]]:
    return (file.model_extra or {}).items()


def _twice(made: Sequence[Target], document: Document, *, where: Path_) -> tuple[Problem, ...]:
    ids = [one.id for one in made]
    return tuple(
        document.problem(
            (*where, number),
            f"the id {name!r} is there twice; give one of them an `id:` of its own",
        )
        for number, name in enumerate(ids)
        if name in ids[:number]
    )
