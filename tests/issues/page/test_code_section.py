"""What the repository knows is in the issue: code at the crash, links, suspects, all of it harmless."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import alerts, hostile
from support.alerts import AT
from support.rendered import skeletons
from support.repository_stand_in import SHA

from booty.observability.alerts.alert import Alert, Frame, Raised
from booty.observability.issues.code import permalinks
from booty.observability.issues.code.code_context import CodeContext, CodeLink, Comparison, Suspect
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.code.source_tree import SourceTree
from booty.observability.issues.draft import Draft, marker_of
from booty.observability.issues.page.body import LIMIT, render
from booty.observability.issues.page.code_section import FRESH, UNTRUSTED, suspects
from booty.observability.issues.page.context import Context

PAGE = "https://github.com/acme/shop"
STORE, WEB = "src/shop/store.py", "src/shop/web.py"
BLOB = f"{PAGE}/blob/{SHA}"
SUSPECT = Suspect(
    sha="a" * 40,
    url=f"{PAGE}/commit/{'a' * 40}",
    subject="Total the cart (#12)",
    author="ada-l",
    committed_at=AT - timedelta(days=2, hours=3),
    pull=12,
    pull_url=f"{PAGE}/pull/12",
)
COMPARISON = Comparison(before="b" * 40, after=SHA, url=f"{PAGE}/compare/{'b' * 40}...{SHA}", is_fresh=False)


def chained(**changes: object) -> CodeContext:
    """Build the code context of the plain chained error, with `changes` to its parts."""
    tree = SourceTree([STORE, WEB])
    found = permalinks.find(alerts.python_chained(), tree=tree, commit=SHA, web=WebLinks(PAGE))
    whole = CodeContext(found.crash, found.calls, (SUSPECT,), COMPARISON)
    return replace(whole, **changes)  # type: ignore[arg-type]  # fields by name, as the tests spell them


def draft(code_context: CodeContext | None, alert: Alert | None = None) -> Draft:
    return render(alert or alerts.python_chained(), trigger_label="agent:builder", code_context=code_context)


def test_names_and_links_the_repositorys_own_paths_in_one_stack() -> None:
    issue = draft(chained())

    assert issue.title == "[error] OrderMissing in src/shop/store.py:15"
    assert issue.body.startswith("`OrderMissing` raised at `src/shop/store.py:15` in `total`, unhandled")
    assert f"**Caused by** at [`src/shop/store.py:13`]({BLOB}/{STORE}#L13) in `total`\n" in issue.body
    assert f"Crashed at [`src/shop/store.py:15`]({BLOB}/{STORE}#L13-L17) in `total`:\n\n```\n" in issue.body
    assert (
        "### Stack\n\nNewest call first.\n\n"
        f"- at [`src/shop/store.py:15`]({BLOB}/{STORE}#L13-L17) in `total`\n"
        f"- at [`src/shop/web.py:17`]({BLOB}/{WEB}#L17) in `order`: `return str(store.total(number))`\n"
    ) in issue.body
    assert not re.search("(?<!src/)shop/(store|web).py", issue.body)


def test_the_code_of_the_crash_stands_once() -> None:
    """Neither in the stack again, nor as the permalink that GitHub shows as code."""
    body = draft(chained()).body

    assert body.count("raise OrderMissing") == 1
    assert not re.search(r"^https://", body, re.MULTILINE)


def test_a_crash_without_lines_of_its_own_shows_those_of_the_repository() -> None:
    bare = Frame(path="shop/store.py", line=15, function="total", in_app=True)
    found = CodeContext(crash=CodeLink(bare, f"{BLOB}/{STORE}#L13-L17", STORE))

    body = draft(found, alerts.alert(raised=(Raised(type="OrderMissing", frames=(bare,)),))).body
    assert f"### Crash\n\n{BLOB}/{STORE}#L13-L17\n" in body


def test_suspects_come_before_the_calls_of_libraries() -> None:
    pull = f"[pull request 12]({PAGE}/pull/12)"
    body = draft(chained()).body

    assert (
        "### Suspects\n\nThe last commits up to this release that touched the file of the crash.\n\n"
        f"- [`aaaaaaa`]({SUSPECT.url}) `Total the cart (#12)` by `ada-l`, 2 days before the error, {pull}\n\n"
        f"[What changed from the release before, `bbbbbbb`, to this one, `3f6c1d0`]({COMPARISON.url}).\n\n"
        "### Libraries\n"
    ) in body


@pytest.mark.parametrize("nothing", [None, CodeContext()])
def test_an_issue_without_code_context_is_that_of_the_alert_alone(nothing: CodeContext | None) -> None:
    assert draft(nothing) == render(alerts.python_chained(), trigger_label="agent:builder")


def test_says_nothing_of_what_was_not_found() -> None:
    assert suspects(alerts.python_chained()) is None


def test_says_in_words_that_the_commit_is_not_trusted_and_links_nothing() -> None:
    plain, told = draft(None).body.split("\n\n"), draft(CodeContext(is_untrusted=True)).body.split("\n\n")

    assert [block for block in told if block not in plain] == [UNTRUSTED]


def test_marks_an_error_that_came_with_its_release() -> None:
    told = suspects(
        alerts.python_chained(),
        Context(code_context=chained(suspects=(), comparison=replace(COMPARISON, is_fresh=True))),
    )

    assert told is not None
    assert told.endswith(FRESH)
    assert "touched" not in told


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=5), "within a minute before the error"),
        (timedelta(minutes=1), "1 minute before the error"),
        (timedelta(minutes=59, seconds=59), "59 minutes before the error"),
        (timedelta(hours=1), "1 hour before the error"),
        (timedelta(days=29), "29 days before the error"),
        (timedelta(days=70), "2 months before the error"),
        (timedelta(days=800), "2 years before the error"),
        (timedelta(seconds=-1), "on 2026-11-23"),
    ],
)
def test_says_how_old_a_suspect_was_at_the_error(age: timedelta, words: str) -> None:
    bare = replace(SUSPECT, committed_at=AT - age, author=None, pull=None, pull_url=None)
    told = suspects(alerts.alert(), Context(code_context=CodeContext(suspects=(bare,))))

    assert told is not None
    assert told.endswith(f"`Total the cart (#12)`, {words}")


def test_says_the_date_of_a_suspect_when_the_error_has_none() -> None:
    told = suspects(alerts.alert(occurred_at=None), Context(code_context=CodeContext(suspects=(SUSPECT,))))

    assert told is not None
    assert ", on 2026-11-21, [pull" in told


def test_the_marker_is_the_same_with_code_context_and_without() -> None:
    assert marker_of(draft(chained()).body) == marker_of(draft(None).body) is not None


def accused(text: str) -> str:
    """Write the body of an issue whose commits, authors and file names, the repository's as well, all read `text`."""
    suspect = replace(SUSPECT, subject=text, author=text)
    crashed, called = (Frame(path=text, line=line, function=text, source=text, in_app=True) for line in (7, 8))
    raised = Raised(type="E", frames=(called, crashed))
    links = [CodeLink(frame, f"{BLOB}/a.py#L{frame.line}", text) for frame in (crashed, called)]
    found = chained(suspects=(suspect,) * 3, crash=links[0], calls=(links[1],))
    return draft(found, alerts.alert(raised=(raised, raised))).body


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_no_hostile_commit_author_or_file_stands_outside_code(text: str) -> None:
    assert skeletons(accused(text)) == skeletons(accused("x"))


def test_a_file_name_makes_no_link_reference_definition() -> None:
    assert skeletons(accused("cart]")) == skeletons(accused("x"))


@given(
    st.lists(st.sampled_from([*hostile.TEXTS, *hostile.GRAMMAR]) | st.text(max_size=4), max_size=5)
    .map("".join)
    .filter(str.strip)
)
def test_no_mixture_of_them_stands_outside_code(text: str) -> None:
    assert skeletons(accused(text)) == skeletons(accused("x"))


def test_shows_no_secret_of_a_commit() -> None:
    token = "gh" + "p_" + "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zCaB3d"

    assert "aB3dE6" not in accused(f"Remove {token}")


def test_a_huge_history_fits() -> None:
    body = accused("`" * 60_000)

    assert len(body) <= LIMIT
    assert marker_of(body) is not None
