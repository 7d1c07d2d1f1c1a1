"""What helps when GitHub refuses everything: it depends on what the calls are authorised by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remedies:
    """What a person does about a 401, single sign-on, a suspended account, a 403, a repository's 404; when it ends."""

    unauthorized: str
    sign_on: str
    suspended: str
    permission: str
    repository: str
    renew: str


OF_SETTING = Remedies(
    unauthorized="set GITHUB_TOKEN to a valid token",
    sign_on="authorize GITHUB_TOKEN for single sign-on",
    suspended="use the token of an account that is not suspended",
    permission="give GITHUB_TOKEN 'Issues: read and write' for this repository; its account needs triage or push",
    repository="let GITHUB_TOKEN read and write the repository's issues, or correct TARGET_REPO_URL, or its route",
    renew="make a new token (docs/connecting.md, GitHub), set GITHUB_TOKEN, restart the service",
)
"""For a token in the settings."""


def of_file(path: str) -> Remedies:
    """Return the remedies for a token that a route names by its file."""
    return Remedies(
        unauthorized=f"put a valid token into {path}",
        sign_on=f"authorize the token in {path} for single sign-on",
        suspended=OF_SETTING.suspended,
        permission=f"give the token in {path} 'Issues: read and write' for this repository; its account needs triage",
        repository=f"let the token in {path} read and write the repository's issues, or correct its route",
        renew=f"make a new token (docs/connecting.md, GitHub), put it into {path}, restart the service",
    )


INSTALLATION = "the owner's Settings > GitHub Apps > Configure"
OF_APP = Remedies(
    unauthorized=f"GitHub refused a token that it had just made for the App; is it still installed? {INSTALLATION}",
    sign_on=f"let the organization approve the App: {INSTALLATION}",
    suspended=f"unsuspend the App's installation: {INSTALLATION}",
    permission=f"give the App 'Issues: read and write' in its own settings, then accept that: {INSTALLATION}",
    repository=f"add the repository to the App's installation: {INSTALLATION}; or correct TARGET_REPO_URL or its route",
    renew="restart the service",
)
"""For the tokens that a GitHub App makes."""
