"""Signing in and out, as a browser does it."""

from __future__ import annotations

from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI
from starlette.datastructures import FormData
from starlette.responses import PlainTextResponse

from pipeline.web.guard import Guarded, form, signed_in
from pipeline.web.visits import LASTS
from tests.web.asking import TOKEN, Served, cookie_of
from tests.web.conftest import Serve

router = APIRouter(dependencies=[Depends(signed_in)])


@router.get("/desk/secrets")
def secrets() -> PlainTextResponse:
    return PlainTextResponse("what only members see")


@router.post("/desk/decide")
async def decide(fields: Annotated[FormData, Depends(form)]) -> PlainTextResponse:
    return PlainTextResponse(f"decided: {fields['answer']}")


def with_desk(served: Served) -> Served:
    """Add two pages that stand behind the guards, as those of the desk do."""
    inner = served.app._app
    assert isinstance(inner, FastAPI)
    inner.include_router(router)
    served.app = Guarded(inner, inner.state.guard)
    return served


@pytest.fixture
def guarded(serve: Serve) -> Served:
    return with_desk(serve(token=TOKEN))


def test_a_page_asks_for_the_token_and_goes_on_to_what_was_asked_for(guarded: Served) -> None:
    shown = guarded.ask("/desk/secrets?of=tea")
    assert shown.status == 401
    assert '<input type="hidden" name="onward" value="/desk/secrets?of=tea">' in shown.text
    cookie, csrf = guarded.form("/desk/secrets?of=tea")
    fields = {"csrf": csrf, "token": TOKEN, "onward": "/desk/secrets?of=tea"}
    entered = guarded.post("/desk/login", fields, cookie=cookie)
    assert (entered.status, entered.headers["location"]) == (303, "/desk/secrets?of=tea")
    after = guarded.ask("/desk/secrets", headers={"cookie": cookie_of(entered)})
    assert (after.status, after.text) == (200, "what only members see")


def test_the_cookie_is_for_this_site_and_no_script(guarded: Served) -> None:
    cookie, csrf = guarded.form("/desk/login")
    entered = guarded.post("/desk/login", {"csrf": csrf, "token": TOKEN}, cookie=cookie)
    handed = entered.headers["set-cookie"]
    assert handed.partition("; ")[2] == "Max-Age=1209600; Path=/; HttpOnly; SameSite=Strict"
    assert cookie_of(entered) != cookie


def test_the_cookie_is_secure_where_the_site_is(guarded: Served) -> None:
    shown = guarded.ask("/desk/login", headers={"host": "recaps.example.org"})
    assert shown.headers["set-cookie"].endswith("SameSite=Strict; Secure")


def test_a_wrong_token_is_told_so_and_shows_nothing(guarded: Served) -> None:
    cookie, csrf = guarded.form("/desk/login")
    refused = guarded.post("/desk/login", {"csrf": csrf, "token": "guess"}, cookie=cookie)
    assert (refused.status, "That is not the token." in refused.text) == (401, True)
    assert "guess" not in refused.text
    assert guarded.ask("/desk/secrets", headers={"cookie": cookie}).status == 401


def test_guessing_in_the_form_has_to_wait_too(guarded: Served) -> None:
    cookie, csrf = guarded.form("/desk/login")
    fields = {"csrf": csrf, "token": "guess"}
    found = [guarded.post("/desk/login", fields, cookie=cookie).status for _ in range(11)]
    assert found == [401] * 10 + [429]


def test_what_is_wrong_with_signing_in_or_out_is_told_on_the_page(guarded: Served) -> None:
    old = guarded.form("/desk/login")[1]
    cookie = guarded.signed_in()
    for path in ("/desk/login", "/desk/logout"):
        refused = guarded.post(path, {"csrf": old, "token": TOKEN}, cookie=cookie)
        assert (refused.status, "The page is too old" in refused.text) == (403, True)
        assert '<label for="token">' in refused.text
    cookie, csrf = guarded.form("/desk/login")
    for _ in range(10):
        guarded.post("/desk/login", {"csrf": csrf, "token": "guess"}, cookie=cookie)
    waits = guarded.post("/desk/login", {"csrf": csrf, "token": TOKEN}, cookie=cookie)
    assert (waits.status, "Too many wrong tokens; try again in" in waits.text) == (429, True)
    assert int(waits.headers["retry-after"]) > 0


def test_a_form_of_another_page_is_refused(guarded: Served) -> None:
    cookie = guarded.signed_in()
    _, mine = guarded.form("/desk/secrets")
    for fields in ({}, {"csrf": ""}, {"csrf": "made-up"}, {"csrf": mine}):
        refused = guarded.post("/desk/decide", {**fields, "answer": "yes"}, cookie=cookie)
        assert refused.status == 403


def test_a_form_of_ones_own_page_is_taken(guarded: Served) -> None:
    cookie, csrf = guarded.form("/desk/login", cookie=guarded.signed_in())
    answer = guarded.post("/desk/decide", {"csrf": csrf, "answer": "yes"}, cookie=cookie)
    assert (answer.status, answer.text) == (200, "decided: yes")


def test_a_form_of_somebody_who_has_not_signed_in_is_refused(guarded: Served) -> None:
    cookie, csrf = guarded.form("/desk/login")
    refused = guarded.post("/desk/decide", {"csrf": csrf, "answer": "yes"}, cookie=cookie)
    assert (refused.status, "decided" in refused.text) == (401, False)
    assert 'name="onward" value="/desk/"' in refused.text


def test_signing_out_takes_the_cookie_back(guarded: Served) -> None:
    cookie, csrf = guarded.form("/desk/login", cookie=guarded.signed_in())
    left = guarded.post("/desk/logout", {"csrf": csrf}, cookie=cookie)
    assert (left.status, left.headers["location"]) == (303, "/desk/login")
    assert left.headers["set-cookie"].startswith("recap_visit=; Max-Age=0; ")


def test_a_visit_ends(guarded: Served) -> None:
    cookie = guarded.signed_in()
    guarded.now += LASTS * 2
    assert guarded.ask("/desk/secrets", headers={"cookie": cookie}).status == 401


def test_without_a_token_this_machine_needs_no_sign_in_but_its_forms_do(served: Served) -> None:
    desk = with_desk(served)
    assert desk.ask("/desk/secrets").status == 200
    assert desk.ask("/desk/login").headers["location"] == "/desk/"
    assert desk.post("/desk/decide", {"answer": "yes"}).status == 403
    assert desk.ask("/desk/secrets", headers={"x-forwarded-for": "192.0.2.7"}).status == 403


def test_pages_that_have_no_form_give_no_cookie(served: Served) -> None:
    found = [served.ask(path).headers for path in ("/status", "/healthz", "/atom.xml")]
    assert [one for one in found if "set-cookie" in one] == []


def test_the_style_of_the_pages_is_there(served: Served) -> None:
    answer = served.ask("/desk/web.css")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")


def test_the_token_is_on_no_page(guarded: Served) -> None:
    cookie = guarded.signed_in()
    pages = ("/status", "/desk/login", "/desk/secrets", "/healthz", "/readyz", "/api/openapi.json")
    shown = [guarded.ask(path, headers={"cookie": cookie}) for path in pages]
    assert [one for one in shown if TOKEN in one.text or TOKEN in str(one.headers)] == []


def test_signing_in_leads_to_no_other_site(guarded: Served) -> None:
    cookie, csrf = guarded.form("/desk/login")
    fields = {"csrf": csrf, "token": TOKEN, "onward": "//evil.example.com/"}
    assert guarded.post("/desk/login", fields, cookie=cookie).headers["location"] == "/desk/"
