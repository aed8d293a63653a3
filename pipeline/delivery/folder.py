"""`folder`: mails as files, for a person or another program to take up.

A file is named by the message, so sending twice makes one file. Must not send by any network.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from pipeline.delivery._addresses import parse_own
from pipeline.delivery._plain import own_mail
from pipeline.errors import ConfigError, OutputError, PublishError
from pipeline.files import disk
from pipeline.model import Connect, DeliveryOptions, Mark, Message, Receipt, Secret

OPTIONS = ("path", "format", "from", "to")

FORMATS = ("eml", "maildir")

NOBODY = "nobody@localhost.invalid"
"""Who a mail comes from and goes to where neither it nor the options say (RFC 2606, 2)."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9@._+-]{0,127}\Z")


class FolderDelivery:
    """Writes each mail into the folder `path`. Raises ConfigError where the options are wrong."""

    paths = ("path",)
    """Options that name files; relative ones start at the folder of config.yaml."""

    def __init__(self, options: DeliveryOptions, *, secret: Secret, connect: Connect) -> None:
        del secret, connect  # a folder needs neither
        unknown = [key for key in options if key not in OPTIONS]
        if unknown:
            raise ConfigError(f"a folder has no option {unknown[0]!r}; it has {', '.join(OPTIONS)}")
        found = {key: _text(options, key) for key in OPTIONS}
        self._format = found["format"] or FORMATS[0]
        if not found["path"]:
            raise ConfigError("a folder needs `path:`, where its files are written")
        if self._format not in FORMATS:
            raise ConfigError(
                f"`format:` of a folder is {' or '.join(FORMATS)}, not {self._format!r}"
            )
        self._folder = Path(found["path"])
        self._sender = _address(found["from"], "from")
        self._to = _address(found["to"], "to")

    def recipients(self) -> tuple[str, ...]:
        """Return the address that mails are made out to; empty where none is named."""
        return (self._to,) if self._to else ()

    def send(self, message: Message, mark: Mark) -> Receipt:
        """Write `message`; one that is there already is left alone.

        Nothing is marked: after a crash it is simply written again, and makes no second file.
        """
        del mark
        recipient = message.recipient or self._to or NOBODY
        name = _name(message.id)
        try:
            body = message.raw
            if body is None:
                body = own_mail(message, sender=self._sender or NOBODY, recipient=recipient)
            if self._format == "maildir":
                deliver(self._folder, name=name, body=body)
            else:
                disk.replace(self._folder / f"{name}.eml", body)
        except OutputError as error:
            return Receipt(result="failed", detail=error.message)
        except PublishError as error:
            return Receipt(result="retry", detail=error.message)
        return Receipt(result="sent")


def deliver(maildir: Path, *, name: str, body: bytes) -> bool:
    """Put a mail into a Maildir (cr.yp.to/proto/maildir.html); return False where it is there.

    One that was read meanwhile is in `cur`, with flags after its name. Line ends are those of the
    system, as in every Maildir. Raises PublishError, and nothing new is seen, when the system
    refuses.
    """
    with disk.explained(maildir, "the mail cannot be written", "free space or mend the rights"):
        for part in ("tmp", "new", "cur"):
            (maildir / part).mkdir(parents=True, exist_ok=True)
        found = (path.name.partition(":")[0] for path in (maildir / "cur").iterdir())
        if (maildir / "new" / name).exists() or name in found:
            return False
        draft = maildir / "tmp" / name
        # What a process that died has left there was never seen by anybody.
        draft.unlink(missing_ok=True)
        disk.write(draft, (body.replace(b"\r\n", b"\n"),))
        draft.replace(maildir / "new" / name)
        disk.sync(maildir / "new")
    return True


def _name(message_id: str) -> str:
    """Return a file name for a message's id, always the same and never one with a meaning."""
    bare = message_id.strip("<>")
    return bare if _NAME.match(bare) else hashlib.sha256(bare.encode()).hexdigest()[:32]


def _address(written: str, key: str) -> str:
    try:
        return parse_own(written) if written else ""
    except ConfigError as error:
        raise ConfigError(f"`{key}:` of a folder, {written!r}: {error.message}") from error


def _text(options: DeliveryOptions, key: str) -> str:
    value = options.get(key, "")
    if not isinstance(value, str):
        raise ConfigError(f"`{key}:` of a folder is text; write it in one line")
    return value
