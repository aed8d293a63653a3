from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import ConfigError, SourceError
from pipeline.model import Known, Listing
from pipeline.sources.file import FileSource, Format, parse_list
from tests.builders import no_secret, video, watch
from tests.sources.case import Case
from tests.sources.fakes import NO_NETWORK, FakeFetch

URL = "https://lists.example.org/videos"
ROW = {"url": "https://youtu.be/tea00000001", "title": "Brewing Tea"}
TEA = video(title="Brewing Tea")


CASE_LIST = "https://lists.example.org/videos"
ROWS = [
    {
        "url": "https://youtu.be/tea00000001",
        "title": "Brewing Tea",
        "length": "24:26",
        "published": "2031-05-20T09:30:00+02:00",
    },
    {"url": "https://youtu.be/tea00000002", "title": "Ünïcode"},
    {"url": "https://youtu.be/tea00000001", "title": "Listed twice"},
]
ENTRIES = [
    {"ie_key": "Youtube", "id": f"tea0000000{number}", "title": "Tea", "duration": 60}
    for number in (1, 2, 1)
]
CASE_CSV = "url;title;published\nhttps://youtu.be/tea00000001;Tea;2031-05-20\ntea;Bad;\n"


def case(form: str, body: str) -> Case:
    return Case("file", {"url": CASE_LIST, "format": form}, CASE_LIST, body.encode())


CASES = {
    "file-yaml": case("yaml", "videos:\n" + "".join(f"- {json.dumps(row)}\n" for row in ROWS)),
    "file-json": case("json", json.dumps({"videos": ROWS}, indent=1)),
    "file-csv": case("csv", CASE_CSV),
    "file-yt-dlp": case("yt-dlp", json.dumps({"_type": "playlist", "entries": ENTRIES})),
    "file-yt-dlp-lines": case("yt-dlp", "\n".join(map(json.dumps, ENTRIES))),
}


def source(options: dict[str, str], folder: Path = Path()) -> FileSource:
    return FileSource(watch(kind="file", options=options), folder=folder, secret=no_secret)


def parse(text: str, form: Format | None = None, where: str = "list") -> Listing:
    return parse_list(text.encode(), where=where, format=form)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "write either `path: videos.yaml` or `url: https://…`, one of them"),
        (
            {"path": "a.yaml", "url": URL},
            "write either `path: videos.yaml` or `url: https://…`, one of them",
        ),
        ({"pth": "a.yaml"}, "kind 'file' has no option 'pth'; did you mean 'path'?"),
        (
            {"path": "a", "colour": "green"},
            "kind 'file' has no option 'colour'; it has path, url, format",
        ),
        ({"path": "."}, "path: it names no file; write `path: videos.yaml`"),
        (
            {"path": "a", "format": "xml"},
            "format: 'xml' is not known; write one of yaml, json, csv, yt-dlp",
        ),
        (
            {"url": "lists.example.org/x?key=sesame"},
            (
                "url: 'lists.example.org/x?key=***' is no web address; "
                "paste it from the browser, with https:// in front"
            ),
        ),
        (
            {"url": "https://[::1"},
            (
                "url: 'https://[::1' is no web address; "
                "paste it from the browser, with https:// in front"
            ),
        ),
    ],
)
def test_file_source_refuses_wrong_options(options: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        source(options)
    assert str(caught.value) == f"watch list 'list': {message}"


def test_file_source_reads_a_path_from_the_events_folder(tmp_path: Path) -> None:
    (tmp_path / "videos.json").write_text(json.dumps([ROW]))
    listing = source({"path": "videos.json"}, tmp_path).videos(NO_NETWORK, Known())
    assert listing == Listing(videos=(TEA,))


def test_file_source_names_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        source({"path": "videos.yaml"}, tmp_path).videos(NO_NETWORK, Known())
    assert str(caught.value) == (
        f"the list {tmp_path}/videos.yaml cannot be read: No such file or directory; "
        "a relative path starts at the event's folder"
    )


@pytest.mark.parametrize("path", ["sub", "a\0b"])
def test_file_source_refuses_what_is_no_file(tmp_path: Path, path: str) -> None:
    (tmp_path / "sub").mkdir()
    with pytest.raises(SourceError):
        source({"path": path}, tmp_path).videos(NO_NETWORK, Known())


def test_file_source_refuses_a_file_that_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.sources.file.SIZE_BYTES", 10)
    (tmp_path / "videos.yaml").write_text("videos: []\n")
    with pytest.raises(SourceError, match="it is larger than 10 bytes"):
        source({"path": "videos.yaml"}, tmp_path).videos(NO_NETWORK, Known())


def test_file_source_reads_an_address() -> None:
    fetch = FakeFetch({URL: json.dumps([ROW]).encode()})
    assert source({"url": URL}).videos(fetch, Known()) == Listing(videos=(TEA,))


def test_file_source_passes_on_that_nothing_changed() -> None:
    assert source({"url": URL}).videos(FakeFetch({URL: None}), Known()) == Listing(unchanged=True)


def test_file_source_hides_the_secrets_of_its_address() -> None:
    url = f"{URL}?token=sesame"
    with pytest.raises(SourceError) as caught:
        source({"url": url}).videos(FakeFetch({url: b""}), Known())
    assert str(caught.value).startswith(f"the list {URL}?token=*** cannot be read: it is empty")


YAML = """
- url: https://youtu.be/tea00000001
  title: Brewing Tea
  language: no
"""
NORSE = video(title="Brewing Tea", language="no")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (YAML, "list"),
        (YAML, "videos.yml"),
        ("videos:" + YAML, "videos.YAML"),
        (json.dumps([ROW | {"language": "no"}]), "list"),
        (json.dumps({"videos": [ROW | {"language": "no"}]}), "videos.json"),
        (json.dumps([ROW | {"language": "no"}]), f"{URL}.json?v=2.csv"),
        ("url,title,language\nhttps://youtu.be/tea00000001,Brewing Tea,no\n", "list"),
        ("id;title;language\r\ntea00000001;Brewing Tea;no", "videos.csv"),
        ("\ufeffTitle\tID\tLanguage\tRoom\nBrewing Tea\ttea00000001\tno\tHall\n", "videos.tsv"),
    ],
)
def test_parse_list_tells_the_format_by_itself(text: str, where: str) -> None:
    assert parse(text, where=where) == Listing(videos=(NORSE,))


