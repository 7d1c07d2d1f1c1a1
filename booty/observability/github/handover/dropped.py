"""What GitHub left out in silence because a permission is missing: labels, assignees, the coding agent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from booty.observability.alerts.handover.terms import is_agent
from booty.observability.exchange import Answer
from booty.observability.github.reading import read
from booty.observability.github.schema.issues import Label, Written
from booty.observability.issues.outcomes import Unknown

log = logging.getLogger(__name__)

LABELS = "give GITHUB_TOKEN that permission; its account needs triage or push access"
ASSIGNEES = "give GITHUB_TOKEN that permission; the account that is assigned needs access to the repository"
AGENT_NEEDS = "actions, contents, issues, pull_requests: write"
AGENT = (
    "switch Copilot's coding agent on for the repository, use a token of a person who has Copilot (no App's), with"
    " 'Actions', 'Contents', 'Issues', 'Pull requests': read and write; see: booty doctor"
)


@dataclass(frozen=True, slots=True)
class Dropped:
    """Says each thing once; `is_news` is told what it is, and returns whether it was not said lately."""

    is_news: Callable[[str], bool] = lambda _: True

    def tell_labels(self, wanted: tuple[str, ...], present: Iterable[str], *, issue: int, answer: Answer) -> None:
        """Log which of the labels the `issue` lacks, and what to do; `present` are those that it has."""
        present = {name.lower() for name in present}
        dropped = [label for label in wanted if label.lower() not in present]
        if dropped and self._has_news("label", dropped):
            needed = {"permission": _permission(answer, "issues: write"), "remedy": LABELS}
            log.error("labels_dropped", extra={"issue": issue, "labels": dropped, **needed})

    def tell_assignees(self, wanted: tuple[str, ...], issue: Written, answer: Answer) -> tuple[str, ...]:
        """Return who of them is not assigned to the `issue`; log it, with what to do."""
        present = {account.login.lower() for account in issue.assignees}
        has_agent = any(map(is_agent, present))
        dropped = tuple(each for each in wanted if each.lower() not in present and not (is_agent(each) and has_agent))
        self.tell_refused(dropped, issue.number, "GitHub left it out", permission=_permission(answer, "issues: write"))
        return dropped

    def tell_refused(self, logins: tuple[str, ...], issue: int, reason: str, *, permission: str) -> None:
        """Log whom GitHub did not assign to the `issue`, and what to do; `permission` is what people need."""
        people, agent = [each for each in logins if not is_agent(each)], [each for each in logins if is_agent(each)]
        about = {"issue": issue, "reason": reason}
        if people and self._has_news("assignee", people):
            needed = {"assignees": people, "permission": permission, "remedy": ASSIGNEES}
            log.error("assignees_dropped", extra=about | needed)
        if agent and self._has_news("agent", agent):
            log.error("agent_dropped", extra=about | {"permission": AGENT_NEEDS, "remedy": AGENT})

    def _has_news(self, kind: str, names: list[str]) -> bool:
        return any([self.is_news(f"{kind} {name}") for name in names])  # noqa: C419 - each is noted


def _permission(answer: Answer, otherwise: str) -> str:
    return answer.headers.get("X-Accepted-GitHub-Permissions") or otherwise


def label_names(answer: Answer) -> tuple[str, ...] | None:
    """Return the labels that the answer lists, None where it lists none: the call succeeded all the same."""
    try:
        return tuple(each.name for each in read(list[Label], answer))
    except Unknown:
        return None
