"""The form of an issue's file in the preview: its title, its state with its labels, its body."""

from __future__ import annotations

import re

FORM = re.compile(
    r"# (?P<title>[^\n]*)\n\n(?P<state>[A-Z][a-z ]*)(?P<labels>(?: `[^`\n]*`)*)\n\n(?P<body>.*)\n", re.DOTALL
)


def labels_in(form: re.Match[str]) -> tuple[str, ...]:
    """Return the labels of a file that has the form."""
    return tuple(re.findall(r"`([^`]*)`", form["labels"]))


def form_of(title: str, state: str, labels: tuple[str, ...], body: str) -> str:
    """Return the content of an issue's file."""
    return f"# {title}\n\n{state}{''.join(f' `{label}`' for label in labels)}\n\n{body}\n"
