"""`smtp`: mails by a mail server, to one address or to each recipient of a file.

Takes finished mails, and makes a plain one of a message that has none. Must not remember what was
sent: that is for who asks it to send.
"""

from __future__ import annotations

import re
from email.message import Message as Parsed
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Self

from pipeline.delivery._addresses import parse_address, parse_own, parse_recipients
from pipeline.delivery._plain import own_mail
from pipeline.delivery._smtp import Account, Connection, LostError, Tls, UnusableError, Waits
from pipeline.errors import ConfigError, OutputError
from pipeline.model import Connect, DeliveryOptions, Mark, Message, Receipt, Secret

OPTIONS = ("host", "port", "tls", "user", "secret", "from", "to", "recipients")

SECRET = "RECAP_SMTP_PASSWORD"  # noqa: S105  # its name
"""The secret that holds the password, unless `secret:` names another."""

PORTS: dict[Tls, int] = {"starttls": 587, "tls": 465, "none": 25}
"""The port if none is named (RFC 6409, RFC 8314)."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_HOST = re.compile(r"[A-Za-z0-9.:_-]+\Z")


class SmtpDelivery:
    """Hands mails to the server `host`. Raises ConfigError where the options are wrong.

    Each mail has a connection of its own; in a `with` they share one.
    """

    paths = ("recipients",)
    """Options that name files; relative ones start at the folder of config.yaml."""

    def __init__(
        self,
        options: DeliveryOptions,
        *,
        secret: Secret,
        connect: Connect,
        waits: Waits | None = None,
    ) -> None:
        del connect  # that one is for HTTP
        _known(options)
        self._host = _host(options)
        self._tls = _tls(options)
        self._port = _port(options) or PORTS[self._tls]
        self._user = _text(options, "user")
        self._name = _text(options, "secret") or SECRET
        self._sender = _address(options, "from")
        self._to = _address(options, "to")
        self._path = _text(options, "recipients")
        self._secret = secret
        self._waits = waits or Waits()
        self._connection: Connection | None = None
        self._keeps = False
        self._down: Receipt | None = None
        self._check()

    def __enter__(self) -> Self:
        """Keep the connection from one mail to the next."""
        self._keeps = True
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._keeps = False
        self._down = None
        self._close()

    def recipients(self) -> tuple[str, ...]:
        """Return the bare addresses that mails go to, each once.

        Raises ConfigError where the file of recipients cannot be read or is wrong.
        """
        if self._to:
            return (self._to,)
        try:
            body = Path(self._path).read_bytes()
        except OSError as error:
            raise ConfigError(
                f"{self._path}, the file of recipients, cannot be read ({error.strerror}); make "
                "it, or name another under `recipients:`"
            ) from error
        return parse_recipients(body, where=self._path)

    def check(self) -> str:
        """Greet the server as for a mail, and log in; return what is wrong, empty where nothing is.

        Nothing is sent. Raises ConfigError as `send` does.
        """
        self.recipients()
        try:
            Connection(self._account(), self._waits).close()
        except UnusableError as error:
            return f"{self._host}:{self._port}: {error}"
        return ""

    def send(self, message: Message, mark: Mark) -> Receipt:
        """Send `message` once, to its recipient, or to the only one there is."""
        try:
            recipient = parse_address(message.recipient) if message.recipient else ""
        except ConfigError as error:
            return Receipt(result="failed", detail=f"the recipient: {error.message}")
        recipient = recipient or self._only()
        body = message.raw
        if body is None:
            sender = self._from(None)
            try:
                body = own_mail(message, sender=sender, recipient=recipient)
            except OutputError as error:
                return Receipt(result="failed", detail=error.message)
        else:
            sender = self._from(BytesHeaderParser(policy=compat32).parsebytes(body))
        try:
            return self._send(sender=sender, recipient=recipient, body=body, mark=mark)
        finally:
            if not self._keeps:
                self._close()

    def _send(self, *, sender: str, recipient: str, body: bytes, mark: Mark) -> Receipt:
        last = self._connection
        if last and last.is_open:
            try:
                return last.hand_over(sender=sender, recipient=recipient, body=body, mark=mark)
            except LostError:
                # Servers close connections that served for long; a new one is tried at once.
                self._connection = None
        if self._down:
            return self._down
        try:
            made = self._connection = Connection(self._account(), self._waits)
        except UnusableError as error:
            receipt = Receipt(result="retry", detail=f"{self._host}:{self._port}: {error}")
            if self._keeps:
                # The next recipients would fare alike, and a server locks out who knocks too often.
                self._down = receipt
            return receipt
        try:
            return made.hand_over(sender=sender, recipient=recipient, body=body, mark=mark)
        except LostError as error:
            return Receipt(result="retry", detail=f"{self._host}:{self._port}: {error}")

    def _account(self) -> Account:
        password = None
        if self._user:
            password = self._secret(self._name)
            if not password:
                raise ConfigError(
                    f"the secret {self._name} is not set; set {self._name}, or {self._name}_FILE "
                    "with the path of a file, in the environment"
                )
        return Account(
            host=self._host, port=self._port, tls=self._tls, user=self._user, password=password
        )

    def _only(self) -> str:
        found = self.recipients()
        if len(found) > 1:
            raise ConfigError(
                "a message to the team goes to one address; name it under `to:` instead of a "
                "file of `recipients:`"
            )
        return found[0]

    def _from(self, headers: Parsed | None) -> str:
        """Return the sender for the envelope, to which bounces go; `headers` are a mail's own."""
        if headers is not None and self._path and "List-Unsubscribe" not in headers:
            raise ConfigError(
                "mails to a file of recipients need a way out; write `unsubscribe:` under `mail:`"
            )
        sender = self._sender
        if not sender and headers is not None:
            sender = parseaddr(str(headers["From"] or ""))[1]
        if not (sender or "@" in self._user):
            raise ConfigError("smtp needs `from:`, the address that mails come from")
        return parse_address(sender or self._user)

    def _close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _check(self) -> None:
        if bool(self._to) == bool(self._path):
            raise ConfigError(
                "smtp needs either `to:`, one address (of a mailing list, say), or "
                "`recipients:`, the path of a file with one address a line"
            )
        if self._tls == "none" and self._user and not _is_loopback(self._host):
            raise ConfigError(
                f"`tls: none` would send the password to {self._host} for all to read; use "
                "`starttls` or `tls`"
            )
        if not _NAME.match(self._name):
            # What stands here may be the secret itself, so it is not repeated.
            raise ConfigError(
                f"`secret:` of smtp is the name of an environment variable, such as {SECRET}, and "
                "never the password itself"
            )


