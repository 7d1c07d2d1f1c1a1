"""The issue of a storm: nothing from outside is more than text in it, however it is read."""

from __future__ import annotations

import pytest
from support.alerts import alert, frame
from support.hostile import TEXTS
from support.rendered import skeletons

from booty.observability.alerts.alert import Raised
from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.alerts.storm.digest import Digest, Row
from booty.observability.issues.draft import marker_of
from booty.observability.issues.storm.page import render, with_block

NOW = 1_800_000_000.0
PLAIN = "harmless"


def digest(*texts: str, total: int | None = None, is_over: bool = False) -> Digest:
    rows = tuple(
        Row(
            alert(
                raised=(Raised(type=text, frames=(frame(text, 3, text),)),),
                culprit=text,
                project=text,
                sentry_url=f"https://sentry.io/issues/{text}",
            ),
            7,
            NOW,
            NOW + 60,
        )
        for text in texts
    )
    return Digest("001800000000000", rows, total or len(rows), 30, 600.0, is_over)


def test_a_row_says_what_where_how_often_when_with_a_link() -> None:
    row = Row(
        alert(
            raised=(Raised(type="KeyError", frames=(frame("shop/cart.py", 12, "total"),)),),
            sentry_url="https://acme.sentry.io/issues/42/",
        ),
        1234,
        NOW,
        NOW + 3600,
    )
    draft = render(Digest("001800000000000", (row,), 1970, 30, 600.0, is_over=False), SentryPages())

    assert draft.labels == ("booty:storm",)
    assert draft.title == "A storm of new problems since 2027-01-15 08:00 UTC"
    assert "**1,970 problems**, of which the worst 1 are shown. It goes on." in draft.body
    assert (
        "| error | `KeyError` | `shop/cart.py:12` | 1,234 | 2027-01-15 08:00 UTC | 2027-01-15 09:00 UTC |"
        " [Sentry](https://acme.sentry.io/issues/42/) |"
    ) in draft.body
    marker = marker_of(draft.body)
    assert marker is not None
    assert (marker.fingerprint, marker.event) == ("booty:storm", "001800000000000")


@pytest.mark.parametrize("text", [*TEXTS, "a|b", "a\\|b", "`|`", "x | y | z", "\\", "``|", "<!-- /booty:storm -->"])
def test_hostile_text_changes_no_cell_and_no_row(text: str) -> None:
    told = [
        [
            [
                each
                for each in part
                if each[0] in {"<tr>", "<td>", "<th>", "<a>", "<img>", "tr_open", "td_open", "comment"}
            ]
            for part in skeletons(render(digest(PLAIN, words, PLAIN), SentryPages()).body)
        ]
        for words in (PLAIN, text)
    ]

    def shape(parts: list[list[tuple[str, ...]]]) -> list[list[str]]:
        return [[each[0] for each in part] for part in parts]

    links = [[each for each in part if each[0] == "<a>"] for part in told[1]]
    assert all("https://sentry.io/issues/" in str(each) for part in links for each in part)
    drop = [[[each for each in part if each[0] != "<a>"] for part in parts] for parts in told]
    assert shape(drop[1]) == shape(drop[0])


def test_a_hundred_rows_of_long_names_fit_into_an_issue() -> None:
    rows = digest(*(f"Error{number}" + "x" * 300 for number in range(100)), total=20_000)

    assert len(render(rows, SentryPages()).body) < 65_000


def test_only_the_table_is_rewritten() -> None:
    body = render(digest(PLAIN), None).body
    draft = render(digest(PLAIN, PLAIN, is_over=True), None)
    new = draft.body[draft.body.index("<!-- booty:storm -->") : draft.body.index("<!-- /booty:storm -->") + 21]

    assert with_block(f"above\r\n\r\n{body}\r\nbelow", new, draft.marker).startswith("above\n\nSo many")
    assert with_block(body, new, draft.marker) == draft.body
    assert with_block("mine", new, draft.marker) == f"mine\n\n{new}\n\n{draft.marker}"
