"""The switch for keys: who turns them off has pages whose letters press nothing."""

from __future__ import annotations

import re

import pytest

from tests.web.asking import Answer
from tests.web.desk.conftest import DOUBT, EVENT, Sitting

SCRIPT = '<script src="/desk/desk.js" defer></script>'


def turned(desk: Sitting, way: str, *, here: str = EVENT) -> Answer:
    """Send the switch of a page, and keep the cookie that comes of it."""
    (token, *_) = re.findall(r'name="csrf" value="([^"]+)"', desk.get().text)
    sent = {"csrf": token, "keys": way, "here": here}
    found = desk.served.post("/desk/keys", sent, cookie=desk.cookie)
    given = found.headers["set-cookie"].partition(";")[0]
    desk.cookie = "; ".join([desk.cookie.partition(";")[0], given])
    return found


def pressed(page: Answer) -> tuple[bool, set[str], set[str], int]:
    """Return whether there is a script, the letters alone, those with Alt, and the hints."""
    text = page.text
    alone = {*re.findall(r'data-key="(.)"', text), *re.findall(r'keyshortcuts="(.)"', text)}
    return SCRIPT in text, alone, set(re.findall(r'accesskey="(.)"', text)), text.count("<kbd")


def test_keys_that_are_turned_off_press_nothing_and_alt_still_does(desk: Sitting) -> None:
    desk.send(desk.get(), verb="ignore")
    question = f"{EVENT}?video={DOUBT}&talk=untitled"
    before = pressed(desk.get(question))
    turned(desk, "off")
    after = pressed(desk.get(question))
    letters = set("ariu") | {"s"}
    assert before == (True, letters | {one.upper() for one in letters}, letters, 5)
    assert after == (False, set(), letters, 0)


def test_keys_are_remembered_by_a_cookie_that_is_for_this_site_only(desk: Sitting) -> None:
    found = turned(desk, "off", here=f"{EVENT}/drafts")
    assert (found.status, found.headers["location"], found.headers["set-cookie"]) == (
        303,
        f"{EVENT}/drafts",
        "recap_keys=off; HttpOnly; Max-Age=34560000; Path=/desk; SameSite=strict",
    )


def test_keys_are_turned_on_again(desk: Sitting) -> None:
    first = pressed(desk.get())
    turned(desk, "off")
    turned(desk, "on")
    assert pressed(desk.get()) == first


@pytest.mark.parametrize("here", ["https://elsewhere.example.org/", "//elsewhere.example.org", ""])
def test_the_switch_leads_nowhere_else(desk: Sitting, here: str) -> None:
    assert turned(desk, "off", here=here).headers["location"] == "/desk/"


def test_a_switch_without_its_token_turns_nothing(desk: Sitting) -> None:
    desk.get()
    sent = {"csrf": "invented", "keys": "off", "here": EVENT}
    found = desk.served.post("/desk/keys", sent, cookie=desk.cookie)
    assert (found.status, "recap_keys" in found.headers.get("set-cookie", "")) == (403, False)
