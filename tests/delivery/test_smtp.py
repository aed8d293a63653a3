from __future__ import annotations

import email
import socket
import ssl
from collections.abc import Iterator
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from pipeline.delivery._smtp import stuffed
from pipeline.delivery.smtp import SmtpDelivery
from pipeline.errors import ConfigError
from pipeline.model import Message, Receipt
from tests.builders import NOW, no_secret
from tests.mailservers import (
    CLOSE,
    HANG,
    IMPATIENT,
    PASSWORD,
    USER,
    Arrived,
    Inbox,
    certificate,
    inbox,
    no_connection,
    smtp,
    stage,
)

RAW = (
    b"From: TeaConf <recaps@example.org>\r\nTo: list@example.org\r\nSubject: 2 out\r\n"
    b"Message-ID: <1@example.org>\r\n\r\nTea.\r\n.\r\n..more\r\n"
)
LETTER = Message(id="<1@example.org>", time=NOW, subject="2 out", text="", raw=RAW)
SENT = Receipt(result="sent")


def nothing() -> None:
    """A Mark: nothing is stored."""


def to(recipient: str, raw: bytes = RAW) -> Message:
    return Message(
        id=f"<{recipient}>", time=NOW, subject="2 out", text="", raw=raw, recipient=recipient
    )


@pytest.fixture
def server() -> Iterator[Inbox]:
    with inbox() as running:
        yield running


def test_send_hands_over_the_finished_mail_as_it_is(server: Inbox) -> None:
    assert smtp(server.port).send(LETTER, nothing) == SENT
    assert server.arrived == [Arrived("recaps@example.org", ("list@example.org",), RAW)]


def test_send_goes_to_the_recipient_of_the_message(server: Inbox) -> None:
    smtp(server.port).send(to("ada@example.org"), nothing)
    assert server.arrived[0].recipients == ("ada@example.org",)


def test_bounces_go_to_the_sender_of_the_options(server: Inbox) -> None:
    made = smtp(server.port, sender="TeaConf <bounces@example.org>")
    made.send(LETTER, nothing)
    assert server.arrived[0].sender == "bounces@example.org"


def test_a_message_to_the_team_becomes_a_plain_mail(server: Inbox) -> None:
    message = Message(id="0123", time=NOW, subject="Tee: 1 list — failing", text="Täglich\n.\n")
    made = smtp(server.port, sender="recaps@example.org")
    assert made.send(message, nothing) == SENT
    parsed = email.message_from_bytes(server.arrived[0].body, policy=default)
    assert (dict(parsed.items()), parsed.get_content()) == (
        {
            "From": "recaps@example.org",
            "To": "list@example.org",
            "Subject": "Tee: 1 list — failing",
            "Date": "Tue, 20 May 2031 12:00:00 +0000",
            "Message-ID": "<4e48aa5ac654deb873dc90be6c6de2d9@example.org>",
            "Auto-Submitted": "auto-generated",
            "MIME-Version": "1.0",
            "Content-Type": 'text/plain; charset="utf-8"',
            "Content-Transfer-Encoding": "quoted-printable",
        },
        "Täglich\r\n.\r\n",
    )


def test_mails_within_a_with_share_a_connection(server: Inbox) -> None:
    with smtp(server.port) as made:
        receipts = [made.send(to(f"{name}@example.org"), nothing) for name in "abc"]
    assert (receipts, len(server.arrived), server.connections) == ([SENT] * 3, 3, 1)


def test_a_refused_recipient_stops_no_other(server: Inbox) -> None:
    server.refusals["b@example.org"] = "550 5.1.1 <b@example.org> unknown"
    with smtp(server.port) as made:
        receipts = [made.send(to(f"{name}@example.org"), nothing) for name in "abc"]
    detail = "the mail server did not take the recipient: 550 5.1.1 <(the address)> unknown"
    assert receipts == [SENT, Receipt(result="failed", detail=detail), SENT]
    assert [one.recipients[0] for one in server.arrived] == ["a@example.org", "c@example.org"]


