"""Questions in the browser: what a page shows is what is written, or nothing is."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from pipeline.files.lock import hold
from pipeline.model import Want
from pipeline.web.desk import opening
from tests.commands.person import OPEN_EVENT, OTHER
from tests.web.asking import TOKEN, Served
from tests.web.desk.conftest import DOUBT, EVENT, Sitting, fields, files_shown
from tests.workspace import TEA, UNTITLED, Workspace


def test_desk_asks_who_has_not_signed_in_to_do_so(tea: Workspace) -> None:
    served = Served(config=tea.config, token=TOKEN)
    found = served.ask(EVENT)
    assert (found.status, 'action="/desk/login"' in found.text) == (401, True)


def test_desk_goes_on_to_the_one_event(desk: Sitting) -> None:
    found = desk.get("/desk/")
    assert (found.status, found.headers["location"]) == (303, EVENT)


def test_desk_lists_events_that_wait_for_a_person_first(desk: Sitting) -> None:
    desk.tea.write("data/cupconf-2031/event.yaml", OTHER.replace("path: videos.yaml", "path: v"))
    desk.tea.write("data/cupconf-2031/v", "videos: []\n")
    desk.served.runner.publish(Want())
    found = re.findall(r'<a href="/desk/events/([^"]+)"', desk.get("/desk/").text)
    assert found == ["teaconf-2031", "cupconf-2031"]


def test_review_shows_words_first_and_marks_what_is_the_talks(desk: Sitting) -> None:
    page = desk.get().text
    assert re.search(r'class="likely">Likely <span class="number">0\.\d\d', page)
    assert "Whistling Kettles - <mark>Alan Specimen</mark>" in page
    assert '<li class="for"><span aria-hidden="true">✓</span>' in page
    assert "The talk has no title yet" in page


def test_accept_writes_the_very_file_that_was_shown(desk: Sitting) -> None:
    page = desk.get()
    shown = files_shown(page)[0]
    found = desk.send(page, verb="link")
    assert found.status == 303
    assert list(desk.decisions().items()) == [shown]
    assert shown[1].splitlines() == [
        "time: '2031-05-20T12:05:00Z'",
        "verb: link",
        "by: Ada",
        f"video: {DOUBT}",
        "talk: untitled",
    ]


def test_accept_after_a_pause_still_writes_what_was_shown(desk: Sitting) -> None:
    page = desk.get()
    desk.tea.later(hours=1)
    desk.send(page, verb="link")
    assert list(desk.decisions().items()) == [files_shown(page)[0]]


@pytest.mark.parametrize(("said", "number"), [("no", 1), ("ignore", 2)])
def test_no_and_ignore_write_the_files_that_were_shown(
    desk: Sitting, said: str, number: int
) -> None:
    page = desk.get()
    desk.send(page, verb=said)
    assert list(desk.decisions().items()) == [files_shown(page)[number]]


def test_accept_says_where_the_file_is_and_what_undoes_it(desk: Sitting) -> None:
    page = desk.get()
    onward = desk.send(page, verb="link").headers["location"]
    after = desk.get(onward).text
    assert f"Written to <code>data/{files_shown(page)[0][0]}</code>" in after
    assert "Nothing waits for you" in after
    assert f'title="link {DOUBT}, by Ada"' in after


def test_undo_writes_what_was_shown_and_asks_again(desk: Sitting) -> None:
    desk.send(desk.get(), verb="link")
    desk.tea.later(minutes=1)
    page = desk.get()
    shown = files_shown(page)[-1]
    found = desk.send(page, form="undo")
    assert list(desk.decisions().items())[-1] == shown
    assert found.headers["location"].startswith(f"{EVENT}?video=youtube%3Aunt00000001")
    assert "Which talk is this?" in desk.get(found.headers["location"]).text


def test_a_form_without_its_token_writes_nothing(desk: Sitting) -> None:
    found = desk.send(desk.get(), verb="link", csrf="invented")
    assert (found.status, desk.decisions()) == (403, {})
    assert "the page is too old, or not ours" in found.text


def test_a_page_that_the_world_overtook_is_shown_again_and_says_why(desk: Sitting) -> None:
    page = desk.get()
    desk.tea.later(minutes=1)
    desk.send(desk.get(), verb="ignore")
    before = desk.decisions()
    found = desk.send(page, verb="link")
    assert (found.status, desk.decisions()) == (409, before)
    assert f"Meanwhile this was decided: ignore {DOUBT}, by Ada." in found.text
    assert "Ignored by Ada." in found.text


def test_a_page_whose_consequences_changed_is_shown_again(desk: Sitting) -> None:
    page = desk.get()
    desk.tea.write("data/teaconf-2031/event.yaml", OPEN_EVENT + "    title: Kettles\n")
    found = desk.send(page, verb="link")
    assert (found.status, desk.decisions()) == (409, {})
    assert "What this would change is not what it was" in found.text


def test_a_seal_or_a_time_of_somebodys_own_writes_nothing(desk: Sitting) -> None:
    page = desk.get()
    seals = {name: "0" * 32 for name in fields(page) if name.startswith("seal.")}
    ahead = {**fields(page), "time": "2031-05-21T00:00:00Z"}
    found = [desk.send(page, verb="link", **seals), desk.send(page, verb="link", **ahead)]
    assert ([one.status for one in found], desk.decisions()) == ([409, 409], {})


@pytest.mark.parametrize("say", [{"verb": "withdraw"}, {"verb": "link", "time": "noon"}])
def test_an_answer_that_is_none_here_is_refused(desk: Sitting, say: dict[str, str]) -> None:
    found = desk.send(desk.get(), **say)
    assert (found.status, desk.decisions()) == (400, {})


def test_a_run_at_work_is_named_and_the_same_form_can_be_sent_again(
    desk: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "LOCK_WAIT_S", 0.0)
    page = desk.get()
    data, note = desk.tea.root / "data", desk.tea.root / ".recap" / "holder.json"
    with hold(data, holder=note, now=desk.tea.now, what="an invented run"):
        busy = desk.send(page, verb="link")
    assert (busy.status, busy.headers["retry-after"], desk.decisions()) == (503, "5", {})
    assert "an invented run is at work on it" in busy.text
    again = busy.text.replace('<form method="post" action="/desk/events', '<form id="again" "')
    desk.send(type(busy)(status=503, headers={}, body=again.encode()), form="again")
    assert list(desk.decisions().items()) == [files_shown(page)[0]]


def test_another_talk_is_shown_first_with_what_accepting_it_writes(desk: Sitting) -> None:
    page = desk.get(f"{EVENT}?video={DOUBT}&talk=porcelain")
    assert 'class="likely">Your choice' in page.text
    desk.send(page, verb="link")
    ((_, body),) = desk.decisions().items()
    assert body.endswith("talk: porcelain\n")


def test_no_on_a_link_that_holds_unlinks_it(desk: Sitting) -> None:
    page = desk.get(f"{EVENT}?video=youtube:tea00000001")
    desk.send(page, verb="no")
    ((_, body),) = desk.decisions().items()
    assert "verb: unlink\n" in body


def test_what_event_yaml_overrules_cannot_be_accepted(desk: Sitting) -> None:
    barred = OPEN_EVENT + "    not: ['https://youtu.be/unt00000001']\n"
    desk.tea.write("data/teaconf-2031/event.yaml", barred)
    page = desk.get(f"{EVENT}?video={DOUBT}&talk=untitled")
    assert "event.yaml wins; take the line out" in page.text
    found = desk.send(page, verb="link", talk="untitled")
    assert (found.status, desk.decisions()) == (409, {})


def test_look_now_runs_a_pass_over_the_event_and_comes_back(desk: Sitting) -> None:
    page = desk.get()
    desk.tea.list_videos(TEA, UNTITLED, "{id: cup00000001, title: Porcelain - G. Sample}")
    found = desk.served.post(
        f"{EVENT}/look", {"csrf": fields(page)["csrf"], "video": DOUBT}, cookie=desk.cookie
    )
    assert desk.served.passes.wants[-1] == Want(events=("teaconf-2031",))
    assert found.headers["location"] == f"{EVENT}?video=youtube%3Aunt00000001&said=looked"
    assert "cup00000001" in desk.get(found.headers["location"]).text


def test_an_event_that_there_is_not_is_a_page_that_names_a_near_one(desk: Sitting) -> None:
    found = desk.get("/desk/events/teaconf-2032")
    assert found.status == 404
    assert "did you mean &#39;teaconf-2031&#39;?" in found.text


@pytest.mark.parametrize(
    "path",
    [
        "/desk/events/TeaConf",
        "/desk/events/teaconf-2031/drafts/mail?draft=a&target=b&as=pdf",
        "/desk/runs?event=TeaConf",
    ],
)
def test_an_address_that_is_none_of_the_desks_is_a_page_that_says_so(
    desk: Sitting, path: str
) -> None:
    found = desk.get(path)
    assert (found.status, found.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Look at the spelling of the address" in found.text


def test_a_broken_event_is_a_page_that_names_file_and_line(desk: Sitting) -> None:
    desk.tea.write("data/teaconf-2031/event.yaml", OPEN_EVENT + "    colour: blue\n")
    found = desk.get()
    assert (found.status, "data/teaconf-2031/event.yaml:17:5" in found.text) == (409, True)


def test_a_list_that_fails_is_said_with_since_when(desk: Sitting) -> None:
    Path(desk.tea.event_folder / "videos.yaml").unlink()
    desk.tea.later(hours=1)
    desk.served.runner.publish(Want())
    assert re.search(r"No answer since 13:05 UTC: [^<]*videos\.yaml", desk.get().text)


def test_later_leads_to_the_next_question_and_round(desk: Sitting) -> None:
    desk.tea.list_videos(TEA, UNTITLED, "{id: cup00000001, title: Porcelain - G. Sample}")
    desk.served.runner.publish(Want())
    page = desk.get().text
    found = re.search(r'<a class="button quiet" href="\?video=([^"]+)"', page)
    assert found is not None
    shown = re.search(r'name="video" value="([^"]+)"', page)
    assert shown is not None
    back = re.search(
        r'<a class="button quiet" href="\?video=([^"]+)"',
        desk.get(f"{EVENT}?video={found[1]}").text,
    )
    assert back is not None
    assert back[1].replace("%3A", ":") == shown[1]


def test_what_lists_and_people_write_is_never_markup(desk: Sitting) -> None:
    nasty = "Whistling <script>alert(1)</script> Kettles - Alan Specimen"
    desk.tea.list_videos(TEA, "{id: unt00000001, title: '" + nasty + "', length: '12:34'}")
    desk.tea.write("data/teaconf-2031/event.yaml", OPEN_EVENT.replace("Alan", "<b>Alan"))
    desk.served.runner.publish(Want())
    page = desk.get(f"{EVENT}?video={DOUBT}&talk=untitled").text
    assert re.findall(r"<(?:script|b)\b[^>]*>(?!teaconf|file|\d)[^<]*", page) == [
        '<script src="/desk/desk.js" defer>'
    ]
    assert "Whistling" in page


def test_style_keys_and_sign_are_files_of_the_server(desk: Sitting) -> None:
    found = [desk.get(f"/desk/{name}") for name in ("desk.css", "desk.js", "icon.svg")]
    assert [(one.status, one.headers["content-type"]) for one in found] == [
        (200, "text/css; charset=utf-8"),
        (200, "text/javascript; charset=utf-8"),
        (200, "image/svg+xml"),
    ]


def test_pages_have_nothing_inside_that_the_policy_forbids(desk: Sitting) -> None:
    desk.send(desk.get(), verb="link")
    pages = [desk.get(path).text for path in (EVENT, f"{EVENT}/drafts", "/desk/runs")]
    assert [re.findall(r" style=| on[a-z]+=|<style|<script>|data:,", page) for page in pages] == [
        [],
        [],
        [],
    ]


@pytest.mark.parametrize(
    ("tried", "number", "changes"),
    [
        ("no", 1, ["feed, page and mail: nothing changes", "review: 1 → 0 questions"]),
        ("ignore", 2, ["feed, page and mail: nothing changes", "review: 1 → 0 questions"]),
    ],
)
def test_what_another_answer_changes_is_shown_when_it_is_asked_for(
    desk: Sitting, tried: str, number: int, changes: list[str]
) -> None:
    first = desk.get()
    links = re.findall(r'<a href="([^"]*)">Show what this changes', first.text)
    (link,) = (one for one in links if one.endswith(f"tried={tried}"))
    page = desk.get(EVENT + html.unescape(link))
    shown = re.findall(r'<ul class="changes">(.*?)</ul>', page.text, re.DOTALL)
    assert re.findall(r"<li dir=\"auto\">([^<]*)", shown[1]) == changes
    assert files_shown(page)[number] == files_shown(first)[number]


def test_an_answer_that_was_shown_in_full_is_not_written_when_it_would_change_more(
    desk: Sitting,
) -> None:
    shown = desk.get(f"{EVENT}?video={DOUBT}&talk=untitled&tried=ignore")
    glance = desk.get()
    titled = OPEN_EVENT + "    title: Whistling Kettles\n"
    desk.tea.write("data/teaconf-2031/event.yaml", titled)
    first = desk.send(shown, verb="ignore")
    before = desk.decisions()
    second = desk.send(glance, verb="ignore")
    assert (first.status, before, second.status, list(desk.decisions().items())) == (
        409,
        {},
        303,
        [files_shown(glance)[2]],
    )


def test_a_list_of_a_series_is_said_to_have_been_read(desk: Sitting) -> None:
    series = "series:\n  tea:\n    watch:\n      - {kind: file, path: all.yaml}\n"
    config = (desk.tea.root / "config.yaml").read_text("utf-8")
    desk.tea.write("config.yaml", config + series)
    desk.served.config = desk.tea.config
    desk.tea.write("data/all.yaml", "videos: []\n")
    desk.tea.write("data/teaconf-2031/event.yaml", OPEN_EVENT + "series: tea\n")
    desk.served.runner.publish(Want())
    page = desk.get().text
    assert (page.count('<p class="list">'), page.count("Not looked at by this machine")) == (2, 0)
