"""The issues under `tests/issues`, as a person would read them: `python tests/golden.py` writes them anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import alerts
import hostile

from booty.observability.alert import Alert
from booty.observability.draft import Draft
from booty.observability.issue_body import render

FOLDER = Path(__file__).parent / "issues"
ALERTS: Mapping[str, Callable[[], Alert]] = {
    "python-chained": alerts.python_chained,
    "message-only": alerts.message_only,
    "javascript": alerts.javascript,
    "native": alerts.native,
    "metric": alerts.metric,
    "huge": alerts.huge,
    "hostile": lambda: alerts.hostile(hostile.TEXTS),
}


def page(draft: Draft) -> str:
    """Write an issue as one page: its title, its labels, its body."""
    return f"# {draft.title}\n\nLabels: {', '.join(draft.labels)}\n\n{draft.body}\n"


if __name__ == "__main__":
    for name, build in ALERTS.items():
        (FOLDER / f"{name}.md").write_text(page(render(build(), trigger_label="agent:builder")), encoding="utf-8")
