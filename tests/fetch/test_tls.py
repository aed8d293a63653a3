from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.fetch import HttpFetch, Traffic
from tests.builders import NOW
from tests.fetch.asking import refused
from tests.fetch.server import Server, answer

CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIULJIoXcQUKwsnFU5r0tDhAuFhK5EwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDE3NDkzNFoYDzIxMjYxMDMx
MTc0OTM0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATGZrCag4PrKgayzQN7DpFsojVGlceyni/xj5e3QJWJznL5dzZH+TQF
JmsBpb1plMASuthMoYRttFmW9+UH1dEZo28wbTAdBgNVHQ4EFgQUVadgl9zeNeq5
kTi9dzHKZpCTD4swHwYDVR0jBBgwFoAUVadgl9zeNeq5kTi9dzHKZpCTD4swDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgDTgeaKbhhC5zDPVBCd/mIyhyGNQvxrSH/QpluEo8TrECIA8N
ZfzrFsGb8aAWgQEFfblIskyYrKX72vbicuyw+EGE
-----END CERTIFICATE-----
"""
KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgkIz4QzWhyTAlpOHn
hEN6EpHoACeGZG91wabOjeJbNXuhRANCAATGZrCag4PrKgayzQN7DpFsojVGlcey
ni/xj5e3QJWJznL5dzZH+TQFJmsBpb1plMASuthMoYRttFmW9+UH1dEZ
-----END PRIVATE KEY-----
"""
"""Of localhost, by nobody; made for these tests and used nowhere else."""


@contextmanager
def secure(folder: Path) -> Iterator[str]:
    """Serve one list over TLS; yields its address."""
    (folder / "both.pem").write_text(CERTIFICATE + KEY)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    with Server() as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.routes["/list"] = answer(b"[1]")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"https://localhost:{server.server_address[1]}/list"
        finally:
            server.shutdown()
            thread.join()


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with secure(tmp_path) as url:
        error = refused(url, allow_private=True)
    assert "the secure connection failed (self-signed certificate)" in error.message


def test_a_certificate_is_judged_by_the_roots_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "roots.pem").write_text(CERTIFICATE)
    monkeypatch.setattr("certifi.where", lambda: str(tmp_path / "roots.pem"))
    traffic, bodies = Traffic(), []
    with secure(tmp_path) as url:
        for _ in range(2):
            with HttpFetch(now=NOW, allow_private=True, traffic=traffic) as fetch:
                bodies.append(fetch.get(url).body)
    traffic.close()
    assert bodies == [b"[1]", b"[1]"]
