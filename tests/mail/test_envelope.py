from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage, MIMEPart
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.mail.envelope import header_text, message
from pipeline.text import clean, clean_block
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