def test_a_recipient_that_is_put_off_is_tried_again(server: Inbox) -> None:
    server.refusals["a@example.org"] = "451 4.7.1 greylisted"
    assert smtp(server.port).send(to("a@example.org"), nothing) == Receipt(
        result="retry",
        detail="the mail server did not take the recipient: 451 4.7.1 greylisted",
    )


def test_mark_comes_when_all_but_the_dot_has_left() -> None:
    with stage() as server:
        seen: list[tuple[list[str], int]] = []
        smtp(server.port).send(LETTER, lambda: seen.append((server.heard[-1:], 0)))
        assert (seen, len(server.ended)) == ([(["DATA"], 0)], 1)


def test_a_mark_that_fails_lets_nothing_arrive() -> None:
    def full() -> None:
        raise OSError("no space")

    with stage() as server:
        with pytest.raises(OSError, match="no space"), smtp(server.port) as made:
            made.send(LETTER, full)
        assert (server.ended, "QUIT" in server.heard) == ([], False)


def test_a_line_of_dots_stays_what_it_is() -> None:
    assert stuffed(b".\n..a\r\nb\r.c") == b"..\r\n...a\r\nb\r\n..c\r\n"


@pytest.mark.parametrize(
    ("script", "result", "detail"),
    [
        (
            {"DOT": [CLOSE]},
            "unknown",
            "the mail server did not answer at the end (Connection unexpectedly closed)",
        ),
        (
            {"DOT": [HANG]},
            "unknown",
            "the mail server did not answer at the end (Connection unexpectedly closed: timed out)",
        ),
        (
            {"DOT": [b"what?"]},
            "unknown",
            "the mail server's answer makes no sense: ?",
        ),
        ({"DOT": [b"452 later"]}, "retry", "the mail server did not take the mail: 452 later"),
        ({"DOT": [b"554 spam"]}, "failed", "the mail server did not take the mail: 554 spam"),
        (
            {"MAIL": [b"550 who?"]},
            "retry",
            "the mail server did not take the sender: 550 who?",
        ),
        ({"RCPT": [b"530 log in"]}, "retry", "the mail server did not take the recipient: 530"),
        ({"DATA": [b"554 no"]}, "failed", "the mail server did not take the mail: 554 no"),
        ({"DATA": [CLOSE]}, "retry", "the connection broke (Connection unexpectedly closed)"),
        ({"MAIL": [b"421 too many"]}, "retry", "the mail server closed: 421 too many"),
        ({"RCPT": [b"999 what"]}, "retry", "the mail server closed: 999 what"),
        ({"HELLO": [b"554 go away"]}, "retry", "it answered 554 go away"),
        ({"HELLO": [CLOSE]}, "retry", "the connection failed (Connection unexpectedly closed)"),
    ],
)
def test_what_a_server_does_decides_what_became_of_the_mail(
    script: dict[str, list[bytes]], result: str, detail: str
) -> None:
    with stage(**script) as server:
        receipt = smtp(server.port, waits=IMPATIENT).send(LETTER, nothing)
    assert receipt.result == result
    assert detail in receipt.detail


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with stage() as server:
        port = server.port
    assert smtp(port).send(LETTER, nothing) == Receipt(
        result="retry",
        detail=f"127.0.0.1:{port}: the connection failed (Connection refused); check `host:` and "
        "`port:`",
    )


def test_a_server_that_lets_nobody_in_is_asked_once_for_all_mails() -> None:
    with stage(AUTH=[b"535 no"]) as server:
        with smtp(server.port, user=USER, password=PASSWORD) as made:
            results = [made.send(to(f"{name}@example.org"), nothing).result for name in "abc"]
        asked = [line for line in server.heard if line.startswith("AUTH")]
    assert (results, len(asked)) == (["retry"] * 3, 1)


