"""A link from one page to another, or to a file, leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.pages import FENCE
from support.service import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("bench/*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")


def anchors(path: Path) -> set[str]:
    """Return the anchors that GitHub gives to a page's headings."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_leads_to_a_file_and_to_a_heading_in_it(path: Path) -> None:
    links = LINK.findall(FENCE.sub("", path.read_text(encoding="utf-8")))
    targets = [((path.parent / name).resolve() if name else path, anchor) for name, anchor in links]

    assert [str(target) for target, _ in targets if not target.exists()] == []
    assert [(str(target), anchor) for target, anchor in targets if anchor and anchor not in anchors(target)] == []
