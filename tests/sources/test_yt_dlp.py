from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from pipeline.errors import ConfigError, SourceError
from pipeline.model import Access, Completeness, Known, Listing, Source
from pipeline.sources.yt_dlp import (
    YtDlpSource,
    extract,
    installed,
    is_local,
    look,
    parse_flat,
    reason,
)
from tests.builders import no_secret, video, watch
from tests.sources.case import Case
from tests.sources.fakes import NO_NETWORK, FakeFetch

SHARED = Path(__file__).parents[2].parent / "shared" / "fixtures" / "yt-dlp"
URL = "https://video.example.org/c/teaconf"
ENTRY = {"_type": "url", "ie_key": "Youtube", "id": "tea00000001", "title": "Brewing Tea"}
HIDDEN = {"_type": "url", "ie_key": "Youtube", "id": "tea00000002", "title": "[Private video]"}
TEA = video(title="Brewing Tea")


def playlist(*entries: object, extractor: str = "YoutubeTab") -> bytes:
    return json.dumps(
        {"_type": "playlist", "extractor_key": extractor, "entries": list(entries)}
    ).encode()


def made(body: bytes | None, **options: str) -> YtDlpSource:
    found = None if body is None else (lambda _: body)
    return YtDlpSource(
        watch(kind="yt-dlp", options=options),
        folder=Path(),
        secret=no_secret,
        find=lambda: found,
    )


@dataclass(frozen=True)
class Extracted(Case):
    """A case whose body comes from yt-dlp instead of `fetch`."""

    def source(self) -> Source:
        return made(self.body, **self.options)

    def fetch(self, body: bytes | None) -> FakeFetch:  # noqa: ARG002  # yt-dlp does not use it
        return NO_NETWORK

    def look(self, body: bytes) -> Listing:
        return made(body, **self.options).videos(NO_NETWORK, Known())


CASES = {
    "yt-dlp": Extracted("yt-dlp", {"url": URL}, URL, playlist(ENTRY, HIDDEN), conditional=False)
}


def test_yt_dlp_source_reads_a_list() -> None:
    listing = made(playlist(ENTRY, HIDDEN), url=URL).videos(NO_NETWORK, Known())
    assert listing == Listing(
        videos=(TEA, video("tea00000002", None, access=Access.PRIVATE)),
        completeness=Completeness.COMPLETE,
    )


def test_yt_dlp_source_says_how_to_install_it() -> None:
    with pytest.raises(SourceError) as caught:
        made(None, url=URL).videos(NO_NETWORK, Known())
    assert str(caught.value) == (
        f"the list {URL} cannot be read: yt-dlp is not installed; "
        "install it: pip install 'recap-pipeline[yt-dlp]'"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "`url` is missing; paste the address of the list"),
        ({"ulr": URL}, "kind 'yt-dlp' has no option 'ulr'; did you mean 'url'?"),
        (
            {"url": "ytsearch:tea"},
            (
                "url: 'ytsearch:tea' is no web address; "
                "paste it from the browser, with https:// in front"
            ),
        ),
        (
            {"url": "http://localhost/list"},
            (
                "url: 'http://localhost/list' is on this machine or the local network, where "
                "yt-dlp is not sent; use kind `file` or `feed` for a list there"
            ),
        ),
    ],
)
def test_yt_dlp_source_refuses_wrong_options(options: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        made(b"", **options)
    assert str(caught.value) == f"watch list 'list': {message}"


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST.",
        "tea.localhost",
        "nas.local",
        "metadata.google.internal",
        "router.lan",
        "teapot",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "192.168.0.1",
        "[::1]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
    ],
)
def test_is_local_knows_hosts_that_are_not_on_the_internet(host: str) -> None:
    assert is_local(f"http://{host}:8080/list")


@pytest.mark.parametrize(
    "host", ["video.example.org", "video.example.org.", "xn--tee-0ra.example", "8.8.8.8"]
)
def test_is_local_lets_public_hosts_pass(host: str) -> None:
    assert not is_local(f"https://{host}/list")


def test_parse_flat_reads_tabs_of_a_channel_as_one_list() -> None:
    tabs = playlist({"entries": [ENTRY]}, {"entries": [HIDDEN, ENTRY]})
    assert [one.key for one in parse_flat(tabs).videos] == [
        "youtube:tea00000001",
        "youtube:tea00000002",
    ]


def test_parse_flat_names_an_entry_that_cannot_be_read() -> None:
    assert parse_flat(playlist(ENTRY, None)) == Listing(
        videos=(TEA,), skipped=("video 2: yt-dlp could not read this entry",)
    )


def test_parse_flat_takes_what_it_finds_on_any_page_for_a_window() -> None:
    assert parse_flat(playlist(ENTRY, extractor="Generic")) == Listing(
        videos=(TEA,), completeness=Completeness.WINDOW
    )


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"null", "yt-dlp found no entries"),
        (playlist(), "yt-dlp found no entries"),
        (json.dumps(ENTRY).encode(), "it is not a list but one video; paste the address of a list"),
        (b"\n".join([json.dumps(ENTRY).encode()] * 2), "it is not one JSON document"),
    ],
)
def test_parse_flat_takes_what_is_no_list_for_unknown(body: bytes, why: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_flat(body, where=URL)
    assert caught.value.message.startswith(f"the list {URL} cannot be read: {why}")


def test_look_passes_on_what_yt_dlp_says() -> None:
    def fail(url: str) -> bytes:
        raise SourceError(f"{url} fails")

    with pytest.raises(SourceError, match=f"{URL} fails"):
        look(URL, extract=fail)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "\x1b[0;31mERROR:\x1b[0m [youtube:tab] PLx: The playlist does not exist.\nmore",
            "yt-dlp says: [youtube:tab] PLx: The playlist does not exist.",
        ),
        (
            "ERROR: it broke; please report this issue on  https://example.org/issues",
            "yt-dlp says: it broke",
        ),
        (
            "https://ada:tea@example.org/?key=secret fails",
            "yt-dlp says: https://***@example.org/?key=*** fails",
        ),
        (
            "ERROR: no page: HTTP Error 404 (caused by <HTTPError 404: Not Found>)",
            "yt-dlp says: no page: HTTP Error 404",
        ),
        ("", "yt-dlp fails (ValueError)"),
    ],
)
def test_reason_is_one_clean_line(said: str, expected: str) -> None:
    assert reason(ValueError(said)) == expected


@pytest.mark.parametrize(
    ("name", "count"), [("playlist_flat_course.json", 14), ("playlist_flat_continuations.json", 17)]
)
def test_parse_flat_reads_real_lists(name: str, count: int) -> None:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    listing = parse_flat(path.read_bytes())
    assert (len(listing.videos), listing.skipped) == (count, ())


needs_yt_dlp = pytest.mark.skipif(not find_spec("yt_dlp"), reason="yt-dlp is not installed")


@needs_yt_dlp
def test_installed_finds_yt_dlp() -> None:
    assert installed() is extract


@needs_yt_dlp
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # its own business
def test_extract_says_what_yt_dlp_does_not_support(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SourceError, match="the list tea:list cannot be read: yt-dlp says: "):
        extract("tea:list")
    assert capfd.readouterr() == ("", "")
