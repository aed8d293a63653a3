"""How many requests a second the server answers, beside nginx on the same machine.

Run as `python -m benchmarks.serving FOLDER`, where FOLDER is a recap's; needs wrk and nginx. One
process of each serves the same feeds/atom.xml on loopback, one after the other; the figures are
for their ratio, for the machine is shared with whatever else runs on it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

SECONDS = 8
CONNECTIONS = 16
PATIENCE_S = 30.0

NGINX = """\
worker_processes 1;
daemon off;
pid {work}/nginx.pid;
error_log {work}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {work}/a; proxy_temp_path {work}/b; fastcgi_temp_path {work}/c;
    uwsgi_temp_path {work}/d; scgi_temp_path {work}/e;
    types {{ application/atom+xml xml; }}
    sendfile on;
    keepalive_requests 1000000;
    gzip on; gzip_types application/atom+xml;
    add_header Cache-Control "public, max-age=900";
    server {{ listen 127.0.0.1:{port}; root {feeds}; }}
}}
"""


def main() -> None:
    """Measure both servers and print a table in Markdown."""
    root = Path(sys.argv[1]).resolve()
    recap = [sys.executable, "-m", "pipeline"]
    subprocess.run([*recap, "publish", "-q", "-C", str(root)], check=True)
    size = (root / "feeds" / "atom.xml").stat().st_size
    print(f"atom.xml of {size / 1000:.0f} kB; {CONNECTIONS} connections, {SECONDS} s a row")
    with tempfile.TemporaryDirectory() as work:
        conf = Path(work) / "nginx.conf"
        conf.write_text(NGINX.format(work=work, port=8481, feeds=root / "feeds"), encoding="utf-8")
        with running(["nginx", "-c", str(conf)], "http://127.0.0.1:8481/atom.xml"):
            nginx = rows("http://127.0.0.1:8481/atom.xml")
    serve = [*recap, "serve", "-q", "--tick", "3600", "--port", "8482", "-C", str(root)]
    with running(serve, "http://127.0.0.1:8482/atom.xml"):
        ours = rows("http://127.0.0.1:8482/atom.xml")
    print("| | nginx, requests a second | recap serve | ratio | slowest of 100, recap serve |")
    print("|---|---|---|---|---|")
    for (name, theirs, _), (_, mine, slow) in zip(nginx, ours, strict=True):
        print(f"| {name} | {theirs:,.0f} | {mine:,.0f} | {mine / theirs:.3f} | {slow} |")


@contextmanager
def running(command: list[str], address: str) -> Iterator[None]:
    """Run a server for as long as the context lasts, from when it answers."""
    process = subprocess.Popen(command)
    try:
        pause, end = threading.Event(), time.monotonic() + PATIENCE_S
        while not answers(address):
            if time.monotonic() > end or process.poll() is not None:
                raise SystemExit(f"{command[0]} does not answer at {address}")
            pause.wait(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


def answers(address: str) -> bool:
    """Tell whether a server gives the file out."""
    try:
        return requests.get(address, timeout=PATIENCE_S).status_code == 200
    except requests.ConnectionError:
        return False


def rows(address: str) -> list[tuple[str, float, str]]:
    """Return what is asked, how often a second it was answered, and the slowest of a hundred."""
    plain = {"Accept-Encoding": "identity"}
    etag = requests.get(address, headers=plain, timeout=PATIENCE_S).headers["etag"]
    return [
        ("the feed", *hit(address)),
        ("with gzip", *hit(address, "Accept-Encoding: gzip")),
        ("with If-None-Match (304)", *hit(address, f"If-None-Match: {etag}")),
    ]


def hit(address: str, *headers: str) -> tuple[float, str]:
    """Return wrk's requests a second, and the time within which 99 of 100 were answered."""
    given = [part for header in headers for part in ("-H", header)]
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", *given, address]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", out)
    slow = re.search(r"99%\s+(\S+)", out)
    if rate is None or slow is None or ("Non-2xx" in out and "If-None-Match" not in str(headers)):
        raise SystemExit(f"wrk says:\n{out}")
    return float(rate[1]), slow[1]


if __name__ == "__main__":
    main()
