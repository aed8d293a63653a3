from __future__ import annotations

import email
from dataclasses import replace
from email.policy import default
from mailbox import Maildir
from pathlib import Path
from typing import Any

import pytest

from pipeline.delivery.folder import FolderDelivery
from pipeline.errors import ConfigError
from pipeline.model import Message, Receipt
from tests.builders import NOW, no_secret
from tests.workspace import bytes_below

RAW = b"From: recaps@example.org\r\nSubject: 2 out\r\n\r\nTea.\r\n"
LETTER = Message(id="<1.a@example.org>", time=NOW, subject="2 out", text="", raw=RAW)
SENT = Receipt(result="sent")


def no_mark() -> None:
    raise AssertionError("a file needs no mark")


def no_connection() -> Any:
    raise AssertionError("this kind speaks no HTTP")


def delivery(folder: Path, **options: Any) -> FolderDelivery:
    return FolderDelivery({"path": str(folder), **options}, secret=no_secret, connect=no_connection)


def test_send_writes_the_finished_mail_as_it_is(tmp_path: Path) -> None:
    assert delivery(tmp_path / "out").send(LETTER, no_mark) == SENT
    assert bytes_below(tmp_path, leave_out=()) == {"out/1.a@example.org.eml": RAW}


def test_sending_twice_leaves_the_file_alone(tmp_path: Path) -> None:
    made, path = delivery(tmp_path), tmp_path / "1.a@example.org.eml"
    made.send(LETTER, no_mark)
    before = path.stat()
    assert (made.send(LETTER, no_mark), path.stat()) == (SENT, before)


@pytest.mark.parametrize("name", ["<../../etc/passwd>", ".hidden", "a" * 200, "täglich", ""])
def test_an_id_that_is_no_file_name_gets_one(tmp_path: Path, name: str) -> None:
    delivery(tmp_path).send(replace(LETTER, id=name), no_mark)
    (found,) = tmp_path.iterdir()
    assert (len(found.name), found.read_bytes()) == (36, RAW)


def test_a_maildir_holds_it_as_a_new_mail(tmp_path: Path) -> None:
    assert delivery(tmp_path, format="maildir").send(LETTER, no_mark) == SENT
    assert bytes_below(tmp_path, leave_out=()) == {
        "new/1.a@example.org": RAW.replace(b"\r\n", b"\n")
    }
    assert [one["Subject"] for one in Maildir(tmp_path, create=False)] == ["2 out"]


def test_a_mail_that_was_read_meanwhile_does_not_come_again(tmp_path: Path) -> None:
    made = delivery(tmp_path, format="maildir")
    made.send(LETTER, no_mark)
    (tmp_path / "new" / "1.a@example.org").rename(tmp_path / "cur" / "1.a@example.org:2,S")
    made.send(LETTER, no_mark)
    assert list(bytes_below(tmp_path, leave_out=())) == ["cur/1.a@example.org:2,S"]


def test_what_a_process_that_died_left_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "1.a@example.org").write_bytes(b"From: rec")
    delivery(tmp_path, format="maildir").send(LETTER, no_mark)
    assert list(bytes_below(tmp_path, leave_out=())) == ["new/1.a@example.org"]


def test_a_message_to_the_team_becomes_a_plain_mail(tmp_path: Path) -> None:
    made = delivery(tmp_path, **{"from": "recaps@example.org", "to": "team@example.org"})
    made.send(replace(LETTER, raw=None, text="Täglich.\n"), no_mark)
    body = (tmp_path / "1.a@example.org.eml").read_bytes()
    parsed = email.message_from_bytes(body, policy=default)
    assert (parsed["From"], parsed["To"], parsed.get_content()) == (
        "recaps@example.org",
        "team@example.org",
        "Täglich.\r\n",
    )


def test_a_message_with_html_becomes_a_mail_with_both(tmp_path: Path) -> None:
    message = replace(LETTER, raw=None, text="Tea.\n", html="<p>Tea.</p>")
    delivery(tmp_path).send(message, no_mark)
    body = (tmp_path / "1.a@example.org.eml").read_bytes()
    parsed = email.message_from_bytes(body, policy=default)
    assert (parsed["Message-ID"], [part.get_content_type() for part in parsed.iter_parts()]) == (
        "<1.a@example.org>",
        ["text/plain", "text/html"],
    )


@pytest.mark.parametrize("format_", ["eml", "maildir"])
def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path, format_: str) -> None:
    (tmp_path / "out").write_text("a file")
    receipt = delivery(tmp_path / "out", format=format_).send(LETTER, no_mark)
    assert receipt.result == "retry"
    assert "free space or mend the rights" in receipt.detail


def test_recipients_are_whom_the_options_name(tmp_path: Path) -> None:
    named = delivery(tmp_path, to="Tea List <list@example.org>")
    assert [delivery(tmp_path).recipients(), named.recipients()] == [(), ("list@example.org",)]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"path": ""}, "a folder needs `path:`"),
        ({"format": "mbox"}, "`format:` of a folder is eml or maildir, not 'mbox'"),
        ({"pathh": "x"}, "a folder has no option 'pathh'"),
        ({"to": "x"}, "`to:` of a folder, 'x': it is no mail address"),
        ({"to": {"a": "b"}}, "`to:` of a folder is text"),
    ],
)
def test_options_that_are_wrong_are_refused(
    tmp_path: Path, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        delivery(tmp_path, **options)
    assert words in caught.value.message
