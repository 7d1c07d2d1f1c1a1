"""The tracker at GitHub over one API, with issues as GitHub shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from support import alerts
from support.github_stand_in import LOGIN, REPOSITORY, TOKEN

from booty.observability.github.client import GitHub
from booty.observability.github.issues import GitHubIssues
from booty.observability.issues.draft import Draft
from booty.observability.issues.page.body import render

API = "https://api.github.com"
ISSUES = f"{API}/repos/{REPOSITORY}/issues"

Json = dict[str, Any]


def tracker(api_url: str = API, is_news: Callable[[str], bool] = lambda _: True) -> GitHubIssues:
    github = GitHub(api_url=api_url, token=TOKEN, version="2022-11-28")
    return GitHubIssues(github, repository=REPOSITORY, is_news=is_news)


def draft(**changes: object) -> Draft:
    return render(alerts.alert(**changes), trigger_label="agent:builder")


def issue(of: Draft, number: int = 7, **changes: object) -> Json:
    """Return an issue as GitHub shows it; `changes` replace its fields."""
    plain: Json = {
        "number": number,
        "html_url": f"https://github.com/{REPOSITORY}/issues/{number}",
        "body": of.body,
        "user": {"login": LOGIN},
        "labels": [{"name": name} for name in of.labels],
        "created_at": "2026-11-23T09:50:00Z",
    }
    return plain | changes
