"""The desk in a browser, by keyboard, with scripts and without: skipped without one, not in CI."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from pipeline.model import Want
from tests.look.browser import browser, found, is_required
from tests.web.desk.conftest import EVENT, Sitting
from tests.web.test_server import listening
from tests.workspace import TEA, UNTITLED

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LACKING = [
    name
    for name, there in (
        ("Chromium (Debian: chromium)", found()),
        ("playwright (pip install '.[look]')", importlib.util.find_spec("playwright")),
        ("axe (pip install '.[look]')", importlib.util.find_spec("axe_playwright_python")),
    )
    if not there
]

pytestmark = pytest.mark.skipif(
    bool(LACKING) and not is_required(), reason=f"not installed here: {', '.join(LACKING)}"
)

CUP = "{id: cup00000001, title: Tea in Production - Grace Sample, length: '29:00'}"


@pytest.fixture(scope="module")
def started() -> Iterator[Browser]:
    with browser() as made:
        yield made


@contextmanager
def opened(started: Browser, desk: Sitting, *, scripts: bool = True) -> Iterator[Page]:
    """Open the desk in a window of its own; it may reach the server alone."""
    desk.served.now = desk.tea.now
    with listening(desk.served) as address:
        context = started.new_context(
            base_url=address,
            java_script_enabled=scripts,
            viewport={"width": 1280, "height": 900},
            service_workers="block",
        )
        try:
            page = context.new_page()
            foreign: list[str] = []
            page.on(
                "request",
                lambda one: None if one.url.startswith(address) else foreign.append(one.url),
            )
            page.goto(EVENT)
            yield page
            assert foreign == []
        finally:
            context.close()


def shown(page: Page) -> tuple[str, str]:
    """Return the decision file that a person sees: path and content."""
    figure = page.locator("figure.file:visible").first
    path = figure.locator("figcaption").inner_text().removeprefix("data/")
    return path, str(figure.locator("pre").text_content())


def letter(page: Page, key: str) -> None:
    """Type a letter, as one who has scripts, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.keyboard.press(key)


def access_key(page: Page, key: str) -> None:
    """Type a letter with Alt, which needs no scripts, and wait for the page that it leads to."""
    # Playwright gives a key with Alt no text, by which Chromium knows the key of an element.
    stroke = {"modifiers": 1, "key": key, "code": f"Key{key.upper()}"}
    number = ord(key.upper())
    session = page.context.new_cdp_session(page)
    with page.expect_navigation():
        session.send(
            "Input.dispatchKeyEvent",
            {
                **stroke,
                "type": "keyDown",
                "text": key,
                "unmodifiedText": key,
                "windowsVirtualKeyCode": number,
            },
        )


@pytest.mark.parametrize(
    ("scripts", "press"), [(True, letter), (False, access_key)], ids=["scripts", "none"]
)
def test_a_person_reviews_by_keyboard_and_what_was_shown_is_on_disk(
    started: Browser, desk: Sitting, scripts: bool, press: Callable[[Page, str], None]
) -> None:
    with opened(started, desk, scripts=scripts) as page:
        accepted = shown(page)
        press(page, "a")
        assert list(desk.decisions().items()) == [accepted]
        assert page.locator("h1").inner_text() == "Nothing waits for you"

        page.locator("summary", has_text="If you undo").click()
        undone = shown(page)
        press(page, "u")
        assert list(desk.decisions().items()) == [accepted, undone]
        assert page.locator("h1").inner_text() == "Whistling Kettles - Alan Specimen"

        page.goto(f"{EVENT}/drafts")
        approved = shown(page)
        press(page, "a")
        assert list(desk.decisions().items()) == [accepted, undone, approved]
        assert "verb: approve\n" in approved[1]


@pytest.mark.parametrize(("scripts", "key"), [(True, "2"), (False, "ArrowDown")])
def test_choosing_another_card_shows_its_file_and_writes_it(
    started: Browser, desk: Sitting, scripts: bool, key: str
) -> None:
    desk.tea.list_videos(TEA, UNTITLED, CUP)
    desk.served.runner.publish(Want())
    with opened(started, desk, scripts=scripts) as page:
        page.goto(f"{EVENT}?video=youtube:cup00000001&talk=untitled")
        first = shown(page)
        page.locator("input[name=talk]").first.focus()
        page.keyboard.press(key)
        second = shown(page)
        assert first != second
        with page.expect_navigation():
            page.get_by_role("button", name="Accept").press("Enter")
        assert list(desk.decisions().items()) == [second]


def test_letters_in_a_field_are_letters(started: Browser, desk: Sitting) -> None:
    with opened(started, desk) as page:
        page.locator("#other").focus()
        page.keyboard.press("i")
        page.keyboard.press("Escape")
        page.wait_for_load_state("networkidle")
        assert desk.decisions() == {}


def test_letters_press_nothing_where_keys_are_turned_off(started: Browser, desk: Sitting) -> None:
    with opened(started, desk) as page:
        with page.expect_navigation():
            page.get_by_role("button", name="Turn keys off").click()
        page.keyboard.press("i")
        page.wait_for_load_state("networkidle")
        assert desk.decisions() == {}
        with page.expect_navigation():
            page.get_by_role("button", name="Turn keys on").click()
        letter(page, "i")
        assert len(desk.decisions()) == 1


def test_axe_finds_nothing_in_either_scheme_and_nothing_scrolls_sideways(
    started: Browser, desk: Sitting
) -> None:
    desk.tea.list_videos(TEA, UNTITLED, CUP)
    desk.served.runner.publish(Want())
    judge = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    wrong: list[tuple[object, ...]] = []
    with opened(started, desk) as page:
        for path in (
            EVENT,
            f"{EVENT}?video=youtube:tea00000001",
            f"{EVENT}/drafts",
            "/desk/runs?event=teaconf-2031",
            "/desk/events/nowhere",
        ):
            page.goto(path)
            page.evaluate(judge)
            for dark in (False, True):
                page.emulate_media(color_scheme="dark" if dark else "light")
                made = page.evaluate("axe.run({iframes: false})")
                wrong += [
                    (path, dark, one["id"], one["nodes"][0]["html"][:200])
                    for one in made["violations"]
                ]
            for width in (360, 320):
                page.set_viewport_size({"width": width, "height": 800})
                over = page.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                )
                wrong += [(path, width, over)] if over > 0 else []
            page.set_viewport_size({"width": 1280, "height": 900})

    assert wrong == []
