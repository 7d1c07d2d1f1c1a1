"""The issues under `tests/issues/golden`, as a person reads them; `python tests/support/golden.py` writes them anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from support import alerts, hostile

from booty.observability.alerts.alert import Alert
from booty.observability.issues.draft import Draft
from booty.observability.issues.page.body import render

FOLDER = Path(__file__).parents[1] / "issues" / "golden"
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
