"""A newsletter tool's merge tags in texts of ours: shown to readers as they are, never acted on.

Must not know of talks. Each rule is for the finished document, so that no title, name or address
can be put together to a tag; `UNSUBSCRIBE` is the one thing that becomes one, afterwards.

    listmonk     Go templates; HTML and the plain text go through html/template, which drops
                 comments, so conditional ones are handed to its `Safe`, and which would take a `<`
                 of the plain text for markup; `…@TrackLink` after an address is a shorthand
                 (models/campaigns.go, models/common.go of knadh/listmonk)
    buttondown   Django templates (docs.buttondown.com/template-variables)
    mailchimp    `*|TAG|*`; nothing is documented for plain text, so a word joiner parts the two
    plain        no tool is known; HTML, which may be pasted into one, is escaped for all of them
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from pipeline.model import MergeTags

Part = Literal["html", "text", "markdown", "subject"]
"""What of a mail a text is."""

UNSUBSCRIBE = "\ufdd0"
"""Stands for the tool's unsubscribe tag until all is escaped; cleaned text never holds it."""

TAGS: Mapping[MergeTags, str] = {
    "plain": "",
    "listmonk": "{{ UnsubscribeURL }}",
    "buttondown": "{{ unsubscribe_url }}",
    "mailchimp": "*|UNSUB|*",
}
"""What each tool replaces by the address at which a recipient unsubscribes; "" where none does."""

_ENTITIES = {"{{": "&#123;&#123;", "{%": "&#123;%", "{#": "&#123;#", "*|": "*&#124;"}
_AT = "@TrackLink"
# One brace before an action would make three, so each is written by an action of its own.
_GO = {"{": '{{ "{" }}', _AT: '{{ "@" }}TrackLink'}
_DJANGO = {
    "{{": "{% templatetag openvariable %}",
    "{%": "{% templatetag openblock %}",
    "{#": "{% templatetag opencomment %}",
}
# In Markdown a comment parts the two characters of a tag, escaped or not: it is gone after
# Markdown, template and browser, in whichever order a tool has them. An entity, or a backslash
# alone, would become the brace itself before the template is read.
_COMMENT = "<!-- -->"
_IN_MARKDOWN = re.compile(r"\{(?=\\?[{%#])|\*(?=\\?\|)|@(?=TrackLink)")

_RULES: Mapping[MergeTags, Mapping[Part, Mapping[str, str]]] = {
    "plain": {"html": _ENTITIES},
    "listmonk": {
        "html": {**_ENTITIES, _AT: "&#64;TrackLink"},
        "text": {**_GO, "<": '{{ Safe "<" }}'},
        "subject": _GO,
    },
    "buttondown": {
        "html": _ENTITIES,
        "text": _DJANGO,
        "subject": _DJANGO,
    },
    "mailchimp": {
        "html": _ENTITIES,
        "text": {"*|": "*\u2060|"},
        "subject": {"*|": "*\u2060|"},
    },
}

_CONDITIONAL = re.compile(r"<!--\[if mso\]>.*?<!\[endif\]-->", re.DOTALL)
_UNSAFE_IN_ADDRESS = {"{": "%7B", "}": "%7D", "|": "%7C", _AT: "%40TrackLink"}


def escape(document: str, target: MergeTags, *, part: Part) -> str:
    """Return a finished document so that the tool shows it as it is, with its unsubscribe tag."""
    if part == "markdown" and target != "plain":
        document = _IN_MARKDOWN.sub(lambda found: f"{found[0]}{_COMMENT}", document)
    rules = _RULES[target].get(part, {})
    if any(tag in document for tag in rules):
        pattern = "|".join(re.escape(tag) for tag in rules)
        document = re.sub(pattern, lambda found: rules[found[0]], document)
    if target == "listmonk" and part == "html":
        document = _CONDITIONAL.sub(lambda found: f"{{{{ Safe `{found[0]}` }}}}", document)
    return document.replace(UNSUBSCRIBE, TAGS[target])


def address(url: str) -> str:
    """Return a web address without characters that a merge tag is made of; it leads to the same."""
    for tag, escaped in _UNSAFE_IN_ADDRESS.items():
        url = url.replace(tag, escaped)
    return url
