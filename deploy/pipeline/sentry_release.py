"""Tell Sentry which release runs, with its commits; never fails the deploy.

Reads RELEASE_SHA, BEFORE_SHA (may be empty), ENVIRONMENT_URL, SENTRY_AUTH_TOKEN (an organization token of the scope
org:ci will do; without one nothing is sent), SENTRY_ORG, SENTRY_PROJECT, and SENTRY_URL for a Sentry elsewhere than
https://sentry.io. API: https://docs.sentry.io/api/releases/create-a-new-release-for-an-organization/
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from booty.observability.text.untrusted import code
from deploy.pipeline.command_line import run
from deploy.pipeline.exit_codes import ExitCode
from deploy.pipeline.github.actions import tell
from deploy.pipeline.github.links import Links
from deploy.pipeline.planning.clone import Clone
from deploy.pipeline.release import SHA, name_of
from deploy.pipeline.target import Target
from deploy.pipeline.web_request import UNREADABLE, send

COMMITS_LIMIT = 200
TIMEOUT_SECONDS = 15
REFUSALS = (401, 403, 404)
"""Sentry's answers to a wrong token or name."""
FIELDS = {"id": "%H", "author_name": "%an", "author_email": "%ae", "timestamp": "%aI", "message": "%B"}
MESSAGE_LIMIT = 1000
TOKEN = re.compile(r"[!-~]+")
URL = re.compile(r"https?://[^/].*")
NOT_SET_UP = "Sentry is not told of this release: the Environment `{target}` has no secret SENTRY_AUTH_TOKEN."
NOT_TOLD = "The deploy succeeded, but Sentry was not told ({problem}): alerts name the release without its commits."
CHECK_ACCESS = """
Check SENTRY_AUTH_TOKEN (scope org:ci), SENTRY_ORG and SENTRY_PROJECT of the Environment `{target}`."""
TOLD = "Sentry knows the release {name} and its deploy."
NOT_COMPARED = """Sentry knows the release {name} and its deploy, but not what is new in it: the release that ran
before, `{before}`, is not a commit of this repository. The next one
is compared with this one."""
REQUIRED = ("SENTRY_ORG", "SENTRY_PROJECT")


class NotTold(Exception):
    """Sentry was not told; the message says why, and holds no secret."""


class NoAccess(NotTold):
    """Sentry itself refused: the token or a name is wrong."""


def is_known(clone: Clone, before: str) -> bool:
    """Return whether `before` is a commit that a release can be compared with."""
    return SHA.fullmatch(before) is not None and clone.has(before)


def describe_commits(clone: Clone, *, before: str, sha: str, repository: str) -> list[dict[str, str]]:
    """Return, as Sentry takes them, the commits after `before`, newest first; `sha` alone when that is not known."""
    since = before if is_known(clone, before) else None
    commits = clone.log(sha, since=since, fields=tuple(FIELDS.values()), limit=COMMITS_LIMIT)
    described = [{"repository": repository, **dict(zip(FIELDS, values, strict=True))} for values in commits]
    return [{**commit, "message": commit["message"].strip()[:MESSAGE_LIMIT]} for commit in described]


def tell_sentry(environment: Mapping[str, str], *, target: Target, clone: Clone) -> None:
    """Create the release and its deploy.

    Raises `NotTold`, `KeyError`, or what `Clone.log` raises.
    """
    token = _read_token(environment)
    if missing := [name for name in REQUIRED if not environment.get(name)]:
        raise NotTold(f"not set: {', '.join(missing)}")
    sha, links = environment["RELEASE_SHA"], Links.from_environment(environment)
    base = environment.get("SENTRY_URL") or "https://sentry.io"
    if not URL.fullmatch(base):
        raise NotTold("SENTRY_URL is not the URL of a Sentry")
    releases = f"{base.rstrip('/')}/api/0/organizations/{quote(environment['SENTRY_ORG'], safe='')}/releases/"
    before = environment.get("BEFORE_SHA", "")
    release = {
        "version": name_of(sha),
        "projects": [environment["SENTRY_PROJECT"]],
        "ref": sha,
        "url": links.commit(sha),
        "commits": describe_commits(clone, before=before, sha=sha, repository=links.repository),
    }
    deploy = {"environment": target.name, "url": environment.get("ENVIRONMENT_URL", "")}
    _post(releases, release, token=token)
    _post(f"{releases}{quote(name_of(sha), safe='')}/deploys/", deploy, token=token)


def _read_token(environment: Mapping[str, str]) -> str:
    token = environment["SENTRY_AUTH_TOKEN"].strip()
    if not TOKEN.fullmatch(token):  # the error of the request would show it
        raise NotTold("SENTRY_AUTH_TOKEN holds characters that no token has")
    return token


def _post(url: str, body: dict[str, Any], *, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "User-Agent": "booty-deploy"}
    request = urllib.request.Request(url, data=json.dumps(body).encode(), headers=headers)  # noqa: S310 - `URL` matched
    try:
        send(request, timeout_seconds=TIMEOUT_SECONDS).close()
    except urllib.error.HTTPError as refusal:
        refusal.close()
        kind = NoAccess if refusal.code in REFUSALS else NotTold
        raise kind(f"Sentry answered {refusal.code} to {request.selector}") from None
    except UNREADABLE as problem:
        raise NotTold(f"Sentry did not answer: {problem}") from None


def main(environment: Mapping[str, str], target: Target) -> ExitCode:
    """Tell Sentry; always `DONE`, with a warning when it could not be told."""
    if not environment.get("SENTRY_AUTH_TOKEN"):
        tell(environment, "notice", NOT_SET_UP.format(target=target.name))
        return ExitCode.DONE
    clone, before, name = Clone(Path.cwd()), environment.get("BEFORE_SHA", ""), name_of(environment["RELEASE_SHA"])
    try:
        tell_sentry(environment, target=target, clone=clone)
    except (NotTold, KeyError, ValueError, RuntimeError) as problem:
        advice = CHECK_ACCESS if isinstance(problem, NoAccess) else ""
        tell(environment, "warning", (NOT_TOLD + advice).format(problem=code(str(problem)), target=target.name))
        return ExitCode.DONE
    if SHA.fullmatch(before) and not is_known(clone, before):
        tell(environment, "warning", NOT_COMPARED.format(name=name, before=before))
    else:
        tell(environment, "notice", TOLD.format(name=name))
    return ExitCode.DONE


if __name__ == "__main__":
    run(main, program="sentry_release", description=__doc__)