def test_parse_list_believes_the_option_rather_than_the_ending() -> None:
    assert parse(YAML, "yaml", where="videos.csv") == Listing(videos=(NORSE,))


@pytest.mark.parametrize("text", ["videos: []", "[]", '{"videos": []}', "url,title\n"])
def test_parse_list_takes_a_well_formed_empty_list_for_empty(text: str) -> None:
    assert parse(text) == Listing()


@pytest.mark.parametrize(
    ("text", "form", "why"),
    [
        ("", None, "it is empty"),
        (" \r\n\t", None, "it is empty"),
        ("<!DOCTYPE html><p>Not found", None, "it is a web page or XML"),
        ("<p>url,title", "csv", "it is a web page or XML"),
        ('[{"url": "https://youtu.be/tea0', "json", "it is not JSON"),
        ("[" * 100_000, "json", "it nests too deep"),
        ("[" * 100_000, "yaml", "nests deeper than 32 levels"),
        ("Not found", None, "its videos are no list"),
        ("video:\n- url: https://youtu.be/tea00000001", None, "it has no `videos:`"),
        ("videos:\n", None, "its videos are no list"),
        ('{"error": "quota"}', None, "it has no `videos:`"),
        ("null", "json", "its videos are no list"),
        ("- &a [*a]", "yaml", "anchors"),
        ("- title: [", "yaml", "not valid YAML"),
        ("- length: 24:26", "yaml", "needs quotes"),
        ("name,title\na,b\n", "csv", "its first row names no column `url` or `id`"),
        ('url,title\n"https://youtu.be/tea00000001', "csv", "is no CSV"),
        ('url,title\n"a"b,c\n', "csv", "is no CSV"),
        ('{"entries": []}', None, "yt-dlp found no entries"),
        ('{"entries": [{"entries": []}]}', None, "yt-dlp found no entries"),
        ('{"entries": null}', None, "yt-dlp found no entries"),
        ("[]", "yt-dlp", "yt-dlp found no entries"),
        ('{"id": "a", "ie_key": "Youtube"}\n{"id": ', None, "a line of it is not JSON"),
        ('[{"title": "Tea"}]', None, "none of its 1 rows can be used"),
    ],
)
def test_parse_list_takes_what_is_no_list_for_unknown(
    text: str, form: Format | None, why: str
) -> None:
    with pytest.raises(SourceError) as caught:
        parse(text, form)
    assert str(caught.value).startswith("the list list cannot be read: ")
    assert why in str(caught.value)


def test_parse_list_wants_utf_8() -> None:
    with pytest.raises(SourceError, match="it is not UTF-8 at byte 9; save it as UTF-8"):
        parse_list("- title: Café".encode("latin-1")[:9] + b"\xe9", where="list")


def test_parse_list_keeps_the_first_of_a_video_that_is_listed_twice() -> None:
    again = {"url": "https://www.youtube.com/watch?v=tea00000001&t=5", "title": "Again"}
    assert parse(json.dumps([ROW, again])) == Listing(videos=(TEA,))
