"""A new issue as it is handed over: its labels, the line that says why it is not."""

from __future__ import annotations

from dataclasses import replace

from booty.observability.alerts.handover.terms import Handing, Held
from booty.observability.issues.draft import Draft
from booty.observability.text.untrusted import code

WAITS = "**Waiting for a person.**"
NAME = 200
"""Characters of a pattern or a label."""


def handed(draft: Draft, handing: Handing) -> Draft:
    """Return the draft with the label that says whose turn it is in place of its first one."""
    first = (handing.label,) if handing.label is not None else ()
    labels = tuple(dict.fromkeys((*first, *draft.labels[1:], *handing.labels)))
    why = why_held(handing)
    if why is None:
        return replace(draft, labels=labels)
    sentence, _, told = draft.body.partition("\n\n")
    return replace(draft, labels=labels, body=f"{sentence}\n\n{why}\n\n{told}")


def why_held(handing: Handing) -> str | None:
    """Say why it is held, and how to hand it over; None where it is not held."""
    if handing.held is None:
        return None
    how = "assign Copilot" if handing.is_assigned else f"add the label {code(handing.trigger_label, limit=NAME)}"
    return f"{WAITS} {_reason(handing.held)} To hand this issue to the agent, {how}."


def _reason(held: Held) -> str:
    match held.reason:
        case "gate":
            return "No issue goes to the agent before somebody has looked at it."
        case "protected":
            return f"The crash is in a protected path, {code(held.path or '', limit=NAME)}."
        case "budget":
            count = "1 issue was" if held.per_day == 1 else f"{held.per_day} issues were"
            return f"{count} already handed over today (UTC), which is the limit."
