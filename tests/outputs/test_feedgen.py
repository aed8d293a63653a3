from __future__ import annotations

import locale
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from pipeline.errors import OutputError
from pipeline.outputs import _feedgen
from pipeline.outputs._items import Feed, feed
from pipeline.templating import Templates
from tests.builders import SITE, collection
from tests.outputs import samples


def made() -> Feed:
    return feed(collection(samples.thirteen()), SITE, templates=Templates())


@pytest.mark.parametrize("write", [_feedgen.atom, _feedgen.rss])
def test_feedgen_refuses_what_xml_forbids_with_the_file_and_a_remedy(
    write: Callable[[Feed], bytes],
) -> None:
    whole = made()
    item = replace(whole.items[0], title="Tea\x0c")

    for broken in (replace(whole, title="Tea\x0c"), replace(whole, items=(item,))):
        with pytest.raises(OutputError, match=r"teaconf-2031/(atom|rss)\.xml cannot .* event\."):
            write(broken)


def test_feedgen_gives_the_same_bytes_and_locale_in_many_threads() -> None:
    whole, before = made(), locale.setlocale(locale.LC_ALL)

    with ThreadPoolExecutor(8) as pool:
        bodies = set(pool.map(_feedgen.rss, [whole] * 24))

    assert (bodies, locale.setlocale(locale.LC_ALL)) == ({_feedgen.rss(whole)}, before)
