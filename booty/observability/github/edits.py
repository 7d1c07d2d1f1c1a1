"""An edit as GitHub's PATCH takes it."""

from __future__ import annotations

from booty.observability.issues.edit import Edit

LONGEST_BODY = 65_536
"""Characters; GitHub refuses a longer body, and with it everything else in the same call."""


def change_of(edit: Edit) -> dict[str, object]:
    """Return the fields to change; never `labels`, which would replace what people put on."""
    change: dict[str, object] = {}
    if edit.body is not None and len(edit.body) <= LONGEST_BODY:
        change["body"] = edit.body
    if edit.title is not None:
        change["title"] = edit.title
    if edit.state is not None:
        is_open = edit.state == "open"
        change |= {"state": "open" if is_open else "closed", "state_reason": "reopened" if is_open else edit.state}
    return change