def test_a_connection_that_served_for_long_is_replaced() -> None:
    with stage(RSET=[CLOSE, b"421 enough", b"250 OK"]) as server:
        with smtp(server.port) as made:
            results = [made.send(to(f"{name}@example.org"), nothing).result for name in "abcd"]
        greetings = [line for line in server.heard if line.startswith("EHLO")]
    assert (results, len(server.ended), len(greetings)) == (["sent"] * 4, 4, 3)


def trusting(folder: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    context = certificate(folder)
    (folder / "roots.pem").write_text((folder / "both.pem").read_text())
    monkeypatch.setattr("certifi.where", lambda: str(folder / "roots.pem"))
    return context


def test_starttls_and_a_password_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with inbox(starttls=trusting(tmp_path, monkeypatch), login=True) as server:
        made = smtp(server.port, tls="starttls", user=USER, password=PASSWORD)
        assert (made.send(LETTER, nothing), len(server.arrived)) == (SENT, 1)


def test_tls_from_the_first_byte_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with inbox(ssl_context=trusting(tmp_path, monkeypatch)) as server:
        assert smtp(server.port, tls="tls").send(LETTER, nothing) == SENT


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path, tls: str) -> None:
    context = certificate(tmp_path)
    options: dict[str, Any] = {"starttls" if tls == "starttls" else "ssl_context": context}
    with inbox(**options) as server:
        receipt = smtp(server.port, tls=tls).send(LETTER, nothing)
    assert (receipt.result, server.arrived) == ("retry", [])
    assert "its encryption cannot be trusted (self-signed certificate)" in receipt.detail


def test_a_certificate_of_another_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _, *more, **named: real("127.0.0.1", *more, **named)
    )
    with inbox(ssl_context=trusting(tmp_path, monkeypatch)) as server:
        made = smtp(server.port, tls="tls", host="mx.example.org")
        receipt = made.send(LETTER, nothing)
    assert receipt.result == "retry"
    assert "its encryption cannot be trusted (Hostname mismatch" in receipt.detail


def test_a_server_without_encryption_gets_no_mail(server: Inbox) -> None:
    receipt = smtp(server.port, tls="starttls").send(LETTER, nothing)
    assert (receipt.result, server.arrived) == ("retry", [])
    assert "it offers no encryption (STARTTLS)" in receipt.detail


def test_a_wrong_password_is_said_and_not_shown() -> None:
    offer = b"250-stage.example.org\r\n250 AUTH PLAIN"
    with stage(EHLO=[offer], AUTH=[f"535 not {PASSWORD}".encode()]) as server:
        made = smtp(server.port, user=USER, password=PASSWORD)
        assert made.send(LETTER, nothing).detail == (
            f"127.0.0.1:{server.port}: it did not let the user ada@example.org in: 535 not ***; "
            "check `user:` and the password"
        )


def test_a_password_that_is_not_set_is_said() -> None:
    with pytest.raises(ConfigError, match="the secret RECAP_SMTP_PASSWORD is not set"):
        smtp(1, user=USER).send(LETTER, nothing)


def test_an_address_beyond_ascii_needs_a_server_that_takes_it(server: Inbox) -> None:
    assert smtp(server.port).send(to("jörg@example.org"), nothing) == SENT
    assert server.arrived[0].recipients == ("jörg@example.org",)
    with stage() as plain:
        receipt = smtp(plain.port).send(to("jörg@example.org"), nothing)
    detail = "the mail server takes no addresses beyond ASCII (SMTPUTF8)"
    assert receipt == Receipt(result="failed", detail=detail)


def test_a_message_of_words_to_an_address_beyond_ascii_is_refused() -> None:
    message = Message(id="1", time=NOW, subject="x", text="y", recipient="jörg@example.org")
    receipt = smtp(1, sender="recaps@example.org").send(message, nothing)
    assert (receipt.result, "letters beyond ASCII" in receipt.detail) == ("failed", True)


