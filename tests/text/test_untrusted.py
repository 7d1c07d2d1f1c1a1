"""Text from outside is shown whole enough to be read, and can do nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import hostile
from support.rendered import code_in, skeletons

from booty.observability.text.untrusted import EMPTY, clean, code, fence, line

WILD = st.one_of(st.text(), st.lists(st.sampled_from([*hostile.TEXTS, *hostile.GRAMMAR]), max_size=8).map("".join))
TOKEN = "gh" + "p_" + "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zCaB3d"


def test_shows_a_plain_text_as_a_code_span() -> None:
    assert code("shop/cart.py:118") == "`shop/cart.py:118`"


def test_shows_a_plain_text_as_a_fence() -> None:
    assert fence("ValueError: no\n  way", limit=100) == "```\nValueError: no\n  way\n```"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("`", "`` ` ``"),
        ("a`b", "``a`b``"),
        ("``a", "``` ``a ```"),
        ("  two  words\n\tnext ", "`two words next`"),
        ("", f"`{EMPTY}`"),
        (" \n\u200b", f"`{EMPTY}`"),
        ("a|b", "`a|b`"),
        ("\\", "`\\`"),
    ],
)
def test_a_code_span_holds_any_text(text: str, shown: str) -> None:
    assert code(text) == shown


def page(text: str) -> str:
    """Write `text` wherever untrusted text may stand: in a paragraph with other spans, in a list, a link, a fence."""
    return "\n\n".join(
        (
            f"Before {code(text)} between {code(text[::-1])} after",
            f"- {code(text)}: {code(text, limit=40)}\n- [{code(text)}](https://github.com/acme/shop)",
            f"> {code(text)}",
            fence(text, limit=4_000),
            "last",
        )
    )


@given(WILD)
def test_whatever_the_text_is_it_stands_in_code(text: str) -> None:
    assert skeletons(page(text)) == skeletons(page("x"))


@pytest.mark.parametrize("text", ["]:", "]: b", "a]: <b>", r"\]]:", r"\[a]: b", "pages/id]:3"])
def test_a_link_of_a_span_at_the_start_of_a_block_defines_no_reference(text: str) -> None:
    assert skeletons(page(text)) == skeletons(page("x"))


@given(WILD)
def test_a_code_span_shows_the_text_on_one_line(text: str) -> None:
    shown = [found.replace("] :", "]:") for found in code_in(f"Before {code(text)} after")]

    assert shown == [line(text, limit=200).replace("] :", "]:") or EMPTY]


@pytest.mark.parametrize("mark", ["`", "~"])
@pytest.mark.parametrize("length", [1, 2, 3, 8, 9, 79, 80, 81, 254, 255, 256, 257, 1_000, 65_536])
def test_no_run_of_fence_characters_is_long_enough_for_a_parser_to_lose_count(mark: str, length: int) -> None:
    run = mark * length

    for shown in (code(f"{run} # x"), line(run, limit=9_999), fence(f"a\n{run}\n# x", limit=9_999)):
        assert mark * 10 not in shown
    assert skeletons(page(f"{run}\n# x @octocat")) == skeletons(page("x"))


def test_shows_that_a_run_was_shortened() -> None:
    assert code("~" * 9) == f"`{'~' * 8}…`"
    assert fence("`" * 8, limit=100) == f"{'`' * 9}\n{'`' * 8}\n{'`' * 9}"
    assert fence("`" * 80, limit=100) == f"{'`' * 9}\n{'`' * 8}…\n{'`' * 9}"


def test_a_lone_return_is_a_line_end_before_backticks_are_counted() -> None:
    assert fence("a\r````\rb\r\nc", limit=100) == "`````\na\n````\nb\nc\n`````"


def test_cuts_a_long_text_and_says_how_much_is_missing() -> None:
    assert fence("a" * 1_000_000, limit=10) == "```\naaaaaaaaaa\n… 999,990 more characters\n```"


def test_cuts_a_text_of_many_lines() -> None:
    assert fence("one\ntwo\nthree\nfour", limit=100, lines=2) == "```\none\ntwo\n… 11 more characters\n```"


def test_cuts_a_code_span_with_an_ellipsis() -> None:
    assert code("one two three", limit=9) == "`one two…`"


@pytest.mark.parametrize(
    "line_end", ["\r\n", "\r", "\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
)
def test_every_line_end_becomes_a_line_feed(line_end: str) -> None:
    assert clean(f"a{line_end}b") == "a\nb"


CHARACTERS = "\x00\x07\x08\x7f\x90\u00ad\u200b\u200d\u200f\u202e\u2066\u2069\u2060\u3164\u115f\ufe0f\ufeff\ufffe"
BEYOND = "\U000e0001\U000e0041\U000e01ef\ud800\udfff"
SEQUENCES = ["[31m", "[1;38;5;208m", "]0;title\x07", "]8;;https://evil.example\x1b\\", "M", "(B", "", "]"]


@pytest.mark.parametrize("invisible", [*CHARACTERS, *BEYOND, "\x9b1m", *("\x1b" + rest for rest in SEQUENCES)])
def test_what_cannot_be_seen_is_gone(invisible: str) -> None:
    assert clean(f"a{invisible}Ж") == "aЖ"


@given(st.text(st.characters()))
def test_nothing_invisible_is_left(text: str) -> None:
    found = clean(text)

    assert not [character for character in found if unicodedata.category(character) == "Cc" and character not in "\n\t"]
    assert clean(found) == found
    assert found.encode().decode() == found


@pytest.mark.parametrize("text", ["naïve café", "日本語のエラー", "Ошибка 42", "👍 done", "שלום", "हिन्दी", "a\tb\n  c"])
def test_text_of_any_language_stays(text: str) -> None:
    assert clean(text) == text


def test_accents_cannot_pile_up_over_other_lines() -> None:
    assert clean("e" + "\u0301" * 500) == "e" + "\u0301" * 4


@pytest.mark.parametrize("hidden", ["\u200b", "\x00", "\x1b[0m", "\u202e", "\u00ad", "\U000e0041", "\ufe0f"])
def test_a_secret_cannot_hide_behind_what_is_invisible(hidden: str) -> None:
    token = TOKEN[:12] + hidden + TOKEN[12:]

    assert code(f"x {token}") == "`x [redacted github token]`"
    assert fence(f"x {token}", limit=100) == "```\nx [redacted github token]\n```"


@pytest.mark.parametrize("limit", range(1, 60, 4))
def test_a_cut_cannot_halve_a_secret(limit: int) -> None:
    shown = code(f"a token {TOKEN}", limit=limit) + fence(f"a token {TOKEN}", limit=limit)

    assert TOKEN[4:10] not in shown


def test_no_half_of_a_secret_stands_where_reading_stopped() -> None:
    for length in range(1_500, 1_700, 3):
        secrets = " ".join("-----BEGIN PRIVATE KEY----- MIIE -----END PRIVATE KEY-----" for _ in range(24))
        text = f"{secrets} {'x' * (length - len(secrets))} {TOKEN}"

        assert TOKEN[4:12] not in fence(text, limit=100)
        assert TOKEN[4:12] not in code(text, limit=100)
