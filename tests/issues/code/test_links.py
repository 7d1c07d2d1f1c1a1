"""An address says exactly which line of which commit, and nothing in it is Markdown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import hostile
from support.repository_stand_in import SHA

from booty.observability.alerts.alert import Frame
from booty.observability.issues.code.links import WebLinks

WEB = WebLinks("https://github.com/acme/shop")
BLOB = f"https://github.com/acme/shop/blob/{SHA}"
HARMLESS = re.compile(rf"{re.escape(BLOB)}/[\w.~%/-]+#L7", re.ASCII)


def test_links_the_crash_with_two_lines_around_it() -> None:
    assert WEB.crash(Frame(line=12), path="src/shop/cart.py", commit=SHA) == f"{BLOB}/src/shop/cart.py#L10-L14"


@pytest.mark.parametrize(
    ("frame", "lines"),
    [
        (Frame(line=1), "#L1-L3"),
        (Frame(line=2), "#L1-L4"),
        (Frame(line=12, before=("a", "b", "c"), source="d", after=()), "#L10-L12"),
        (Frame(line=12, before=(), source="d", after=("e",)), "#L10-L13"),
        (Frame(line=12, source="d"), "#L10-L14"),
        (Frame(line=1, before=("",), source="d"), "#L1"),
    ],
)
def test_takes_in_no_line_that_the_file_may_not_have(frame: Frame, lines: str) -> None:
    assert WEB.crash(frame, path="a.py", commit=SHA) == f"{BLOB}/a.py{lines}"


def test_links_nothing_without_a_line() -> None:
    assert WEB.crash(Frame(), path="a.py", commit=SHA) is None
    assert WEB.call(Frame(), path="a.py", commit=SHA) is None


@pytest.mark.parametrize(
    ("path", "quoted"),
    [
        ("app/[id]/page (1).tsx", "app/%5Bid%5D/page%20%281%29.tsx"),
        ("docs/größe #1?.py", "docs/gr%C3%B6%C3%9Fe%20%231%3F.py"),
        ("a/<b>|`c`*.py", "a/%3Cb%3E%7C%60c%60%2A.py"),
    ],
)
def test_writes_every_odd_name_in_percent(path: str, quoted: str) -> None:
    assert WEB.call(Frame(line=7), path=path, commit=SHA) == f"{BLOB}/{quoted}#L7"


def test_links_no_path_that_holds_a_secret() -> None:
    token = "gh" + "p_" + "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zCaB3d"

    assert WEB.call(Frame(line=7), path=f"keys/{token}.py", commit=SHA) is None


@given(st.sampled_from(hostile.TEXTS) | st.text(min_size=1))
def test_nothing_in_an_address_is_markdown(path: str) -> None:
    url = WEB.call(Frame(line=7), path=path, commit=SHA)

    assert url is None or HARMLESS.fullmatch(url)


def test_links_commits_comparisons_and_pull_requests() -> None:
    assert WEB.commit(SHA) == f"https://github.com/acme/shop/commit/{SHA}"
    assert WEB.comparison("a" * 40, SHA) == f"https://github.com/acme/shop/compare/{'a' * 40}...{SHA}"
    assert WEB.pull(12) == "https://github.com/acme/shop/pull/12"
