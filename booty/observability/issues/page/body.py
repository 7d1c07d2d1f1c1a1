"""The issue that an alert becomes: title, body, labels, marker.

It is pure: the same alert always makes the same issue. What the body says is written in its sections; here they
are put in order and kept within what GitHub takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.issue import TEST
from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.issues.code.code_context import CodeContext
from booty.observability.issues.draft import Draft
from booty.observability.issues.page.code_section import suspects
from booty.observability.issues.page.context import Context, in_repository
from booty.observability.issues.page.details import details, reconciled, variables
from booty.observability.issues.page.headline import sentence, title
from booty.observability.issues.page.rollback import rollback
from booty.observability.issues.page.sections import breadcrumbs, exceptions, facts, message, notice, ran_on
from booty.observability.issues.page.stack import crash, libraries, stack

LIMIT = 60_000
"""Characters of a body; GitHub refuses more than 65,536."""
CUT = "*Truncated to fit GitHub's limit. The full event is in Sentry.*"
PAGE: tuple[Callable[[Alert, Context], str | None], ...] = (
    sentence,
    rollback,
    notice,
    exceptions,
    message,
    details,
    reconciled,
    crash,
    variables,
    facts,
    stack,
    suspects,
    libraries,
    breadcrumbs,
    ran_on,
)
"""The sections in the reader's order; the counter goes below the first one, which is one line."""


def render(
    alert: Alert, *, trigger_label: str, code_context: CodeContext | None = None, sentry: SentryPages | None = None
) -> Draft:
    """Write the issue for `alert`; `trigger_label` hands it to the agent, and is never that of a test alert.

    `code_context` adds the repository's own paths, links to the code and the suspects, where they are known. Addresses
    are linked only if they lead to `sentry`, by default to Sentry's own cloud.
    """
    marker = f"<!-- booty:fingerprint={alert.fingerprint} event={alert.event} -->"
    told, context = in_repository(alert, code_context or CodeContext(), sentry or SentryPages())
    blocks = filter(None, (section(told, context) for section in PAGE))
    return Draft(
        title=title(told),
        body=f"{compose(blocks, limit=LIMIT - len(marker) - 2)}\n\n{marker}",
        labels=(TEST,) if alert.is_test else (trigger_label, f"severity:{alert.severity}"),
        marker=marker,
    )


def compose(blocks: Iterable[str], *, limit: int) -> str:
    """Join `blocks` in at most `limit` characters; the first one that does not fit ends them, with a note."""
    body = ""
    for block in blocks:
        longer = f"{body}\n\n{block}" if body else block
        if len(longer) + 2 + len(CUT) > limit:
            return f"{body}\n\n{CUT}" if body else CUT
        body = longer
    return body
