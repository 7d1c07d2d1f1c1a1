"""Whether the owners of the deploy must review each change of it.

The workflow file of a run is the candidate's own: no program can keep it from leaving the checks out. What can is a
review before the merge, by owners that CODEOWNERS names, which a ruleset of main requires.
Shapes: https://docs.github.com/rest/repos/rules#get-rules-for-a-branch, .../rest/repos/repos#list-codeowners-errors,
.../rest/branches/branch-protection#get-branch-protection (for which the workflow's own token has no permission)
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from booty.observability.text.untrusted import code
from deploy.pipeline.github.rest import GitHub, GitHubAnswer
from deploy.pipeline.planning.clone import Clone
from deploy.pipeline.planning.code_owners import PLACES, unowned
from deploy.pipeline.planning.wording import names

GUARDED = (".github/", "deploy/", "deploy.sh")
NEW_FILES = (".github/*", ".github/*/*", "deploy/*", "deploy/*/*")
"""A name that no pattern means alone: for the files that are not there yet."""
SHOWN_FILES = 3
HOW = 'docs/approving.md, "Who may change the deploy"'

NOT_OWNED = "Nobody owns {files} by CODEOWNERS, so anybody's review will do for a change of what deploys ({how})."
SKIPPED = "GitHub finds mistakes in CODEOWNERS ({mistakes}) and assigns nobody there."
NOT_REQUIRED = "No rule of `main` requires a review by code owners, so the deploy can be changed without ({how})."
NOT_KNOWN = "It is not known whether {what} ({problem}); a ruleset can be read by every run ({how})."
UNREADABLE = (GitHubAnswer, KeyError, TypeError, AttributeError)


def find_unguarded(github: GitHub, *, clone: Clone, main: str) -> list[str]:
    """Return what is weak about it, as Markdown; `main` is the SHA of its newest commit. Raises nothing of GitHub's."""
    files = clone.files(main)
    place = next((place for place in PLACES if place in files), None)
    guarded = [*NEW_FILES, *(path for path in files if path.startswith(GUARDED) or path == place)]
    found = []
    if bare := unowned(guarded, text=clone.read(main, place) if place else ""):
        found.append(NOT_OWNED.format(files=names(bare, limit=SHOWN_FILES), how=HOW))
    return found + (_mistakes(github, main) if place else []) + _review(github)


def _mistakes(github: GitHub, main: str) -> list[str]:
    """Ask GitHub what it cannot use: an owner that does not exist, or may not write, is none."""
    try:
        errors = github.get("codeowners/errors", ref=main)["errors"]
        mistakes = ", ".join(f"line {int(error['line'])}: {code(str(error['kind']))}" for error in errors)
    except (*UNREADABLE, ValueError) as problem:
        return [NOT_KNOWN.format(what="GitHub can use CODEOWNERS", problem=code(str(problem)), how=HOW)]
    return [SKIPPED.format(mistakes=mistakes)] if mistakes else []


def _review(github: GitHub) -> list[str]:
    try:
        is_required = _is_in_ruleset(github) or _is_in_protection(github)
    except UNREADABLE as problem:
        what = "a rule of `main` requires a review by code owners"
        return [NOT_KNOWN.format(what=what, problem=code(str(problem)), how=HOW)]
    return [] if is_required else [NOT_REQUIRED.format(how=HOW)]


def _is_in_ruleset(github: GitHub) -> bool:
    rules = github.get("rules/branches/main", per_page=100)
    return any(rule["type"] == "pull_request" and _asks(rule.get("parameters")) for rule in rules)


def _asks(parameters: Any) -> bool:  # noqa: ANN401 - JSON from GitHub
    return bool(parameters and parameters.get("require_code_owner_review") is True)


def _is_in_protection(github: GitHub) -> bool:
    try:
        reviews = github.get("branches/main/protection").get("required_pull_request_reviews")
    except GitHubAnswer as answer:
        if answer.status == HTTPStatus.NOT_FOUND:
            return False
        raise
    return bool(reviews and reviews.get("require_code_owner_reviews") is True)
