from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage, MIMEPart
from functools import cache
from html import escape, unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import OutputError
from pipeline.mail.compose import Mail
from pipeline.mail.envelope import check, header_text, letter, message, message_id, plain
from pipeline.mail.settings import Mailbox
from pipeline.text import clean, clean_block
from tests.builders import SITE
from tests.mail.cases import LEAVING, hostile_titles, three
from tests.mail.cases import made as composed
from tests.outputs.samples import HOSTILE

HEADERS = ["Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
SUBJECTS = st.text(max_size=80).map(clean) | st.sampled_from(HOSTILE)
BODIES = st.text(max_size=200).map(clean_block)


def made(**more: Any) -> bytes:
    values: dict[str, Any] = {
        "subject": "3 new recordings",
        "date": datetime(2031, 5, 22, 9, 30, tzinfo=UTC),
        "authority": "recaps.example.org",
        "text": "Tea\n",
        "html": "<p>Tea</p>\n",
    }
    return message(**{**values, **more})


def parse(body: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(body, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def content(part: MIMEPart) -> str:
    return str(part.get_content()).replace("\r\n", "\n")


def test_message_names_neither_sender_nor_recipient() -> None:
    assert parse(made()).keys() == HEADERS


def test_message_is_dated_as_told_and_known_by_its_content() -> None:
    one, other = parse(made()), parse(made(text="Coffee\n"))

    assert one["Date"] == "Thu, 22 May 2031 09:30:00 +0000"
    assert str(one["Message-ID"]).endswith("@recaps.example.org>")
    assert one["Message-ID"] != other["Message-ID"]


def test_message_is_marked_as_written_by_a_machine() -> None:
    assert parse(made())["Auto-Submitted"] == "auto-generated"


def test_message_has_the_text_first_and_then_the_html() -> None:
    parts = parse(made()).iter_parts()

    assert [(part.get_content_type(), content(part)) for part in parts] == [
        ("text/plain", "Tea\n"),
        ("text/html", "<p>Tea</p>\n"),
    ]


def test_message_lines_end_in_crlf_and_are_short() -> None:
    body = made(subject="é" * 200, html=f"<p>{'x' * 3000}</p>")

    assert body.count(b"\n") == body.count(b"\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 78


@given(subject=SUBJECTS, text=BODIES, html=BODIES)
def test_message_reads_back_without_defects(subject: str, text: str, html: str) -> None:
    parsed = parse(made(subject=subject, text=f"{text}\n", html=f"{html}\n"))
    parts = list(parsed.iter_parts())

    assert parsed.defects == [defect for part in parts for defect in part.defects] == []
    assert parsed.keys() == HEADERS
    assert parsed["Subject"] == " ".join(subject.replace("=?", "= ?").split())
    assert [content(part) for part in parts] == [f"{text}\n", f"{html}\n"]


@pytest.mark.parametrize("policy", [email.policy.default, email.policy.SMTP, email.policy.compat32])
@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?Q?x=0D=0ABcc:_evil@example.org?=",
        "Tea =?utf-8?Q?x=0D=0ABcc:_evil@example.org?= " * 5,
        "x\r\nBcc: evil@example.org",
        "ü\nBcc: evil@example.org",
    ],
)
def test_message_cannot_get_another_header_from_its_subject(
    subject: str, policy: email.policy.Policy
) -> None:
    read = email.message_from_bytes(made(subject=subject), policy=policy)
    again = email.message_from_bytes(read.as_bytes(policy=policy), policy=policy)

    assert (read.keys(), again.keys()) == (HEADERS, HEADERS)


def test_header_text_leaves_a_short_ascii_subject_readable() -> None:
    assert header_text("9 of 13 recordings out - TeaConf") == "9 of 13 recordings out - TeaConf"


def test_header_text_ends_encoded_words_between_characters() -> None:
    words = header_text("\N{TEACUP WITHOUT HANDLE}" * 40).split("\n ")

    decoded = [email.header.decode_header(word)[0][0] for word in words]
    assert b"".join(decoded).decode() == "\N{TEACUP WITHOUT HANDLE}" * 40
    assert [part for part in decoded if not part.decode()] == []
    assert max(map(len, words)) <= 75


SENDER = Mailbox(address="recaps@example.org", name="Tea Conf")
RECIPIENT = Mailbox(address="ada+tea@example.org")
LEAVE = ("https://example.org/bye?a=1&who={email}", "mailto:leave@example.org?subject={email}")
MAIL = Mail(
    subject="3 new recordings",
    preheader="Tea",
    html='<p>Tea</p><a href="https://example.org/bye?a=1&amp;who={email}">Unsubscribe</a>\n',
    text="Tea\nUnsubscribe: https://example.org/bye?a=1&who={email}\n",
    markdown="Tea\n",
)
LETTER_HEADERS = [
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
    *("MIME-Version", "Content-Type"),
]
POLICIES = [
    email.policy.default,
    email.policy.SMTP,
    email.policy.SMTPUTF8,
    email.policy.HTTP,
    email.policy.strict,
    email.policy.compat32,
]


def sent(mail: Mail = MAIL, **more: Any) -> bytes:
    values: dict[str, Any] = {
        "sender": SENDER,
        "recipient": RECIPIENT,
        "date": datetime(2031, 5, 22, 9, 30, tzinfo=UTC),
        "message_id": "abc@recaps.example.org",
    }
    return letter(mail, **{**values, **more})


@cache
def hostile_letters() -> dict[str, bytes]:
    """Return a letter for each hostile title, with the title wherever a text may stand."""
    return {
        title: sent(
            replace(MAIL, subject=title, text=f"{title}\n", html=f"<p>{title}</p>\n"),
            sender=replace(SENDER, name=title),
            recipient=replace(RECIPIENT, name=title),
        )
        for title in hostile_titles()
    }


def test_letter_is_headed_as_meant() -> None:
    parsed = parse(sent(reply_to=SENDER, list_id="recaps.example.org", unsubscribe=LEAVE))

    assert [(name, str(value)) for name, value in parsed.items()] == [
        ("From", "Tea Conf <recaps@example.org>"),
        ("To", "ada+tea@example.org"),
        ("Reply-To", "Tea Conf <recaps@example.org>"),
        ("Subject", "3 new recordings"),
        ("Date", "Thu, 22 May 2031 09:30:00 +0000"),
        ("Message-ID", "<abc@recaps.example.org>"),
        ("List-Id", "<recaps.example.org>"),
        (
            "List-Unsubscribe",
            ", ".join(
                (
                    "<https://example.org/bye?a=1&who=ada%2Btea%40example.org>",
                    "<mailto:leave@example.org?subject=ada%2Btea%40example.org>",
                )
            ),
        ),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Auto-Submitted", "auto-generated"),
        ("MIME-Version", "1.0"),
        ("Content-Type", 'multipart/alternative; boundary="recap-' + boundary(parsed) + '"'),
    ]


def boundary(parsed: EmailMessage) -> str:
    return str(parsed.get_boundary()).removeprefix("recap-")


def test_letter_offers_no_single_click_where_leaving_is_by_mail() -> None:
    parsed = parse(sent(unsubscribe=("mailto:leave@example.org",)))

    assert parsed["List-Unsubscribe"] == "<mailto:leave@example.org>"
    assert parsed["List-Unsubscribe-Post"] is None


def test_letter_names_its_recipient_in_the_addresses_of_its_bodies() -> None:
    parts = [content(part) for part in parse(sent(unsubscribe=LEAVE)).iter_parts()]

    own = "https://example.org/bye?a=1&who=ada%2Btea%40example.org"
    assert parts == [
        f"Tea\nUnsubscribe: {own}\n",
        f'<p>Tea</p><a href="{escape(own)}">Unsubscribe</a>\n',
    ]


def test_letter_with_a_long_address_to_leave_at_keeps_it_in_one_piece() -> None:
    url = f"https://example.org/{'x' * 500}?a=b,c;d=e"
    body = sent(unsubscribe=(url, "mailto:leave@example.org"))

    assert f"List-Unsubscribe: <{url}>,\r\n <mailto:leave@example.org>\r\n".encode() in body
    assert max(map(len, body.split(b"\r\n"))) <= 998


def test_letter_of_a_composed_mail_leads_each_recipient_out() -> None:
    mail = composed(three(), "talk-2", settings=replace(LEAVING, unsubscribe=LEAVE))
    parts = [content(part) for part in parse(sent(mail, unsubscribe=LEAVE)).iter_parts()]

    own = "https://example.org/bye?a=1&who=ada%2Btea%40example.org"
    assert [unescape(part).count(own) for part in parts] == [1, 1]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("", "recaps@example.org"),
        ("Tea Conf", "Tea Conf\r\n <recaps@example.org>"),
        ("Tea, Conf", "=?utf-8?B?VGVhLCBDb25m?=\r\n <recaps@example.org>"),
    ],
)
def test_letter_writes_names_so_that_they_cannot_be_addresses(name: str, written: str) -> None:
    sender = Mailbox(address="recaps@example.org", name=name)

    assert sent(sender=sender).startswith(f"From: {written}\r\nTo: ".encode())


