"""GitHub's JSON of what is set up around a repository, as far as we read it.

What opens or weakens a gate is needed: an odd answer must not pass for a gate that is closed.
"""

from __future__ import annotations

from typing import Any

from booty.observability.github.schema.fitting import BestEffort, Content


class Repository(Content, frozen=True):
    """A repository as an account sees it (https://docs.github.com/rest/repos/repos#get-a-repository)."""

    full_name: BestEffort[str] = ""
    archived: bool = False
    has_issues: bool = True
    permissions: BestEffort[dict[str, Any] | None] = None


class Reviewer(Content, frozen=True):
    """Somebody who may approve: a user with a login, or a team."""

    type: str = ""
    reviewer: dict[str, Any] | None = None


class Rule(Content, frozen=True):
    """A protection rule."""

    type: str = ""
    prevent_self_review: bool = False
    reviewers: tuple[Reviewer, ...] = ()


class Environment(Content, frozen=True):
    """An Environment (https://docs.github.com/rest/deployments/environments#get-an-environment)."""

    protection_rules: tuple[Rule, ...] = ()
    can_admins_bypass: bool = False
    deployment_branch_policy: dict[str, Any] | None = None


class Parameters(Content, frozen=True):
    """What a rule asks for."""

    require_code_owner_review: bool = False


class BranchRule(Content, frozen=True):
    """A rule of a branch (https://docs.github.com/rest/repos/rules#get-rules-for-a-branch)."""

    type: str = ""
    parameters: Parameters | None = None