def _known(options: DeliveryOptions) -> None:
    unknown = [key for key in options if key not in OPTIONS]
    if unknown == ["password"]:
        raise ConfigError(
            f"a password does not belong in config.yaml; set {SECRET} in the environment"
        )
    if unknown:
        raise ConfigError(f"smtp has no option {unknown[0]!r}; it has {', '.join(OPTIONS)}")


def _host(options: DeliveryOptions) -> str:
    host = _text(options, "host")
    if not _HOST.match(host):
        raise ConfigError("smtp needs `host:`, the name of the mail server, without its port")
    return host


def _tls(options: DeliveryOptions) -> Tls:
    value = _text(options, "tls") or "starttls"
    if value not in PORTS:
        raise ConfigError(f"`tls:` of smtp is {', '.join(PORTS)}; {value!r} is none of them")
    return value


def _port(options: DeliveryOptions) -> int:
    value = _text(options, "port")
    if value and not (value.isascii() and value.isdecimal() and 0 < int(value) < 65536):
        raise ConfigError(f"`port:` of smtp is a number from 1 to 65535, not {value!r}")
    return int(value or 0)


def _address(options: DeliveryOptions, key: str) -> str:
    value = _text(options, key)
    try:
        return parse_own(value) if value else ""
    except ConfigError as error:
        raise ConfigError(f"`{key}:` of smtp, {value!r}: {error.message}") from error


def _text(options: DeliveryOptions, key: str) -> str:
    value = options.get(key, "")
    if not isinstance(value, str):
        raise ConfigError(f"`{key}:` of smtp is text; write it in one line")
    return value


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
