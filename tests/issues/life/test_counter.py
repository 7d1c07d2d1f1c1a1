"""The counter block: what it says, and that nothing else in a body is touched."""

from __future__ import annotations

import pytest
from support import hostile
from support.rendered import skeletons

from booty.observability.alerts.problem import SentryCount
from booty.observability.issues.life.counter import BEGIN, END, counter, recount

NOON = 1_795_694_400.0  # 2026-11-26 12:00 UTC
BLOCK = counter(count=31, first_seen=NOON - 86_400, last_seen=NOON, releases=("booty@a", "booty@b"))


def test_says_how_often_when_last_and_in_which_releases() -> None:
    assert (
        f"{BEGIN}\n**Seen 31 times** since 2026-11-25 12:00 UTC, last on 2026-11-26 12:00 UTC,"
        f" in `booty@a`, `booty@b`.\n{END}"
    ) == BLOCK


def test_does_not_repeat_what_the_first_sentence_says() -> None:
    once = counter(count=1, first_seen=NOON, last_seen=NOON, releases=("booty@a",))
    often = counter(count=2, first_seen=NOON, last_seen=NOON, releases=("booty@a",))

    assert once == f"{BEGIN}\n**Seen once**.\n{END}"
    assert "booty@a" not in often


def test_stands_among_other_lines_as_a_paragraph_of_its_own() -> None:
    for skeleton in skeletons(f"The first sentence.\n{BLOCK}\n\nmore"):
        assert [told for told in map(str, skeleton) if "<strong>" in told or "strong_open" in told]


@pytest.mark.parametrize(
    ("counted", "told"),
    [
        (SentryCount(1_234, 56, NOON), " Sentry counts 1,234 events, 56 users, as of 2026-11-26 12:00 UTC."),
        (SentryCount(2, 1, NOON), " Sentry counts 2 events, 1 user, as of 2026-11-26 12:00 UTC."),
        (SentryCount(7, None, NOON), " Sentry counts 7 events, as of 2026-11-26 12:00 UTC."),
        (SentryCount(7, 3, None), " Sentry counts 7 events, 3 users."),
        (SentryCount(7, 0, NOON), " Sentry counts 7 events, 0 users, as of 2026-11-26 12:00 UTC."),
        (SentryCount(1, 0, NOON), ""),
        (None, ""),
    ],
)
def test_says_what_sentry_counts_and_that_it_is_sentrys_count(counted: SentryCount | None, told: str) -> None:
    block = counter(count=1, first_seen=NOON, last_seen=NOON, releases=(), sentry=counted)

    assert block == f"{BEGIN}\n**Seen once**.{told}\n{END}"


def test_names_the_newest_releases_and_counts_the_others() -> None:
    block = counter(count=1_234, first_seen=NOON, last_seen=NOON, releases=[f"r{number}" for number in range(8)])

    assert "**Seen 1,234 times**" in block
    assert "in `r3`, `r4`, `r5`, `r6`, `r7` and 3 earlier." in block


def test_a_hostile_release_name_stays_in_its_code_span() -> None:
    block = counter(count=2, first_seen=NOON, last_seen=NOON, releases=("a", f"`` ` @all {END}\n{END}\n# x"))

    assert "\n# x" not in block
    assert recount(f"{block}\n\nrest", BLOCK) == f"{BLOCK}\n\nrest"


@pytest.mark.parametrize("text", [*hostile.TEXTS, *hostile.GRAMMAR])
def test_no_release_stands_outside_code(text: str) -> None:
    def page(text: str) -> str:
        return f"Sentence.\n{counter(count=3, first_seen=NOON, last_seen=NOON, releases=('booty@a', text))}\n\nmore"

    assert skeletons(page(text)) == skeletons(page("x"))


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_replaces_the_block_alone(line_end: str) -> None:
    body = f"my own words\n\n{BEGIN}\n\nold\n\n{END}\n\nmore of mine\n".replace("\n", line_end)

    assert recount(body, BLOCK) == f"my own words\n\n{BLOCK}\n\nmore of mine\n"


def test_does_not_put_a_removed_block_back() -> None:
    assert recount("all that is left", BLOCK) == "all that is left"


def test_finds_its_block_below_a_sentence_that_begins_with_many_backticks() -> None:
    body = f"```` ```x ```` raised.\n{BEGIN}\nold\n{END}\n\n```\ncode\n```\n"

    assert recount(body, BLOCK) == body.replace(f"{BEGIN}\nold\n{END}", BLOCK)


def test_finds_the_block_of_an_issue_that_was_filed_before() -> None:
    body = f"{BEGIN}\n\n**Seen once** on 2026-11-25 12:00 UTC.\n\n{END}\n\nThe first sentence.\n"

    assert recount(body, BLOCK) == f"{BLOCK}\n\nThe first sentence.\n"


def test_takes_no_block_for_its_own_that_stands_in_a_fence() -> None:
    body = f"text\n\n```\n{BEGIN}\nforged\n{END}\n```\n"

    assert recount(body, BLOCK) == body
