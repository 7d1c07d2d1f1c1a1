"""A change of an issue's file, which is written anew as a whole."""

from __future__ import annotations

import os
from typing import TypedDict, Unpack

from booty.observability.delivery.preview.files import Files
from booty.observability.delivery.preview.form import assignees_in, form_of, labels_in, required_form


class Change(TypedDict, total=False):
    """The parts that change."""

    title: str | None
    state: str | None
    labels: tuple[str, ...]
    assignees: tuple[str, ...]
    body: str | None


def write(files: Files, number: int, **change: Unpack[Change]) -> None:
    """Write the issue's file anew; a part that is None, or not named, stays as it is. Raises `Absent`, `Postponed`."""
    form = required_form(files.path(number))
    before = form["state"].strip()
    state = change.get("state") or before
    labels, assignees = change.get("labels", labels_in(form)), change.get("assignees", assignees_in(form))
    text = form_of(change.get("title") or form["title"], state, labels, change.get("body") or form["body"], assignees)
    with files.writing(), files.unfinished(text) as unfinished:
        if state == before:  # the file's time says since when it is closed
            stood = files.path(number).stat()
            os.utime(unfinished, ns=(stood.st_atime_ns, stood.st_mtime_ns))
        unfinished.replace(files.path(number))
