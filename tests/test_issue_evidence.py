"""What the repository knows stands in the issue: code at the crash, links, suspects, all of it harmless."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import alerts
import hostile
import pytest
from alerts import AT
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from repository_stand_in import SHA

from booty.observability import permalinks
from booty.observability.alert import Alert, Frame
from booty.observability.issue_body import LIMIT, Draft, marker_of, render
from booty.observability.issue_evidence import FRESH, UNTRUSTED, call_links, crash_link, suspects
from booty.observability.provenance import CodeLink, Comparison, Provenance, Suspect
from booty.observability.source_tree import SourceTree
from booty.observability.web_links import WebLinks

PAGE = "https://github.com/acme/shop"
STORE, WEB = "src/shop/store.py", "src/shop/web.py"
MARKDOWN = MarkdownIt("commonmark")
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


def evidence(**changes: object) -> Provenance:
    """Build the provenance of the plain chained error, with `changes` to its parts."""
    tree = SourceTree([STORE, WEB])
    found = permalinks.find(alerts.python_chained(), tree=tree, commit=SHA, web=WebLinks(PAGE))
    whole = Provenance(found.crash, found.calls, (SUSPECT,), COMPARISON)
    return replace(whole, **changes)  # type: ignore[arg-type]  # fields by name, as the tests spell them


def draft(provenance: Provenance | None, alert: Alert | None = None) -> Draft:
    return render(alert or alerts.python_chained(), trigger_label="agent:builder", provenance=provenance)


def test_shows_the_code_of_the_crash_on_a_line_of_its_own_then_links_suspects_and_comparison() -> None:
    pull = f"[pull request 12]({PAGE}/pull/12)"
    blocks = draft(evidence()).body.split("\n\n")
    plain = draft(None).body.split("\n\n")

    assert [block for block in blocks if block not in plain] == [
        f"{PAGE}/blob/{SHA}/{STORE}#L13-L17",
        "**In the repository, at this release**",
        (
            f"- at [`shop/web.py:17`]({PAGE}/blob/{SHA}/{WEB}#L17)\n"
            f"- at [`shop/store.py:13`]({PAGE}/blob/{SHA}/{STORE}#L13)"
        ),
        "### Suspects",
        "The last commits up to this release that touched the file of the crash.",
        f"- [`aaaaaaa`]({SUSPECT.url}) `Total the cart (#12)` by `ada-l`, 2 days before the error, {pull}",
        f"[What changed from the release before, `bbbbbbb`, to this one, `3f6c1d0`]({COMPARISON.url}).",
    ]
    assert blocks.index("### Crash") < blocks.index(f"{PAGE}/blob/{SHA}/{STORE}#L13-L17") < blocks.index("### Stack")
    assert blocks.index("### Suspects") < blocks.index("### Breadcrumbs")


@pytest.mark.parametrize("nothing", [None, Provenance()])
def test_an_issue_without_provenance_is_the_issue_as_it_was(nothing: Provenance | None) -> None:
    assert draft(nothing) == render(alerts.python_chained(), trigger_label="agent:builder")


def test_says_nothing_of_what_was_not_found() -> None:
    told = alerts.python_chained()

    assert [section(told, Provenance()) for section in (crash_link, call_links, suspects)] == [None, None, None]


def test_says_in_words_that_the_commit_is_not_trusted_and_links_nothing() -> None:
    plain, told = draft(None).body.split("\n\n"), draft(Provenance(is_untrusted=True)).body.split("\n\n")

    assert [block for block in told if block not in plain] == [UNTRUSTED]


def test_marks_an_error_that_came_with_its_release() -> None:
    told = suspects(alerts.python_chained(), evidence(suspects=(), comparison=replace(COMPARISON, is_fresh=True)))

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
    told = suspects(alerts.alert(), Provenance(suspects=(bare,)))

    assert told is not None
    assert told.endswith(f"`Total the cart (#12)`, {words}")


def test_says_the_date_of_a_suspect_when_the_error_has_none() -> None:
    told = suspects(alerts.alert(occurred_at=None), Provenance(suspects=(SUSPECT,)))

    assert told is not None
    assert ", on 2026-11-21, [pull" in told


def test_the_marker_is_the_same_with_provenance_and_without() -> None:
    assert marker_of(draft(evidence()).body) == marker_of(draft(None).body) is not None


def flat(tokens: list[Token]) -> list[Token]:
    return [inner for token in tokens for inner in (token, *flat(token.children or []))]


def skeleton(body: str) -> list[tuple[str, str, str]]:
    """Return everything that the Markdown of `body` says, except what stands in code."""
    code = {"code_inline", "fence", "inline"}
    return [
        (token.type, "" if token.type in code else token.content, "" if token.type == "inline" else str(token.attrs))
        for token in flat(MARKDOWN.parse(body))
    ]


def accused(text: str) -> str:
    """Write the body of an issue whose commits, authors and file names all read `text`."""
    suspect = replace(SUSPECT, subject=text, author=text)
    url = f"{PAGE}/blob/{SHA}/a.py#L7"
    frame = Frame(path=text or "a.py", line=7, in_app=True)
    links = (CodeLink(frame, url),) * 2
    return draft(evidence(suspects=(suspect,) * 3, calls=links), alerts.hostile(["x"])).body


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_no_hostile_commit_author_or_file_stands_outside_code(text: str) -> None:
    assert skeleton(accused(text)) == skeleton(accused("x"))


def test_a_file_name_makes_no_link_reference_definition() -> None:
    assert skeleton(accused("cart]")) == skeleton(accused("x"))


@given(
    st.lists(st.sampled_from([*hostile.TEXTS, "`", "](", "\n", "\\"]) | st.text(max_size=4), max_size=5)
    .map("".join)
    .filter(bool)
)
@settings(deadline=None)  # two issues are parsed for each example, on a machine that others use as well
def test_no_mixture_of_them_stands_outside_code(text: str) -> None:
    assert skeleton(accused(text)) == skeleton(accused("x"))


def test_shows_no_secret_of_a_commit() -> None:
    token = "gh" + "p_" + "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zCaB3d"

    assert "aB3dE6" not in accused(f"Remove {token}")


def test_a_huge_history_fits() -> None:
    body = accused("`" * 60_000)

    assert len(body) <= LIMIT
    assert marker_of(body) is not None
