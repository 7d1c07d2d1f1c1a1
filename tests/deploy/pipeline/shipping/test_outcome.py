"""The outcome in words: every exit code has some, and nothing hostile in them comes alive."""

from __future__ import annotations

import pytest
from support import hostile
from support.rendered import skeletons

from booty.observability.text.untrusted import code
from deploy.pipeline.shipping.outcome import NOT_DEPLOYED, read_exit, render, serves_something_else
from deploy.pipeline.tag import NOT_TAGGED
from deploy.pipeline.target import PRODUCTION


def test_every_documented_exit_code_has_its_own_words() -> None:
    assert set(NOT_DEPLOYED) >= {1, 2, 64, 65, 66, 75, 77, 255}
    assert "undocumented exit code 9" in read_exit(9, target=PRODUCTION).headline


def test_output_of_others_is_cut_and_stays_inside_its_fence() -> None:
    page = render(
        read_exit(1, target=PRODUCTION), approver="", lines=["```", "</details>", "![x](http://evil)", "x" * 5000]
    )

    assert "````\n```\n</details>\n![x](http://evil)\n" in page
    assert "x" * 301 not in page


@pytest.mark.parametrize("text", [*hostile.TEXTS, *hostile.GRAMMAR])
def test_nothing_from_outside_comes_alive_in_the_summary(text: str) -> None:
    def page(text: str) -> str:
        told = render(serves_something_else(text), approver=text, lines=text.split("\n"))
        return f"{told}\n{NOT_TAGGED.format(problem=code(text))}\n"

    assert skeletons(page(text)) == skeletons(page("x"))
