"""An alert becomes an issue that a reader can trust: complete, bounded, and harmless whatever the alert holds."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import alerts, golden, hostile
from support.rendered import code_in, skeletons

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.severity import Severity
from booty.observability.issues.draft import Draft, Marker, marker_of
from booty.observability.issues.page.body import CUT, LIMIT, compose, render
from booty.observability.issues.page.headline import LIMIT as LIMIT_OF_TITLE
from booty.observability.issues.page.sections import TOLD_ABOVE
from booty.observability.text.redaction import redact

GITHUB_REFUSES = 65_536
WORDS = TOLD_ABOVE | {"debug"}
"""Names and levels by which the page leaves something out: hostile texts as well, but the page is another one then."""
WILD = st.lists(
    st.sampled_from([*hostile.TEXTS, *hostile.GRAMMAR]) | st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    min_size=1,
    max_size=6,
).filter(lambda texts: any(texts) and WORDS.isdisjoint(texts))


def draft_of(alert: Alert) -> Draft:
    return render(alert, trigger_label="agent:builder")


def test_writes_title_body_labels_and_marker() -> None:
    draft = draft_of(alerts.message_only())

    assert draft.title == "[warning] message event in shop.tasks.drain"
    assert draft.labels == ("agent:builder", "severity:warning")
    assert (
        draft.marker == "<!-- booty:fingerprint=4507012345678848:6123456789 event=50541c551ea5498d86368552b327a978 -->"
    )
    assert draft.body.startswith("Message logged in `shop.tasks in drain`, on `staging`, at ")
    assert draft.body.splitlines()[-1] == draft.marker


@pytest.mark.parametrize("name", golden.ALERTS)
def test_writes_the_issue_as_it_was_read_and_approved(name: str) -> None:
    approved = (golden.FOLDER / f"{name}.md").read_text(encoding="utf-8")

    assert golden.page(draft_of(golden.ALERTS[name]())) == approved


@pytest.mark.parametrize("severity", Severity)
def test_labels_every_severity(severity: Severity) -> None:
    assert draft_of(alerts.alert(severity=severity)).labels == ("agent:builder", f"severity:{severity.value}")


def test_leaves_out_every_section_that_has_nothing_to_say() -> None:
    body = draft_of(alerts.alert(project=None, occurred_at=None)).body

    headings = [line for line in body.splitlines() if line.startswith(("#", "-", "**"))]
    assert headings == ["- **Severity:** error"]


@pytest.mark.parametrize("ends", ["", "\n", "\r\n", " \t\r\n\r\n"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_finds_its_marker_however_github_ends_the_lines(ends: str, line_end: str) -> None:
    body = draft_of(alerts.python_chained()).body.replace("\n", line_end) + ends

    assert marker_of(body) == Marker(
        fingerprint="4507012345678848:6123456789", event="50541c551ea5498d86368552b327a978"
    )


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no marker",
        "<!-- booty:fingerprint=1:2 event=3 -->\nwritten by somebody else",
        "text before <!-- booty:fingerprint=1:2 event=3 -->",
        "<!-- booty:fingerprint=1:2 event=3 --> text after",
        "<!-- booty:fingerprint=1:2 event= -->",
        "<!-- booty:fingerprint=1 2 event=3 -->",
        f"<!-- booty:fingerprint={'1' * 129} event=3 -->",
        "    <!-- booty:fingerprint=1:2 event=3 -->",
    ],
)
def test_takes_nothing_else_for_its_marker(body: str) -> None:
    assert marker_of(body) is None


def test_a_forged_marker_does_not_count() -> None:
    assert marker_of(draft_of(alerts.hostile(hostile.TEXTS)).body) == Marker(
        fingerprint="4507012345678848:6123456789", event="50541c551ea5498d86368552b327a978"
    )


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_nothing_hostile_stands_outside_code(text: str) -> None:
    assert skeletons(draft_of(alerts.hostile([text])).body) == skeletons(draft_of(alerts.hostile(["x"])).body)


@given(WILD)
def test_no_mixture_of_hostile_texts_stands_outside_code(texts: list[str]) -> None:
    draft = draft_of(alerts.hostile(texts))

    assert skeletons(draft.body) == skeletons(draft_of(alerts.hostile(["x"])).body)
    assert len(draft.body) < GITHUB_REFUSES
    assert marker_of(draft.body) is not None


@given(WILD)
def test_a_title_is_made_of_identifiers_and_of_words_of_ours(texts: list[str]) -> None:
    title = draft_of(alerts.hostile(texts)).title

    assert len(title) <= LIMIT_OF_TITLE
    assert re.fullmatch(r"\[error\] [A-Za-z0-9_.:/-]+( in [A-Za-z0-9_.:/-]+( \([A-Za-z0-9_.:/-]+\))?)?", title)


def test_keeps_the_hostile_text_readable_inside_code() -> None:
    shown = code_in(draft_of(alerts.hostile(["@octocat `x` #1"])).body)

    assert sum("@octocat `x` #1" in text for text in shown) >= 15


def test_a_secret_is_in_no_part_of_the_issue() -> None:
    token = "gh" + "p_" + "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zCaB3d"
    hidden = "gh" + "p_" + "aB3dE6gH9j\u200bK2mN5pQ8rS1tU4v\x1b[0mW7xY0zCaB3d"
    draft = draft_of(alerts.hostile([token, hidden, "password=hunter2", "x" * 120 + token]))

    whole = draft.title + draft.body
    assert "aB3dE6" not in whole
    assert "hunter2" not in whole
    assert "[redacted github token]" in whole


@pytest.mark.parametrize("build", golden.ALERTS.values(), ids=golden.ALERTS)
def test_what_an_issue_shows_needs_no_second_redaction(build: Callable[[], Alert]) -> None:
    shown = code_in(draft_of(build()).body)

    assert [redact(text) for text in shown] == shown


def test_a_huge_alert_fits_with_its_marker() -> None:
    wide = "`" * 3 + "wide " * 20_000
    draft = draft_of(alerts.hostile([wide] * 3))

    assert len(draft.body) <= LIMIT
    assert marker_of(draft.body) is not None


def test_leaves_out_whole_blocks_where_there_is_no_room() -> None:
    body = compose(["one", "two", "three"], limit=len(f"one\n\ntwo\n\n{CUT}"))

    assert body == f"one\n\ntwo\n\n{CUT}"


def test_keeps_every_block_where_there_is_room() -> None:
    assert compose(["one", "two"], limit=200) == "one\n\ntwo"


def test_says_so_when_not_even_the_first_block_fits() -> None:
    assert compose(["one" * 100], limit=100) == CUT


def test_the_same_alert_makes_the_same_issue() -> None:
    assert draft_of(alerts.python_chained()) == draft_of(alerts.python_chained())
