"""GitHub's JSON of what is set up around a repository, as far as we read it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, TypeAdapter


class Repository(BaseModel):
    """A repository as an account sees it (https://docs.github.com/rest/repos/repos#get-a-repository)."""

    full_name: str = ""
    archived: bool = False
    has_issues: bool = True
    permissions: dict[str, bool] | None = None


class Reviewer(BaseModel):
    """Somebody who may approve: a user with a login, or a team."""

    type: str = ""
    reviewer: dict[str, Any] | None = None


class Rule(BaseModel):
    """A protection rule."""

    type: str = ""
    prevent_self_review: bool = False
    reviewers: list[Reviewer] = []


class Environment(BaseModel):
    """An Environment (https://docs.github.com/rest/deployments/environments#get-an-environment)."""

    protection_rules: list[Rule] = []
    can_admins_bypass: bool = False
    deployment_branch_policy: dict[str, Any] | None = None


class Parameters(BaseModel):
    """What a rule asks for."""

    require_code_owner_review: bool = False


class BranchRule(BaseModel):
    """A rule of a branch (https://docs.github.com/rest/repos/rules#get-rules-for-a-branch)."""

    type: str = ""
    parameters: Parameters = Parameters()


REPOSITORY = TypeAdapter(Repository)
ENVIRONMENT = TypeAdapter(Environment)
RULES = TypeAdapter(list[BranchRule])
