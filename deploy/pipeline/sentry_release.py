"""Tell Sentry which release runs, with its commits; never fails the deploy.

Needs `requests` (requirements.txt). Reads RELEASE_SHA, BEFORE_SHA (may be empty), ENVIRONMENT_URL, SENTRY_AUTH_TOKEN
(an organization token of the scope org:ci will do), SENTRY_ORG, SENTRY_PROJECT, and SENTRY_URL for a Sentry elsewhere
than https://sentry.io. API: https://docs.sentry.io/api/releases/create-a-new-release-for-an-organization/
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import requests

from booty.observability.text.untrusted import code
from deploy.pipeline.actions import tell
from deploy.pipeline.changes import SHA
from deploy.pipeline.protection import ENVIRONMENT

COMMITS_LIMIT = 200
TIMEOUT_SECONDS = 15
FORMAT = "%H%x00%an%x00%ae%x00%aI%x00%B%x00"
MESSAGE_LIMIT = 1000
TOKEN = re.compile(r"[!-~]+")
ODD_CHARACTERS = "SENTRY_AUTH_TOKEN holds characters that no token has"
NOT_TOLD = """The deploy succeeded, but Sentry was not told ({problem}): alerts name the release without its commits.
Check SENTRY_AUTH_TOKEN (scope org:ci), SENTRY_ORG and SENTRY_PROJECT of the Environment."""


def read_commits(*, before: str, sha: str, repository: str) -> list[dict[str, str]]:
    """Return Sentry's description of the commits after `before`, newest first; of `sha` alone when it is empty."""
    wanted = [f"{before}..{sha}"] if SHA.fullmatch(before) else ["-1", sha]
    command = ["git", "log", f"--max-count={COMMITS_LIMIT}", f"--format={FORMAT}", *wanted, "--"]
    log = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=True).stdout  # noqa: S603 - checked SHAs
    fields = [field.removeprefix("\n") for field in log.split("\0")]
    return [
        {
            "id": fields[i],
            "repository": repository,
            "author_name": fields[i + 1],
            "author_email": fields[i + 2],
            "timestamp": fields[i + 3],
            "message": fields[i + 4].strip()[:MESSAGE_LIMIT],
        }
        for i in range(0, len(fields) - 5, 5)
    ]


def tell_sentry(environment: Mapping[str, str]) -> None:
    """Create the release and its deploy.

    Raises `requests.RequestException`, `CalledProcessError`, `KeyError` or `ValueError`.
    """
    token = environment["SENTRY_AUTH_TOKEN"].strip()
    if not TOKEN.fullmatch(token):  # requests would show it in its error
        raise ValueError(ODD_CHARACTERS)
    sha, repository = environment["RELEASE_SHA"], environment["GITHUB_REPOSITORY"]
    base = environment.get("SENTRY_URL") or "https://sentry.io"
    releases = f"{base.rstrip('/')}/api/0/organizations/{quote(environment['SENTRY_ORG'], safe='')}/releases/"
    version = f"booty@{sha}"
    commits = read_commits(before=environment.get("BEFORE_SHA", ""), sha=sha, repository=repository)
    release = {
        "version": version,
        "projects": [environment["SENTRY_PROJECT"]],
        "ref": sha,
        "url": f"{environment['GITHUB_SERVER_URL']}/{repository}/commit/{sha}",
        "commits": commits,
    }
    deploy = {"environment": ENVIRONMENT, "url": environment.get("ENVIRONMENT_URL", "")}
    with requests.Session() as session:
        session.trust_env = False  # no .netrc, which would replace our token
        session.headers["Authorization"] = f"Bearer {token}"
        _post(session, releases, release)
        _post(session, f"{releases}{quote(version, safe='')}/deploys/", deploy)


def _post(session: requests.Session, url: str, body: dict[str, Any]) -> None:
    answer = session.post(url, json=body, timeout=TIMEOUT_SECONDS, allow_redirects=False)
    if answer.status_code not in {HTTPStatus.CREATED, HTTPStatus.OK, HTTPStatus.ALREADY_REPORTED}:
        raise requests.HTTPError(f"Sentry answered {answer.status_code} to {answer.request.path_url}")


def main(environment: Mapping[str, str]) -> int:
    """Tell Sentry; always 0, with a warning when it could not be told."""
    try:
        tell_sentry(environment)
    except (requests.RequestException, subprocess.CalledProcessError, KeyError, ValueError) as problem:
        tell(environment, "warning", NOT_TOLD.format(problem=code(str(problem))))
        return 0
    tell(environment, "notice", f"Sentry knows the release booty@{environment['RELEASE_SHA']} and its deploy.")
    return 0


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    sys.exit(main(os.environ))
