"""The form of an issue's file in the preview: its title, its state with its labels, its body."""

from __future__ import annotations

import re
from pathlib import Path

from booty.observability.delivery.preview.files import text_of
from booty.observability.issues.outcomes import Absent

FORM = re.compile(
    r"# (?P<title>[^\n]*)\n\n(?P<state>[A-Z][a-z ]*)(?P<labels>(?: `[^`\n]*`)*)"
    r"(?:, assigned to(?P<assignees>(?: `[^`\n]*`)+))?\n\n(?P<body>.*)\n",
    re.DOTALL,
)


def form_in(path: Path) -> re.Match[str] | None:
    """Return the parts of the issue in the file, None where there is no issue. Raises `Postponed`."""
    return FORM.fullmatch(text_of(path) or "")


def required_form(path: Path) -> re.Match[str]:
    """Return the parts of the issue in the file. Raises `Absent` where there is no issue, and `Postponed`."""
    form = form_in(path)
    if form is None:
        raise Absent(f"{path} does not hold an issue")
    return form


def labels_in(form: re.Match[str]) -> tuple[str, ...]:
    """Return the labels of a file that has the form."""
    return tuple(re.findall(r"`([^`]*)`", form["labels"]))


def assignees_in(form: re.Match[str]) -> tuple[str, ...]:
    """Return who is assigned to the issue in a file that has the form."""
    return tuple(re.findall(r"`([^`]*)`", form["assignees"] or ""))


def form_of(title: str, state: str, labels: tuple[str, ...], body: str, assignees: tuple[str, ...] = ()) -> str:
    """Return the content of an issue's file."""
    assigned = f", assigned to{''.join(f' `{login}`' for login in assignees)}" if assignees else ""
    return f"# {title}\n\n{state}{''.join(f' `{label}`' for label in labels)}{assigned}\n\n{body}\n"
