"""The entries of `mail.to` as what sends or keeps drafts, and what is wrong with them."""

from __future__ import annotations

from pipeline import plugins
from pipeline.config import NAME, Config
from pipeline.errors import ConfigError, Problem
from pipeline.model import Connect, Delivery, DraftTool
from pipeline.written.targets import MailTarget

SERVER = "smtp"
"""The kind that takes mails to any address."""


def check(config: Config, *, connect: Connect) -> tuple[Problem, ...]:
    """Return what is wrong with the entries of `mail.to:`; nothing is sent."""
    found = []
    for target in config.mail_to:
        try:
            made(config, target, connect)
        except ConfigError as error:
            found.append(problem(target, error))
    return tuple(found)


def made(config: Config, target: MailTarget, connect: Connect) -> Delivery | DraftTool:
    """Return the delivery or tool of an entry; raises ConfigError where it is wrong."""
    kind = plugins.load("delivery", target.kind)
    options = plugins.anchored(kind, target.options, folder=config.root)
    found: Delivery | DraftTool = kind(options, secret=config.secret, connect=connect)
    if isinstance(found, DraftTool) and target.auto:
        raise ConfigError(
            f"`auto: true` means sending without asking, and {target.kind} only keeps drafts, "
            "which are made without asking anyway; leave it out"
        )
    needs_sender = hasattr(found, "recipients") and found.recipients()
    if needs_sender and config.mail.sender is None:
        raise ConfigError("mails need a sender; write `from:` under `mail:`")
    return found


def problem(target: MailTarget, error: ConfigError) -> Problem:
    """Return what is wrong with an entry of `mail.to`, and where."""
    line, column = target.place
    path = f"mail.to[{target.number}]"
    return Problem(file=NAME, line=line, column=column, path=path, message=error.message)


def mail_server(config: Config, connect: Connect) -> Delivery:
    """Return the first mail server under `mail.to`. Raises ConfigError where there is none."""
    for target in config.mail_to:
        kind = made(config, target, connect) if target.kind == SERVER else None
        if isinstance(kind, Delivery):
            return kind
    raise ConfigError(
        "no mail server is named under `mail.to`, and a test needs one; add an entry of kind "
        f"{SERVER} (docs/delivery.md), or open what `recap mail preview --as html` writes"
    )
