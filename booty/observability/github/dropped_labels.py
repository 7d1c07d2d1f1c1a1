"""Labels that GitHub dropped from a new issue, which it does silently when a permission is missing."""

from __future__ import annotations

import logging

from booty.observability.exchange import Answer
from booty.observability.github.schema.issues import Issue
from booty.observability.issues.draft import Draft

log = logging.getLogger(__name__)


def log_dropped(draft: Draft, issue: Issue, answer: Answer) -> None:
    """Log which labels of the `draft` the `issue` lacks, and what to do."""
    present = {name.lower() for name in issue.label_names}
    dropped = [label for label in draft.labels if label.lower() not in present]
    if dropped:
        log.error(
            "labels_dropped",
            extra={
                "issue": issue.number,
                "labels": dropped,
                "permission": answer.headers.get("X-Accepted-GitHub-Permissions") or "issues: write",
                "remedy": "give GITHUB_TOKEN, or the App, that permission; a token's account needs triage or push",
            },
        )
