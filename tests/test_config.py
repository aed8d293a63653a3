from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import Config, load_config
from pipeline.errors import ConfigError
from pipeline.model import Site, Watch
from pipeline.written.watches import Lists


def written(root: Path, body: str) -> Config:
    (root / "config.yaml").write_text(body, encoding="utf-8")
    return load_config(root)


def refusal(root: Path, body: str) -> str:
    with pytest.raises(ConfigError) as caught:
        written(root, body)
    return caught.value.message


def test_load_config_needs_nothing_but_the_tag(tmp_path: Path) -> None:
    assert written(tmp_path, "site: {tag: 'example.org,2031'}\n") == Config(
        root=tmp_path,
        site=Site(tag="example.org,2031", url="http://localhost:8000/", title="Conference recaps"),
    )


@pytest.mark.parametrize(
    "url", ["https://[example.org/", "https://example.org:99999/", "http://:80/"]
)
def test_load_config_refuses_an_address_that_nothing_can_be_asked_at(
    tmp_path: Path, url: str
) -> None:
    told = refusal(tmp_path, f"site: {{tag: 'example.org,2031', url: '{url}'}}\n")
    assert f"site.url: '{url}' is no web address" in told
    told = refusal(tmp_path, f"site: {{url: '{url}'}}\n")
    assert "`tag: example.org,2026`" in told


def test_load_config_reads_every_option(tmp_path: Path) -> None:
    body = """\
site:
  tag: example.org,2031-05
  url: https://example.org/recaps
  title: Tea talks
  language: de
  timezone: Europe/Berlin
feeds: {size: 20}
outputs: {fragments: false, mail: false}
fetch:
  contact: "https://example.org/about"
  timeout: 5
  private_addresses: true
  gap: 0.5
  connections: 1
  workers: 4
series:
  teaconf:
    watch:
      - {kind: youtube, url: "https://www.youtube.com/@teaconf"}
sources:
  youtube: {base: "http://localhost:8080"}
"""
    assert written(tmp_path, body) == Config(
        root=tmp_path,
        site=Site(
            tag="example.org,2031-05",
            url="https://example.org/recaps/",
            title="Tea talks",
            language="de",
            timezone="Europe/Berlin",
            feed_size=20,
            without=("mail", "fragments"),
        ),
        contact="https://example.org/about",
        timeout_s=5.0,
        private_addresses=True,
        gap_s=0.5,
        connections=1,
        workers=4,
        lists=Lists(
            series={
                "teaconf": (
                    Watch(
                        id="youtube-teaconf",
                        kind="youtube",
                        only_this_event=False,
                        options={"url": "https://www.youtube.com/@teaconf"},
                        series="teaconf",
                    ),
                )
            },
            options={"youtube": {"base": "http://localhost:8080"}},
        ),
    )


def test_load_config_remembers_where_the_list_of_a_series_stands(tmp_path: Path) -> None:
    body = """\
site: {tag: 'example.org,2031'}
series:
  teaconf:
    watch:
      - {kind: file, path: a.yaml}
      - {kind: file, path: b.yaml}
"""
    made = written(tmp_path, body).lists.series["teaconf"]
    assert [one.place for one in made] == [(5, 9), (6, 9)]


def test_load_config_refuses_two_lists_of_one_id_in_a_series(tmp_path: Path) -> None:
    body = """\
site: {tag: 'example.org,2031'}
series:
  teaconf:
    watch:
      - {kind: file, path: a.yaml}
      - {kind: file, path: b.yaml, id: file-a}
"""
    assert refusal(tmp_path, body) == (
        "config.yaml:6:9: series.teaconf.watch[1]: the list id 'file-a' is there twice; "
        "give one of them an `id:` of its own"
    )


@pytest.mark.parametrize("body", ["feeds: {}\n", "site: {url: 'https://example.org/'}\n"])
def test_load_config_says_which_line_to_add_for_a_missing_tag(tmp_path: Path, body: str) -> None:
    assert "insert the line `" in refusal(tmp_path, body)
    assert "tag: " in refusal(tmp_path, body)


@pytest.mark.parametrize("tag", ["example.org", "example.org,31", "Example Org,2031", "x,2031"])
def test_load_config_refuses_what_makes_no_tag_uri(tmp_path: Path, tag: str) -> None:
    message = refusal(tmp_path, f"site: {{tag: '{tag}'}}\n")
    assert message.startswith(f"config.yaml:1:8: site.tag: '{tag}' is no tag authority; write ")


def test_load_config_names_a_misspelt_option(tmp_path: Path) -> None:
    assert refusal(tmp_path, "site: {tag: 'example.org,2031'}\nfedes: {size: 20}\n") == (
        "config.yaml:2:1: fedes: unknown key 'fedes'; did you mean 'feeds'?"
    )


def test_load_config_says_what_to_do_without_a_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"start a new one with `recap init`"):
        load_config(tmp_path)
