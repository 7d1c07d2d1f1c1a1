"""The Environment whose reviewers approve a deploy.

GitHub creates one that a job names and that does not exist, without any rule, and lets the job run at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from booty.observability.github.client import GitHub
from booty.observability.github.reading import read
from booty.observability.github.schema.setup import ENVIRONMENT
from booty.observability.issues.outcomes import Gone

WORKFLOW = "contents/.github/workflows/deploy.yml"


@dataclass(frozen=True, slots=True)
class Gate:
    """Who must approve, and what weakens that."""

    reviewers: int
    is_one_user: bool
    prevents_self_review: bool
    lets_admins_bypass: bool
    lets_any_branch: bool


def look(github: GitHub, repository: str, environment: str) -> Gate | None:
    """Return the gate, None where there is no such Environment. Raises what `GitHub.get` raises."""
    try:
        found = read(ENVIRONMENT, github.get(f"/repos/{repository}/environments/{environment}"))
    except Gone:
        return None
    rules = [rule for rule in found.protection_rules if rule.type == "required_reviewers"]
    reviewers = [each for rule in rules for each in rule.reviewers if each.reviewer]
    return Gate(
        reviewers=len(reviewers),
        is_one_user=[each.type for each in reviewers] == ["User"],
        prevents_self_review=any(rule.prevent_self_review for rule in rules),
        lets_admins_bypass=found.can_admins_bypass,
        lets_any_branch=found.deployment_branch_policy is None,
    )


def has_workflow(github: GitHub, repository: str) -> bool:
    """Return whether the repository holds the workflow that deploys, as far as the token may see it.

    Raises what `GitHub.get` raises.
    """
    try:
        github.get(f"/repos/{repository}/{WORKFLOW}")
    except Gone:
        return False
    return True
