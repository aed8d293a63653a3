"""Mails through Postfix, the mail server that most will have, to a Maildir of this machine."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.model import Message, Receipt
from tests.builders import NOW
from tests.fetch.test_tls import CERTIFICATE, KEY
from tests.mailservers import smtp

POSTFIX = shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
IS_REQUIRED = os.environ.get("RECAP_POSTFIX") == "required"

pytestmark = pytest.mark.skipif(
    not IS_REQUIRED and not (POSTFIX and os.geteuid() == 0),
    reason="Postfix is not installed, or only root may start it; .ci/run does both",
)

MAIN = """\
compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
maillog_file = {root}/log
maillog_file_prefixes = {root}
myhostname = mx.example.org
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
default_transport = error:nothing leaves this machine
virtual_mailbox_domains = example.org
virtual_mailbox_base = {root}/mail
virtual_mailbox_maps = inline:{{ {{ada@example.org = inbox/}}, {{jörg@example.org = inbox/}} }}
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
smtpd_tls_security_level = may
smtpd_tls_chain_files = {root}/both.pem
"""

MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""

RAW = (
    b"From: TeaConf <recaps@example.org>\r\nTo: list@example.org\r\nSubject: 2 out\r\n"
    b"Date: Tue, 20 May 2031 12:00:00 +0000\r\nMessage-ID: <1@example.org>\r\n\r\n"
    b"Tea.\r\n.\r\n..more\r\n" + b"x" * 990 + b"\r\n\r\nend\r\n"
)


@dataclass(frozen=True, slots=True)
class Postfix:
    port: int
    root: Path

    def arrived(self, count: int) -> list[bytes]:
        """Return the mails in the Maildir as soon as there are `count`."""
        pause = threading.Event()
        for _ in range(400):
            found = sorted((self.root / "mail" / "inbox" / "new").glob("*"))
            if len(found) >= count:
                return [path.read_bytes() for path in found]
            pause.wait(0.05)
        raise AssertionError((self.root / "log").read_text())


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture(scope="module")
def postfix() -> Iterator[Postfix]:
    assert POSTFIX, "RECAP_POSTFIX says that Postfix is there, and it is not"
    # Its processes run as other users, who may not enter the folders that pytest makes.
    root = Path(tempfile.mkdtemp(prefix="recap-postfix-"))
    root.chmod(0o755)
    made, nobody = Postfix(_free_port(), root), pwd.getpwnam("nobody")
    for name, owner in (
        ("etc", "root"),
        ("queue", "root"),
        ("data", "postfix"),
        ("mail", "nobody"),
    ):
        (root / name).mkdir()
        shutil.chown(root / name, owner)
    (root / "both.pem").write_text(KEY + CERTIFICATE)
    main = MAIN.format(root=root, uid=nobody.pw_uid, gid=nobody.pw_gid)
    (root / "etc" / "main.cf").write_text(main)
    (root / "etc" / "master.cf").write_text(MASTER.format(port=made.port))
    control = [POSTFIX, "-c", str(root / "etc")]
    subprocess.run([*control, "start"], check=True, capture_output=True)
    try:
        yield made
    finally:
        subprocess.run([*control, "stop"], check=True, capture_output=True)
        shutil.rmtree(root)


def nothing() -> None:
    """A Mark: nothing is stored."""


def to(recipient: str) -> Message:
    return Message(
        id=f"<{recipient}>", time=NOW, subject="2 out", text="", raw=RAW, recipient=recipient
    )


def test_mails_arrive_whole_and_a_stranger_stops_nobody(
    postfix: Postfix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "roots.pem").write_text(CERTIFICATE)
    monkeypatch.setattr("certifi.where", lambda: str(tmp_path / "roots.pem"))
    with smtp(postfix.port, tls="starttls") as made:
        receipts = [
            made.send(to(f"{name}@example.org"), nothing) for name in ("ada", "eve", "jörg")
        ]
    assert [receipt.result for receipt in receipts] == ["sent", "failed", "sent"]
    assert "550 5.1.1 <(the address)>: Recipient address rejected" in receipts[1].detail
    bodies = postfix.arrived(2)
    assert [body.endswith(RAW.replace(b"\r\n", b"\n")) for body in bodies] == [True, True]
    assert [b"ESMTPS" in body or b"UTF8SMTPS" in body for body in bodies] == [True, True]


def test_a_message_to_the_team_arrives(postfix: Postfix) -> None:
    before = len(list((postfix.root / "mail" / "inbox" / "new").glob("*")))
    made = smtp(postfix.port, to="ada@example.org", sender="recaps@example.org")
    message = Message(id="01", time=NOW, subject="Tea — 1 list is failing", text="Täglich.\n")
    assert made.send(message, nothing) == Receipt(result="sent")
    assert any(b"T=C3=A4glich.\n" in body for body in postfix.arrived(before + 1))
