"""The choice of who gets one issue, before the day's budget is asked."""

from __future__ import annotations

from booty.observability.alerts.handover.terms import Handing, Held, Terms, is_agent
from booty.observability.alerts.routing.destination import Destination


def handing_of(terms: Terms, destination: Destination, *, trigger_label: str, path: str | None) -> Handing:
    """Return who gets an issue: what its route says, else `terms` and the `trigger_label` of the settings.

    `path` is the pattern that protects where its crash lies. The coding agent is nobody whom a route can just assign;
    a trigger label goes on when the issue is handed over, never as one of the labels beside it.
    """
    how = destination.handover or terms.handover
    held = Held("protected", path=path) if path else Held("gate") if how == "gate" else None
    label = destination.trigger_label or trigger_label
    people = tuple(login for login in destination.assignees if not is_agent(login))
    starting = {trigger_label.lower(), label.lower()}
    beside = tuple(each for each in destination.labels if each.lower() not in starting)
    return Handing(label, how == "copilot", held, people, beside)
