"""GitHub's answers, as its API description shapes them (a test holds them against githubkit's models of it)."""

from __future__ import annotations

from typing import Any

REPOSITORY = "captain/booty"
API = f"https://api.github.com/repos/{REPOSITORY}"
WEB = f"https://github.com/{REPOSITORY}"
TIME = "2026-11-24T06:00:00Z"
RUN = 4711
BROKEN = {
    "none": b"",
    "no HTTP": b"nonsense\r\n\r\n",
    "cut off": b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"id":',
    "a refusal cut off": b'HTTP/1.1 403 Forbidden\r\nContent-Length: 1000\r\n\r\n{"message":',
    "nested without end": b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 50_000,
}
"""Whole answers as a broken proxy gives them."""


def user(login: str) -> dict[str, Any]:
    """Describe a user."""
    addresses = (
        "followers following gists starred subscriptions organizations repos events received_events".split()  # noqa: SIM905 - one line
    )
    return {
        "login": login,
        "id": 1,
        "node_id": "MDQ6",
        "avatar_url": "https://avatars.example/1",
        "gravatar_id": "",
        "url": f"https://api.github.com/users/{login}",
        "html_url": f"https://github.com/{login}",
        "type": "User",
        "site_admin": False,
    } | {f"{name}_url": f"https://api.github.com/users/{login}/{name}" for name in addresses}


def team(slug: str) -> dict[str, Any]:
    """Describe a team."""
    return {
        "id": 2,
        "node_id": "MDQ7",
        "name": slug,
        "slug": slug,
        "description": "",
        "permission": "push",
        "url": "https://api.github.com/teams/2",
        "html_url": f"https://github.com/orgs/captain/teams/{slug}",
        "members_url": "https://api.github.com/teams/2/members{/member}",
        "repositories_url": "https://api.github.com/teams/2/repos",
        "type": "organization",
        "organization_id": 3,
        "parent": None,
    }


def environment(
    *users: str,
    teams: tuple[str, ...] = (),
    prevent_self_review: bool = False,
    can_admins_bypass: bool = False,
    branches: bool = True,
) -> dict[str, Any]:
    """Describe the Environment `production`; without reviewers it has a wait timer alone."""
    reviewers = [{"type": "User", "reviewer": user(login)} for login in users]
    reviewers += [{"type": "Team", "reviewer": team(slug)} for slug in teams]
    rule = {
        "id": 11,
        "node_id": "MDE1",
        "type": "required_reviewers",
        "prevent_self_review": prevent_self_review,
        "reviewers": reviewers,
    }
    return {
        "id": 10,
        "node_id": "MDEx",
        "name": "production",
        "url": f"{API}/environments/production",
        "html_url": f"{WEB}/deployments/activity_log?environments_filter=production",
        "created_at": TIME,
        "updated_at": TIME,
        "can_admins_bypass": can_admins_bypass,
        "protection_rules": [{"id": 12, "node_id": "MDE2", "type": "wait_timer", "wait_timer": 5}]
        + ([rule] if reviewers else []),
        "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True} if branches else None,
    }


def review(login: str, *, state: str = "approved", name: str = "production") -> dict[str, Any]:
    """Describe one entry of a run's review history."""
    where = {
        "id": 10,
        "node_id": "MDEx",
        "name": name,
        "url": f"{API}/environments/{name}",
        "html_url": f"{WEB}/deployments",
        "created_at": TIME,
        "updated_at": TIME,
    }
    return {"state": state, "comment": "", "user": user(login), "environments": [where]}


def job(name: str, *, attempt: int, conclusion: str | None = "success") -> dict[str, Any]:
    """Describe one job of one attempt; without a conclusion it is under way."""
    return {
        "id": 100 + attempt,
        "run_id": RUN,
        "run_url": f"{API}/actions/runs/{RUN}",
        "run_attempt": attempt,
        "node_id": "MDg6",
        "head_sha": "a" * 40,
        "url": f"{API}/actions/jobs/{100 + attempt}",
        "html_url": f"{WEB}/actions/runs/{RUN}/job/{100 + attempt}",
        "status": "completed" if conclusion else "in_progress",
        "conclusion": conclusion,
        "created_at": TIME,
        "started_at": TIME,
        "completed_at": TIME if conclusion else None,
        "name": name,
        "steps": [],
        "check_run_url": f"{API}/check-runs/1",
        "labels": ["ubuntu-latest"],
        "runner_id": 1,
        "runner_name": "one",
        "runner_group_id": 2,
        "runner_group_name": "GitHub Actions",
        "workflow_name": "deploy",
        "head_branch": "main",
    }


def jobs(*entries: dict[str, Any]) -> dict[str, Any]:
    """Describe a list of jobs."""
    return {"total_count": len(entries), "jobs": list(entries)}


def waiting_run(number: int, sha: str, *, event: str = "push") -> dict[str, Any]:
    """Describe, in the fields that are read, a run that waits for its approval."""
    return {
        "id": 9000 + number,
        "run_number": number,
        "head_sha": sha,
        "event": event,
        "html_url": f"{WEB}/actions/runs/{9000 + number}",
    }


def waiting_runs(*entries: dict[str, Any]) -> dict[str, Any]:
    """Describe a list of runs."""
    return {"total_count": len(entries), "workflow_runs": list(entries)}


def deployment(number: int, sha: str, *, name: str = "production") -> dict[str, Any]:
    """Describe, in the fields that are read, one deployment."""
    return {"id": number, "sha": sha, "environment": name}


def status(state: str, *, url: str = "") -> dict[str, Any]:
    """Describe, in the fields that are read, one status of a deployment."""
    return {"id": 1, "state": state, "environment_url": url}


def pull_request_rule(*, by_owners: bool = True) -> dict[str, Any]:
    """Describe the rule of a branch that wants pull requests."""
    parameters = {
        "dismiss_stale_reviews_on_push": True,
        "require_code_owner_review": by_owners,
        "require_last_push_approval": False,
        "required_approving_review_count": 0,
        "required_review_thread_resolution": False,
    }
    source = {"ruleset_source_type": "Repository", "ruleset_source": REPOSITORY, "ruleset_id": 7}
    return {"type": "pull_request", "parameters": parameters, **source}


def branch_protection(*, by_owners: bool) -> dict[str, Any]:
    """Describe, in the fields that are read, the protection of a branch."""
    return {"required_pull_request_reviews": {"require_code_owner_reviews": by_owners}}


def owners_error(line: int, kind: str) -> dict[str, Any]:
    """Describe a mistake in CODEOWNERS."""
    return {"line": line, "column": 1, "kind": kind, "message": f"{kind} on line {line}", "path": "CODEOWNERS"}


def validation_failed(resource: str, field: str) -> dict[str, Any]:
    """Describe the refusal of something that exists already."""
    return {
        "message": "Validation Failed",
        "errors": [{"resource": resource, "code": "already_exists", "field": field}],
        "documentation_url": "https://docs.github.com/rest",
    }


def release(tag: str) -> dict[str, Any]:
    """Describe, in the fields that are read, a release that was made."""
    return {"id": 5, "tag_name": tag, "html_url": f"{WEB}/releases/tag/{tag}"}