@pytest.mark.parametrize("policy", POLICIES)
def test_letter_with_any_hostile_title_has_the_headers_that_were_meant(
    policy: email.policy.Policy,
) -> None:
    wrong = []
    for title, body in hostile_letters().items():
        parsed = email.message_from_bytes(body, policy=policy)
        kinds = [part.get_content_type() for part in parsed.walk()]
        if (parsed.keys(), kinds[1:]) != (LETTER_HEADERS, ["text/plain", "text/html"]):
            wrong.append(title)

    assert (len(hostile_letters()) >= 615, wrong) == (True, [])


@pytest.mark.parametrize("title", hostile_titles()[::40])
def test_letter_reads_back_to_the_very_characters(title: str) -> None:
    parsed = parse(sent(replace(MAIL, subject=title), sender=replace(SENDER, name=clean(title))))

    shown = " ".join(clean(title).replace("=?", "= ?").split())
    assert parsed["Subject"] == " ".join(title.replace("=?", "= ?").split())
    assert [one.addr_spec for one in parsed["From"].addresses] == ["recaps@example.org"]
    # The standard library puts a space between the encoded words of a name, against RFC 2047, 6.2.
    (sender,) = parsed["From"].addresses
    assert sender.display_name.replace(" ", "") == shown.replace(" ", "")


