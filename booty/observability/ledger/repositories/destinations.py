"""A destination as it is stored, beside a job or in a history: what differs from the settings, no more."""

from __future__ import annotations

from booty.observability.alerts.routing.destination import HERE, Destination
from booty.observability.alerts.routing.route import HANDOVERS
from booty.observability.ledger.engines.records import Record, Shape, shaped

KEY = "destination"
DESTINATION: Shape = {"repository": str, "labels": list, "trigger_label": str, "assignees": list, "handover": str}

STORED = ("repository", "trigger_label", "handover", "labels", "assignees")


def stored(destination: Destination) -> Record:
    """Return the field of a record that keeps the destination; none where all is as the settings say."""
    if destination is HERE:
        return {}
    fields = ((name, getattr(destination, name)) for name in STORED)
    told = {name: list(value) if isinstance(value, tuple) else value for name, value in fields if value}
    return {KEY: told} if told else {}


def destination_in(record: object, *, repository: str | None) -> Destination:
    """Return the destination in a field of a record; `repository` is what the job's name says, in lower case.

    It is written as the record has it where both mean the same one. A hand-over that this release does not know is
    left out.
    """
    if record == {} and repository is None:
        return HERE
    known = shaped(record, DESTINATION)
    written = known.get("repository", "")
    labels, assignees = (
        tuple(each for each in known.get(name, ()) if isinstance(each, str)) for name in ("labels", "assignees")
    )
    handover = next((each for each in HANDOVERS if each == known.get("handover")), None)
    return Destination(
        written if repository is not None and written.lower() == repository else repository,
        labels,
        known.get("trigger_label"),
        assignees,
        handover,
    )
