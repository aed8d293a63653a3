"""The address the server is bound to, and uvicorn in a thread of its own.

Must not know what is served.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import threading
from collections.abc import Callable, Collection

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from pipeline.errors import ConfigError
from pipeline.web.guard import Door

LOG = logging.getLogger("recap.web")

END_S = 2
"""How long answers that are under way may take once the server is asked to end."""

MOST_AT_ONCE = 512
"""Connections that are answered at a time; beyond that it is 503 at once."""

REQUEST_S = 20.0
"""How long a client may take to send a request, from the first byte to the last."""

ANSWER_S = 30.0
"""How long a client may take no byte of an answer that waits for it."""


def bind(host: str, port: int) -> socket.socket:
    """Open the address for connections. Raises ConfigError where that cannot be."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, _, _, _, address = found[0]
        both = family == socket.AF_INET6 and host == "::" and socket.has_dualstack_ipv6()
        bound = socket.create_server(address, family=family, dualstack_ipv6=both)
        # asyncio sets it on sockets that name their protocol, and this one does not: a body that
        # comes after its head would wait 40 ms for the client's delayed acknowledgement.
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # of Linux (tcp(7)); connections take it over
            bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(ANSWER_S * 1000))
        return bound
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise ConfigError(
            f"{host}:{port} cannot be opened: {why}; give another --host or "
            "--port, or end what uses it"
        ) from error


def door_of(bound: socket.socket, *, host: str, names: Collection[str]) -> Door:
    """Return what an open address is called; it is open to others unless it is a loopback one."""
    address = ipaddress.ip_address(bound.getsockname()[0])
    return Door(
        host=host,
        open=not address.is_loopback,
        any_address=address.is_unspecified,
        names=names,
    )


def address_of(bound: socket.socket) -> str:
    """Return the address as people type it into a browser."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


class Punctual(H11Protocol):
    """HTTP whose clients are hung up on when a request is not there in time.

    uvicorn waits for ever for one that was begun, or that never begins; each takes one of the
    connections that are answered at a time, until nobody else is answered.
    """

    _overdue: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn
        """Expect a request from now on."""
        super().connection_made(transport)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing more."""
        self._forget()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Take what has arrived; what is not whole yet has to be before its time is over."""
        super().handle_events()
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self._expect()
        else:
            self._forget()

    def _expect(self) -> None:
        if self._overdue is None:
            self._overdue = self.loop.call_later(REQUEST_S, self.transport.close)

    def _forget(self) -> None:
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None


class Server:
    """Answers requests from when it is entered to when it is left; `failed` is told if it dies."""

    def __init__(self, app: ASGIApp, bound: socket.socket, *, failed: Callable[[], None]) -> None:
        self._bound = bound
        self._failed = failed
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http=Punctual,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,  # addresses of readers are nobody's business
                server_header=False,
                limit_concurrency=MOST_AT_ONCE,
                timeout_graceful_shutdown=END_S,
            )
        )
        self._thread = threading.Thread(target=self._run, name="recap-web", daemon=True)

    def __enter__(self) -> Server:
        """Start to answer."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take no more requests, and wait briefly for those that are under way."""
        self._server.should_exit = True
        self._thread.join(END_S + 1)
        self._bound.close()

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._bound])
        except Exception:
            LOG.exception("the server failed")
        if not self._server.should_exit:
            self._failed()