@given(name=st.text(max_size=80).map(clean), subject=SUBJECTS, text=BODIES)
def test_letter_has_one_sender_and_one_recipient_whatever_they_are_called(
    name: str, subject: str, text: str
) -> None:
    body = sent(
        replace(MAIL, subject=subject, text=f"{text}\n"),
        sender=replace(SENDER, name=name),
        recipient=replace(RECIPIENT, name=name),
    )
    parsed = parse(body)

    addresses = [one.addr_spec for key in ("From", "To") for one in parsed[key].addresses]
    assert addresses == ["recaps@example.org", "ada+tea@example.org"]
    assert parsed.keys() == LETTER_HEADERS


def test_plain_message_is_one_part_of_text() -> None:
    body = plain(
        subject="1 list is failing",
        text="Tea = cups\n",
        sender=SENDER,
        recipient=RECIPIENT,
        date=datetime(2031, 5, 22, 9, 30, tzinfo=UTC),
        message_id="abc@recaps.example.org",
    )
    parsed = parse(body)

    assert (parsed.get_content_type(), content(parsed)) == ("text/plain", "Tea = cups\n")
    assert parsed["Subject"] == "1 list is failing"


def test_message_id_is_the_same_for_a_second_try_and_another_for_each_recipient() -> None:
    def made_for(recipient: str) -> str:
        return message_id(
            event="teaconf-2031", announcement="2031-05-12", recipient=recipient, site=SITE
        )

    assert made_for("ada@example.org") == made_for("Ada@example.org")
    assert made_for("ada@example.org") != made_for("bo@example.org")
    assert re.fullmatch(r"[0-9a-f]{32}@recaps\.example\.org", made_for("ada@example.org"))


MEANT = [("Subject", "Tea"), ("Message-ID", "<a@example.org>")]
CLEAN = "\r\n".join(
    (
        "Subject: Tea",
        "Message-ID: <a@example.org>",
        "MIME-Version: 1.0",
        "Content-Type: text/plain",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "Tea",
        "",
    )
).encode()


def test_check_takes_what_reads_back_as_meant() -> None:
    check(CLEAN, headers=MEANT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Subject: Tea", b"Subject: Tea\r\nBcc: evil@example.org"),
        (b"Subject: Tea", b"Subject: Coffee"),
        (b"Subject: Tea\r\n", b""),
        (b"MIME-Version: 1.0\r\n", b""),
        (b"Subject: Tea\r\n", b"Subject: Tea\r\nSubject: Tea\r\n"),
    ],
)
def test_check_stops_a_mail_with_other_headers(old: bytes, new: bytes) -> None:
    with pytest.raises(OutputError, match="other headers than it was given"):
        check(CLEAN.replace(old, new), headers=MEANT)


@pytest.mark.parametrize("text", [b"x" * 999, b"T\xc3\xa9a", b"bare\nline", b"bare\rreturn"])
def test_check_stops_a_mail_that_is_no_clean_message(text: bytes) -> None:
    with pytest.raises(OutputError, match="is no clean message"):
        check(CLEAN.replace(b"\r\nTea", b"\r\n" + text), headers=MEANT)