def test_a_domain_beyond_ascii_is_written_as_every_server_takes_it(server: Inbox) -> None:
    smtp(server.port).send(to("ada@tee-küche.example"), nothing)
    assert server.arrived[0].recipients == ("ada@xn--tee-kche-b6a.example",)


@pytest.mark.parametrize("recipient", ["a@b\r\nRCPT TO:<c@d>", "a b@example.org", "nobody"])
def test_a_recipient_that_is_no_address_reaches_no_server(recipient: str) -> None:
    receipt = smtp(1).send(to(recipient), nothing)
    assert (receipt.result, "127.0.0.1" in receipt.detail) == ("failed", False)


def test_recipients_are_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "people.txt"
    path.write_text("# friends\nAda Example <ada@example.org>\nalan@example.org  # since 2030\n")
    made = smtp(1, to="", recipients=str(path))
    assert made.recipients() == ("ada@example.org", "alan@example.org")


def test_a_file_of_recipients_that_is_missing_is_said(tmp_path: Path) -> None:
    made = smtp(1, to="", recipients=str(tmp_path / "none.txt"))
    with pytest.raises(ConfigError, match=r"none.txt, the file of recipients, cannot be read"):
        made.recipients()


def test_mails_to_a_file_of_recipients_need_a_way_out(tmp_path: Path, server: Inbox) -> None:
    (tmp_path / "people.txt").write_text("ada@example.org\n")
    made = smtp(server.port, to="", recipients=str(tmp_path / "people.txt"))
    with pytest.raises(ConfigError, match="need a way out"):
        made.send(to("ada@example.org"), nothing)
    raw = b"List-Unsubscribe: <https://example.org/out>\r\n" + RAW
    assert made.send(to("ada@example.org", raw), nothing) == SENT


def test_a_message_to_the_team_does_not_go_to_many(tmp_path: Path) -> None:
    (tmp_path / "people.txt").write_text("ada@example.org\nalan@example.org\n")
    made = smtp(1, to="", recipients=str(tmp_path / "people.txt"))
    with pytest.raises(ConfigError, match="goes to one address"):
        made.send(Message(id="1", time=NOW, subject="1 list is failing", text="x"), nothing)


def test_a_mail_without_a_sender_is_refused() -> None:
    with pytest.raises(ConfigError, match="smtp needs `from:`"):
        smtp(1).send(Message(id="1", time=NOW, subject="1 list", text="x"), nothing)


def refusal(**options: Any) -> str:
    given: dict[str, Any] = {"host": "mail.example.org", "to": "list@example.org"}
    with pytest.raises(ConfigError) as caught:
        SmtpDelivery({**given, **options}, secret=no_secret, connect=no_connection)
    return caught.value.message


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"host": ""}, "smtp needs `host:`"),
        ({"host": "mail.example.org/x"}, "smtp needs `host:`"),
        ({"port": "70000"}, "`port:` of smtp is a number from 1 to 65535, not '70000'"),
        ({"tls": "ssl"}, "`tls:` of smtp is starttls, tls, none; 'ssl' is none of them"),
        ({"to": ""}, "smtp needs either `to:`"),
        ({"recipients": "people.txt"}, "smtp needs either `to:`"),
        ({"to": "a@b@c"}, "`to:` of smtp, 'a@b@c': it is no mail address"),
        ({"from": "x"}, "`from:` of smtp, 'x': it is no mail address"),
        ({"tls": "none", "user": "ada"}, "would send the password to mail.example.org"),
        ({"password": "hush"}, "a password does not belong in config.yaml"),
        ({"secret": "hush hush"}, "the name of an environment variable"),
        ({"hots": "x"}, "smtp has no option 'hots'"),
        ({"to": {"a": "b"}}, "`to:` of smtp is text"),
    ],
)
def test_options_that_are_wrong_are_refused(options: dict[str, Any], words: str) -> None:
    message = refusal(**options)
    assert words in message
    assert "hush" not in message
