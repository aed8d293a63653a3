"""One connection to a mail server (RFC 5321), on which several mails may leave, one by one.

The end of DATA is ours instead of smtplib's, which sends the final dot together with the text: here
`mark` stands between the two, so that what is stored says whether a mail may have arrived.
Must not know what the mails say, nor store anything.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass
from socket import AF_INET6
from typing import Literal

import certifi

from pipeline import text
from pipeline.delivery._addresses import on_the_wire
from pipeline.model import Mark, Receipt

Tls = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Seconds without a byte after which a server is taken for dead (RFC 5321, 4.5.3.2).

    `answer_s` is that for the answer to the final dot: giving up on it early makes duplicates.
    """

    connect_s: float = 30.0
    command_s: float = 300.0
    answer_s: float = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where mails are handed in; `password` is None where nobody has to log in."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str | None = None


class UnusableError(Exception):
    """The server cannot be reached or used, whatever mail it would be."""


class LostError(Exception):
    """The connection broke or made no sense, and nothing can have arrived."""


class Connection:
    """An open, encrypted and authenticated connection. Raises UnusableError where none is made."""

    def __init__(self, account: Account, waits: Waits) -> None:
        self._account = account
        self._waits = waits
        self._smtp = _connected(account, waits)
        self.is_used = False
        try:
            self._settle()
        except BaseException:
            self.drop()
            raise

    @property
    def is_open(self) -> bool:
        """Tell whether another mail may be tried on it."""
        return self._smtp.sock is not None

    def hand_over(self, *, sender: str, recipient: str, body: bytes, mark: Mark) -> Receipt:
        """Hand in one mail for one recipient; `mark` is called right before the final dot leaves.

        Raises LostError where the connection is of no use any more and nothing arrived. Whatever
        else is raised, by `mark` or by a signal, closes the connection as it stands: a server
        that has seen no final dot must not deliver (RFC 5321, 4.1.1.4).
        """
        try:
            receipt = self._begin(sender, recipient, body)
            if receipt is None:
                self._send(stuffed(body))
                mark()
                receipt = self._finish()
        except BaseException:
            self.drop()
            raise
        self.is_used = True
        return self._private(receipt, recipient)

    def close(self) -> None:
        """Say goodbye and close."""
        if self.is_open:
            # What was sent is settled by now; a server that does not say goodbye changes nothing.
            with suppress(smtplib.SMTPException, OSError):
                self._wait(self._waits.connect_s)
                self._smtp.quit()
        self.drop()

    def drop(self) -> None:
        """Close without a word."""
        self._smtp.close()

    def _settle(self) -> None:
        try:
            self._wait(self._waits.command_s)
            self._greet()
            if self._account.tls == "starttls":
                if not self._smtp.has_extn("starttls"):
                    raise UnusableError(
                        "it offers no encryption (STARTTLS); use its port for `tls: tls`, and "
                        "ask who runs it"
                    )
                self._smtp.starttls(context=_trust())
                self._greet()
            if self._account.password is not None:
                self._log_in(self._account.user, self._account.password)
        except smtplib.SMTPResponseException as error:
            raise UnusableError(
                f"it answered {_reply(error.smtp_code, error.smtp_error)}"
            ) from error
        except ssl.SSLError as error:
            raise UnusableError(_insecure(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise UnusableError(f"the connection broke ({_reason(error)})") from error

    def _greet(self) -> None:
        # An address literal (RFC 5321, 4.1.3) needs no look-up and tells no host's name.
        sock = self._smtp.sock
        if sock is not None:
            prefix = "IPv6:" if sock.family == AF_INET6 else ""
            self._smtp.local_hostname = f"[{prefix}{sock.getsockname()[0]}]"
        self._smtp.ehlo_or_helo_if_needed()

    def _log_in(self, user: str, password: str) -> None:
        """AUTH PLAIN (RFC 4616), else LOGIN; smtplib's own take ASCII only."""
        offered = self._smtp.esmtp_features.get("auth", "").upper().split()
        word = _base64(f"\0{user}\0{password}")
        if "PLAIN" in offered:
            code, answer = self._smtp.docmd("AUTH", f"PLAIN {word}")
        elif "LOGIN" in offered:
            code, answer = self._smtp.docmd("AUTH", f"LOGIN {_base64(user)}")
            if code == 334:
                code, answer = self._smtp.docmd(_base64(password))
        else:
            raise UnusableError(
                "it offers no login that is known here (PLAIN, LOGIN); leave out `user:` if it "
                "needs none, or use the port for encrypted connections"
            )
        if code != 235:
            said = _reply(code, answer, hide=(password, _base64(password), word))
            raise UnusableError(
                f"it did not let the user {user} in: {said}; check `user:` and the password"
            )

    def _begin(self, sender: str, recipient: str, body: bytes) -> Receipt | None:
        """Go as far as DATA; return a receipt where the server does not take this mail."""
        self._wait(self._waits.command_s)
        if self.is_used and self._ask("RSET")[0] >= 400:
            raise LostError("the mail server does not begin anew")
        sender, recipient = on_the_wire(sender), on_the_wire(recipient)
        options = []
        head = body.partition(b"\r\n\r\n")[0]
        is_international = not ((sender + recipient).isascii() and head.isascii())
        for name, is_needed, what in (
            ("SMTPUTF8", is_international, "addresses beyond ASCII (SMTPUTF8)"),
            ("BODY=8BITMIME", not body.isascii(), "mails beyond ASCII (8BITMIME)"),
        ):
            if is_needed:
                if not self._smtp.has_extn(name.removeprefix("BODY=")):
                    return Receipt(result="failed", detail=f"the mail server takes no {what}")
                options.append(name)
        self._smtp.command_encoding = "utf-8" if is_international else "ascii"
        code, answer = self._ask(" ".join((f"MAIL FROM:<{sender}>", *options)))
        if code >= 400:
            # It concerns every recipient alike, so it stops none of them for good.
            detail = f"the mail server did not take the sender: {_reply(code, answer)}"
            return Receipt(result="retry", detail=detail)
        for command, what in ((f"RCPT TO:<{recipient}>", "recipient"), ("DATA", "mail")):
            code, answer = self._ask(command)
            if code >= 400:
                return _refused(code, answer, what=what)
        return None

    def _finish(self) -> Receipt:
        """Send the final dot and wait for the answer; from here on nothing is certain without."""
        try:
            self._wait(self._waits.answer_s)
            self._smtp.send(b".\r\n")
            code, answer = self._smtp.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self.drop()
            detail = f"the mail server did not answer at the end ({_reason(error)})"
            return Receipt(result="unknown", detail=detail)
        if 200 <= code < 300:
            return Receipt(result="sent")
        if code == 421 or not 400 <= code < 600:
            self.drop()
        if 400 <= code < 600:
            return _refused(code, answer, what="mail")
        detail = f"the mail server's answer makes no sense: {_reply(code, answer)}"
        return Receipt(result="unknown", detail=detail)

    def _ask(self, command: str) -> tuple[int, bytes]:
        """Send a command; raises LostError for what is neither a yes nor a proper no."""
        self._send(f"{command}\r\n")
        try:
            code, answer = self._smtp.getreply()
        except smtplib.SMTPException as error:
            raise LostError(f"the connection broke ({_reason(error)})") from error
        wanted = 300 if command == "DATA" else 200
        if code == 421 or not (wanted <= code < wanted + 100 or 400 <= code < 600):
            raise LostError(f"the mail server closed: {_reply(code, answer)}")
        return code, answer

    def _send(self, data: str | bytes) -> None:
        try:
            self._smtp.send(data)
        except smtplib.SMTPException as error:
            raise LostError("the connection broke") from error

    def _wait(self, seconds: float) -> None:
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(seconds)

    def _private(self, receipt: Receipt, recipient: str) -> Receipt:
        """Leave the recipient's address out of the detail: warnings stand on public pages."""
        detail = receipt.detail
        for address in {recipient, on_the_wire(recipient)}:
            detail = re.sub(re.escape(address), "(the address)", detail, flags=re.IGNORECASE)
        return Receipt(result=receipt.result, detail=detail)


def stuffed(body: bytes) -> bytes:
    """Return a mail as DATA has it: CRLF line ends, a dot before each that begins a line
    (RFC 5321, 4.5.2), and a line end at its end; without the final dot.
    """
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", body)
    return re.sub(rb"(?m)^\.", b"..", lines if lines.endswith(b"\r\n") else lines + b"\r\n")


def _connected(account: Account, waits: Waits) -> smtplib.SMTP:
    try:
        # With a name for this machine smtplib looks up none; the real one follows in `_greet`.
        if account.tls == "tls":
            return smtplib.SMTP_SSL(
                account.host,
                account.port,
                local_hostname="localhost",
                timeout=waits.connect_s,
                context=_trust(),
            )
        return smtplib.SMTP(
            account.host, account.port, local_hostname="localhost", timeout=waits.connect_s
        )
    except smtplib.SMTPResponseException as error:
        raise UnusableError(f"it answered {_reply(error.smtp_code, error.smtp_error)}") from error
    except ssl.SSLError as error:
        raise UnusableError(_insecure(error)) from error
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise UnusableError(
            f"the connection failed ({_reason(error)}); check `host:` and `port:`"
        ) from error


def _trust() -> ssl.SSLContext:
    """Trust who this machine trusts, and who browsers do: a container may have no roots."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _refused(code: int, answer: bytes, *, what: str) -> Receipt:
    # 530 asks for a login (RFC 4954, 6), which concerns every recipient alike.
    passing = code < 500 or code == 530
    return Receipt(
        result="retry" if passing else "failed",
        detail=f"the mail server did not take the {what}: {_reply(code, answer)}",
    )


def _reply(code: int, answer: bytes | str, *, hide: tuple[str, ...] = ()) -> str:
    words = answer if isinstance(answer, str) else answer.decode("utf-8", "replace")
    for secret in hide:
        words = words.replace(secret, "***")
    return text.clean(f"{code} {words}" if code > 0 else words, limit=300)


def _reason(error: Exception) -> str:
    known = getattr(error, "strerror", None)
    return text.clean(str(known or error or type(error).__name__), limit=200)


def _insecure(error: ssl.SSLError) -> str:
    why = getattr(error, "verify_message", "") or error.reason or str(error)
    return (
        f"its encryption cannot be trusted ({text.clean(why, limit=200)}); check `host:`, `port:` "
        "and `tls:`, or have its certificate mended"
    )


def _base64(words: str) -> str:
    return b64encode(words.encode()).decode("ascii")
