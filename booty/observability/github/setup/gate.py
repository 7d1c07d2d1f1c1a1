"""The Environment whose reviewers approve a deploy, with the owners of what deploys.

GitHub creates one that a job names and that does not exist, without any rule, and lets the job run at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from booty.observability.github.client import GitHub
from booty.observability.github.reading import read
from booty.observability.github.schema.setup import BranchRule, Environment
from booty.observability.issues.outcomes import Gone, Postponed, Refused, Unknown

WORKFLOW = "contents/.github/workflows/deploy.yml"


@dataclass(frozen=True, slots=True)
class Gate:
    """Who must approve, and what weakens that."""

    reviewers: int
    is_one_user: bool
    prevents_self_review: bool
    lets_admins_bypass: bool
    lets_any_branch: bool
    has_owners: bool = True
    """A file CODEOWNERS is there, as far as the token may see."""
    asks_owners: bool = True
    """A rule of main requires their review, as far as rules can be seen: classic protection cannot."""


def look(github: GitHub, repository: str, environment: str) -> Gate | None:
    """Return the gate, None where there is no such Environment. Raises what `GitHub.get` raises for it."""
    try:
        found = read(Environment, github.get(f"/repos/{repository}/environments/{environment}"))
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
        has_owners=_has_owners(github, repository),
        asks_owners=_asks_owners(github, repository),
    )


def has_workflow(github: GitHub, repository: str) -> bool:
    """Return whether the repository holds the workflow that deploys, as far as the token may see it.

    Raises what `GitHub.get` raises.
    """
    return _is_there(github, f"/repos/{repository}/{WORKFLOW}")


def _is_there(github: GitHub, path: str) -> bool:
    try:
        github.get(path)
    except Gone:
        return False
    return True


def _has_owners(github: GitHub, repository: str) -> bool:
    try:
        return _is_there(github, f"/repos/{repository}/codeowners/errors")
    except (Refused, Postponed, Unknown):
        return True  # not known: no reason to say that it is missing


def _asks_owners(github: GitHub, repository: str) -> bool:
    try:
        rules = read(list[BranchRule], github.get(f"/repos/{repository}/rules/branches/main"))
    except (Refused, Postponed, Unknown):
        return True  # as above
    asked = (rule.parameters for rule in rules if rule.type == "pull_request" and rule.parameters is not None)
    return any(each.require_code_owner_review for each in asked)
