"""Notes in the counter block of an issue that takes no comments."""

from __future__ import annotations

from booty.observability.issues.life.counter import BEGIN, END, counter, recount
from booty.observability.issues.life.counter_notes import MOST_NOTES, NOTE, noted

BLOCK = counter(count=2, first_seen=1_800_000_000, last_seen=1_800_000_060, releases=["a"])
BODY = f"It broke.\n{BLOCK}\n\nrest\n\n```\n{BEGIN}\n{END}\n```\n\n<!-- marker -->"


def test_a_note_is_one_line_at_the_end_of_the_block_and_nothing_else_changes() -> None:
    told = noted(BODY, before=BODY, text="It came\nback.\n\n> a notice")

    assert told.count(f"\n\n{NOTE}It came back.\n\n{END}") == 1
    assert told.replace(f"{NOTE}It came back.\n\n", "").replace("\n\n" + END, "\n" + END) in {
        BODY,
        BODY.replace("\n\n" + END, "\n" + END),
    }


def test_notes_outlive_the_rewriting_of_the_block_and_the_oldest_go() -> None:
    body = BODY
    for number in range(MOST_NOTES + 2):
        body = noted(recount(body, BLOCK), before=body, text=f"note {number}")

    assert body.count(NOTE) == MOST_NOTES
    assert "note 1\n" not in body
    assert f"note {MOST_NOTES + 1}" in body
    assert noted(recount(body, BLOCK), before=body, text=None) == body


def test_where_people_removed_the_block_nothing_is_written() -> None:
    assert noted("a body", before="a body", text="It came back.") == "a body"
    assert noted(BODY, before=BODY, text=None) == BODY
