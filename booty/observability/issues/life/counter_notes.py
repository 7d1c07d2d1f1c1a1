"""Notes in the counter block: what could not be commented, since the issue takes no comments.

They are at the end of the block, a line each, and survive its rewriting.
"""

from __future__ import annotations

from booty.observability.issues.life.counter import BLOCK, END, FENCE, recount

NOTE = "*This issue takes no comments:* "
MOST_NOTES = 5


def noted(body: str, *, before: str, text: str | None) -> str:
    """Return `body` with the notes of `before`, which it takes the place of, and the first paragraph of `text` as one.

    Unchanged when people removed the block.
    """
    block = _block(body)
    new = [NOTE + " ".join(text.partition("\n\n")[0].split())] if text else []
    notes = list(dict.fromkeys([*_notes(_block(before)), *new]))[-MOST_NOTES:]
    if block is None or notes == _notes(block):
        return body
    told = [line for line in block.removesuffix(END).rstrip().split("\n") if not line.startswith(NOTE)]
    return recount(body, "\n\n".join(["\n".join(told).rstrip(), *notes, END]))


def _block(body: str) -> str | None:
    text = body.replace("\r\n", "\n")
    fence = FENCE.search(text)
    found = BLOCK.search(text[: fence.start()] if fence else text)
    return found[0] if found else None


def _notes(block: str | None) -> list[str]:
    return [line for line in (block or "").split("\n") if line.startswith(NOTE)]
