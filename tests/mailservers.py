"""Mail servers on 127.0.0.1: a real one (aiosmtpd), and one that behaves as badly as asked."""

from __future__ import annotations

import asyncio
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from pipeline.delivery._smtp import Waits
from pipeline.delivery.smtp import SmtpDelivery
from tests.builders import no_secret
from tests.fetch.test_tls import CERTIFICATE, KEY

USER, PASSWORD = "ada@example.org", "hush-pört"  # invented
IMPATIENT = Waits(connect_s=5.0, command_s=5.0, answer_s=0.2)
"""For servers that never answer."""


def no_connection() -> Any:
    raise AssertionError("this kind speaks no HTTP")


def smtp(
    port: int,
    *,
    password: str | None = None,
    waits: Waits | None = None,
    sender: str = "",
    **options: str,
) -> SmtpDelivery:
    given = {
        "from": sender,
        "host": "127.0.0.1",
        "port": str(port),
        "tls": "none",
        "to": "list@example.org",
    }
    secrets = {"RECAP_SMTP_PASSWORD": password}
    return SmtpDelivery(
        {key: value for key, value in {**given, **options}.items() if value},
        secret=secrets.get if password else no_secret,
        connect=no_connection,
        waits=waits,
    )


@dataclass(slots=True)
class Arrived:
    """A mail as a server has it."""

    sender: str
    recipients: tuple[str, ...]
    body: bytes


@dataclass  # without slots: aiosmtpd inspects it, and Python 3.11.2 stumbles over theirs
class Inbox:
    """What the real server got; `refusals` are its answers by recipient, `mail` to MAIL."""

    port: int = 0
    arrived: list[Arrived] = field(default_factory=list)
    connections: int = 0
    refusals: dict[str, str] = field(default_factory=dict)
    answer_s: float = 0.0
    open: set[int] = field(default_factory=set)
    is_quiet: threading.Event = field(default_factory=threading.Event)

    async def handle_EHLO(  # noqa: N802  # aiosmtpd's name and arguments
        self, server: SMTP, session: Session, envelope: Envelope, name: str, offers: list[str]
    ) -> list[str]:
        del server, envelope
        session.host_name = name
        # STARTTLS makes a second greeting on one connection.
        self.connections += session.ssl is None
        return offers

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name and arguments
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del server, session
        assert isinstance(envelope.content, bytes)
        self.arrived.append(
            Arrived(envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.content)
        )
        if self.answer_s:
            # As long as a server takes to store a mail: it is in the inbox, the answer is not out.
            await asyncio.sleep(self.answer_s)
        return "250 2.0.0 taken"

    def ids(self) -> list[str]:
        """Return the Message-ID of each mail, in the order in which they came."""
        return [
            line.partition(b":")[2].strip().decode()
            for one in self.arrived
            for line in one.body.splitlines()
            if line.lower().startswith(b"message-id:")
        ]


class _Smtp(SMTP):
    """One that says whether anybody is connected: what a dead client has sent is still read."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.event_handler.open.add(id(self))
        self.event_handler.is_quiet.clear()

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.event_handler.open.discard(id(self))
        if not self.event_handler.open:
            self.event_handler.is_quiet.set()


class _Controller(Controller):
    """One that finds a free port by itself."""

    def factory(self) -> SMTP:
        return _Smtp(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd has none


def _check(server: SMTP, session: Session, envelope: Envelope, how: str, data: Any) -> AuthResult:
    del server, session, envelope, how
    assert isinstance(data, LoginPassword)
    return AuthResult(
        success=data == LoginPassword(USER.encode(), PASSWORD.encode()), handled=False
    )


def certificate(folder: Path) -> ssl.SSLContext:
    """Return the context of a server called localhost."""
    (folder / "both.pem").write_text(CERTIFICATE + KEY)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context


@contextmanager
def inbox(
    *, starttls: ssl.SSLContext | None = None, login: bool = False, **options: Any
) -> Iterator[Inbox]:
    """Serve with aiosmtpd; `login` asks for USER and PASSWORD."""
    made = Inbox()
    if login:
        options |= {
            "auth_required": True,
            "auth_require_tls": starttls is not None,
            "authenticator": _check,
        }
    controller = _Controller(
        made,
        hostname="127.0.0.1",
        port=0,
        server_hostname="mx.example.org",
        tls_context=starttls,
        require_starttls=starttls is not None,
        **options,
    )
    controller.start()
    made.port = controller.port
    try:
        yield made
    finally:
        controller.stop()


CLOSE = b""
HANG = b"..."


class Stage(socketserver.ThreadingTCPServer):
    """A server that plays a script: `lines` are its answers by command, the first ones first.

    Commands are the first word of a line, `HELLO` for the greeting and `.` for the final dot; the
    last answer stays. CLOSE hangs up, HANG never answers.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, lines: dict[str, list[bytes]]) -> None:
        super().__init__(("127.0.0.1", 0), _Player)
        self.lines = {
            "HELLO": [b"220 stage.example.org"],
            "EHLO": [b"250-stage.example.org\r\n250 AUTH LOGIN"],
            "DATA": [b"354 go on"],
            "QUIT": [b"221 bye"],
            **lines,
        }
        self.heard: list[str] = []
        self.ended: list[bytes] = []
        self.stopping = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def answer(self, command: str) -> bytes:
        left = self.lines.get(command, [b"250 OK"])
        return left.pop(0) if len(left) > 1 else left[0]


class _Player(socketserver.StreamRequestHandler):
    server: Stage

    def handle(self) -> None:
        if not self._say("HELLO"):
            return
        while line := self.rfile.readline():
            command, _, rest = line.decode().strip().partition(" ")
            command = command.upper()
            self.server.heard.append(f"{command} {rest}".strip())
            answer = self._say(command)
            if not answer or command == "QUIT":
                return
            if command == "DATA" and answer.startswith(b"3") and not self._take():
                return

    def _take(self) -> bytes:
        body = b""
        while not body.endswith(b"\r\n.\r\n"):
            line = self.rfile.readline()
            if not line:
                return CLOSE
            body += line
        self.server.ended.append(body)
        return self._say(".")

    def _say(self, command: str) -> bytes:
        answer = self.server.answer(command)
        if answer == HANG:
            self.server.stopping.wait(10)
            return CLOSE
        if answer != CLOSE:
            self.wfile.write(answer + b"\r\n")
        return answer


@contextmanager
def stage(**lines: list[bytes]) -> Iterator[Stage]:
    """Serve a script; `DOT` stands for the final dot."""
    named = {("." if name == "DOT" else name): answers for name, answers in lines.items()}
    with Stage(named) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.stopping.set()
            server.shutdown()
            thread.join()
