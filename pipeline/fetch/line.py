"""The line of one call: its time limit, the socket that it uses and the addresses it may reach.

Turns what goes wrong below into FetchError, in words. Must not know of redirects, of bodies or
of conditional requests.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import HTTPError

from pipeline.errors import FetchError
from pipeline.fetch.traffic import Watchdog
from pipeline.text import clean, mask

# RFC 6052, 2.1: the prefix behind which a translator (NAT64) shows the IPv4 internet.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# What requests documents, and what it is known to let through from below.
_FAILURES = (requests.RequestException, HTTPError, OSError, ValueError)


def is_public(address: str) -> bool:
    """Return whether an IP address belongs to the open internet.

    False for private, loopback, link-local, shared (RFC 6598), multicast and reserved ones. An
    IPv6 address that only wraps an IPv4 one (mapped, 6to4, Teredo, NAT64) is as public as that.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _wrapped(ip)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def _wrapped(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


class Line:
    """The time limit of the running call, and a grip on the socket that it uses.

    `timeout=` of requests bounds each read of a socket, not their sum: a server that sends one
    byte now and then holds a call for ever. So a watchdog shuts the connection down at the limit,
    through a duplicate of its descriptor, which works during the handshake, the head and the
    body alike.
    """

    def __init__(self, *, timeout_s: float, allow_private: bool, watchdog: Watchdog) -> None:
        self.where = ""
        self._deed = "fetched"
        self._watchdog = watchdog
        self._timeout_s = timeout_s
        self._allow_private = allow_private
        self._end = 0.0
        self._cut = False
        self._grip: socket.socket | None = None
        self._lock = threading.Lock()

    @contextmanager
    def call(self, url: str, *, name: str | None = None, deed: str = "fetched") -> Iterator[None]:
        """Run one call, redirects included, within the limit.

        Errors call the address `name`, where it is given, and say that it could not be `deed`.
        """
        self.where = name or mask(url)
        self._deed = deed
        self._cut = False
        self._end = time.monotonic() + self._timeout_s
        try:
            with self._watchdog.watching(self._end, self._hang_up):
                yield
        finally:
            self._release()

    def remaining_s(self) -> float:
        """Return the seconds that are left; raises FetchError where there are none."""
        left = self._end - time.monotonic()
        if self._cut or left <= 0:
            raise self._late()
        return left

    def dial(self, host: str, port: int) -> socket.socket:
        """Connect to `host`; only addresses that were judged are ever connected to.

        The judgement is of the very address that is handed to the kernel, never of a look-up of
        its own that a name server could answer differently, and comes before the first packet.
        """
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise self.refusal(
                f"the name {host} cannot be resolved",
                "check the address, and that this machine is online",
            ) from error
        allowed = [row for row in rows if self._allow_private or is_public(str(row[4][0]))]
        if not allowed:
            raise self.refusal(
                f"{host} leads to {rows[0][4][0]}, which is not on the public internet",
                "use a public address, or set `fetch: {private_addresses: true}` in config.yaml",
            )
        failure: OSError | None = None
        for family, kind, protocol, _, address in allowed:
            sock = socket.socket(family, kind, protocol)
            try:
                self._connect(sock, address)
            except OSError as error:
                sock.close()
                failure = error
            except FetchError:
                sock.close()
                raise
            else:
                return sock
        raise self.failure(failure or OSError()) from failure

    def _connect(self, sock: socket.socket, address: tuple[object, ...]) -> None:
        sock.settimeout(self.remaining_s())
        sock.connect(address)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.hold(sock)

    def hold(self, sock: socket.socket) -> None:
        """Keep a grip on `sock` until the call ends."""
        self._release()
        with self._lock:
            if self._cut:
                raise self._late()
            self._grip = socket.fromfd(sock.fileno(), sock.family, sock.type)

    def _release(self) -> None:
        with self._lock:
            if self._grip is not None:
                self._grip.close()
                self._grip = None

    def _hang_up(self) -> None:
        with self._lock:
            self._cut = True
            if self._grip is not None:
                try:
                    self._grip.shutdown(socket.SHUT_RDWR)
                except OSError:
                    # The other side was faster; the reader sees its end of the connection.
                    return

    @contextmanager
    def translating(self) -> Iterator[None]:
        """Turn the errors of requests and of what lies below into FetchError."""
        try:
            yield
        except _FAILURES as error:
            # The errors of requests hold the whole address; only their root may be chained.
            raise self.failure(error) from _root(error)

    def refusal(
        self,
        why: str,
        advice: str,
        *,
        status: int | None = None,
        retry_after: datetime | None = None,
    ) -> FetchError:
        """Return the error that says why `where` was not fetched and what to do."""
        return FetchError(
            f"{self.where} could not be {self._deed}: {clean(why)}; {advice}",
            status=status,
            retry_after=retry_after,
        )

    def failure(self, error: BaseException) -> FetchError:
        """Return the error that says in our words what went wrong below."""
        root = _root(error)
        if self._cut or time.monotonic() >= self._end or _is_timeout(error, root):
            return self._late()
        if isinstance(root, ssl.SSLError):
            detail = getattr(root, "verify_message", "") or root.reason or "no agreement"
            return self.refusal(
                f"the secure connection failed ({detail})", "the server's certificate needs care"
            )
        if isinstance(error, requests.exceptions.ContentDecodingError):
            return self.refusal(
                "its compressed body cannot be unpacked", "the next look may succeed"
            )
        if isinstance(error, requests.exceptions.ChunkedEncodingError):
            return self.refusal("the answer broke off", "the next look may succeed")
        if isinstance(error, (requests.exceptions.InvalidURL, ValueError)):
            return self.refusal(
                "it is not a usable http or https address",
                "paste it from the browser's address bar",
            )
        detail = (root.strerror if isinstance(root, OSError) else None) or "it was closed"
        return self.refusal(
            f"the connection failed ({detail})", "check that the server runs and can be reached"
        )

    def _late(self) -> FetchError:
        return self.refusal(
            f"there was no whole answer within {self._timeout_s:g} seconds",
            "the server is slow; the next look may succeed",
        )


def _is_timeout(error: BaseException, root: BaseException | None) -> bool:
    return isinstance(error, requests.Timeout) or isinstance(root, TimeoutError)


def _root(error: BaseException) -> BaseException | None:
    """Return the system's or TLS library's error beneath those of requests and urllib3."""
    seen: list[BaseException] = []
    todo: list[object] = [error]
    while todo:
        one = todo.pop(0)
        if not isinstance(one, BaseException) or one in seen:
            continue
        if isinstance(one, OSError) and not isinstance(one, requests.RequestException):
            return one
        seen.append(one)
        todo += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
    return None


class _Connection(HTTPConnection):
    def __init__(self, *args: Any, line: Line, **more: Any) -> None:
        super().__init__(*args, **more)
        self.line = line

    def _new_conn(self) -> socket.socket:
        return self.line.dial(self.host, self.port or 80)

    def putrequest(
        self, method: str, url: str, skip_host: bool = False, skip_accept_encoding: bool = False
    ) -> None:
        if self.sock is not None:
            self.line.hold(self.sock)
        super().putrequest(method, url, skip_host, skip_accept_encoding)


class _SecureConnection(_Connection, HTTPSConnection):
    """The same over TLS."""


class Adapter(HTTPAdapter):
    """Gives every connection pool connections that dial through `line`.

    `roots` returns the TLS settings with the trusted roots.
    """

    def __init__(self, line: Line, *, roots: Callable[[], ssl.SSLContext]) -> None:
        self._line = line
        self._roots = roots
        super().__init__(max_retries=0)

    def cert_verify(self, conn: object, url: str, verify: object, cert: object) -> None:
        """Leave the connection as it is: its TLS settings verify by the roots they were given.

        The base class lets each connection read the file of roots again, which takes 30 ms.
        """

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: bool | str | None,
        proxies: Mapping[str, str] | None = None,
        cert: tuple[str, str] | str | None = None,
    ) -> HTTPConnectionPool:
        """Return the pool for `request`, told to connect through the line and by our roots."""
        pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
        assert isinstance(pool, HTTPConnectionPool)  # noqa: S101  # narrows the stubs' base class
        secure = pool.scheme == "https"
        if secure:
            pool.conn_kw["ssl_context"] = self._roots()
        kind = partial(_SecureConnection if secure else _Connection, line=self._line)
        pool.ConnectionCls = kind  # type: ignore[assignment]  # it is only ever called
        return pool
