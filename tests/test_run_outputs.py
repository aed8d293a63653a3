"""Files that an installation does not want."""

from __future__ import annotations

from tests.workspace import CONFIG, Workspace, bytes_below

ASIDE = {
    "mail": {"email.html", "email.txt", "recap.eml"},
    "markdown": {"recap.md"},
    "fragments": {"recap-body.html", "recap-post.md"},
}


def test_outputs_that_nobody_wants_go_and_come_back_byte_for_byte(tea: Workspace) -> None:
    tea.pass_()
    before = bytes_below(tea.root / "feeds")

    for kind, names in ASIDE.items():
        tea.write("config.yaml", f"{CONFIG}outputs: {{{kind}: false}}\n")
        tea.pass_()
        left = bytes_below(tea.root / "feeds")
        assert before.keys() - left.keys() == {f"teaconf-2031/{name}" for name in names}

    tea.write("config.yaml", CONFIG)
    tea.pass_()
    assert bytes_below(tea.root / "feeds") == before


def test_pages_lead_to_no_file_that_is_not_wanted(tea: Workspace) -> None:
    mailing = "mail: {subscribe_url: 'https://lists.example.org/join'}\n"
    unwanted = "outputs: {mail: false, markdown: false, fragments: false}\n"
    pages = ("teaconf-2031/index.html", "teaconf-2031/subscribe.html")

    tea.write("config.yaml", f"{CONFIG}{mailing}")
    tea.pass_()
    found = bytes_below(tea.root / "feeds")
    assert all(b'href="email.html"' in found[page] for page in pages)

    tea.write("config.yaml", f"{CONFIG}{mailing}{unwanted}")
    tea.pass_()
    found = bytes_below(tea.root / "feeds")
    linked = b"".join(found[page] for page in pages).decode()
    assert [name for names in ASIDE.values() for name in names if f'"{name}"' in linked] == []
    assert 'To hand on: <a href="talks.json">the talks as data</a>.' in linked
