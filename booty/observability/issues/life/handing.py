"""A new issue as it is handed over: its labels, the line that says why it is not."""

from __future__ import annotations

from dataclasses import replace

from booty.observability.alerts.handover.terms import Handing
from booty.observability.issues.draft import Draft
from booty.observability.issues.page.held import why_held


def handed(draft: Draft, handing: Handing) -> Draft:
    """Return the draft with the label that says whose turn it is in place of its first one."""
    first = (handing.label,) if handing.label is not None else ()
    labels = tuple(dict.fromkeys((*first, *draft.labels[1:], *handing.labels)))
    why = why_held(handing)
    if why is None:
        return replace(draft, labels=labels)
    sentence, _, told = draft.body.partition("\n\n")
    return replace(draft, labels=labels, body=f"{sentence}\n\n{why}\n\n{told}")
