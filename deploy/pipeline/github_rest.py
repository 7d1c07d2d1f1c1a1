"""GitHub's REST API for the workflow's own programs, over the standard library alone.

The jobs before and at the gate install nothing, so that no package can reach their token or key. No retries but
those its callers ask for.
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TIMEOUT_SECONDS = 15
"""GitHub ends every request after 10 s (https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api)."""
API_VERSION = "2022-11-28"
UNREADABLE = (OSError, ValueError, http.client.HTTPException, RecursionError)
"""No answer; one that is no HTTP, or cut off; one that is no JSON, or nested without end."""


class GitHubAnswer(Exception):
    """GitHub answered with an error, or not at all (`status` 0); `message` is GitHub's, `body` its whole JSON."""

    def __init__(self, status: int, message: str, body: object = None) -> None:
        super().__init__(f"GitHub answered {status}: {message}" if status else f"GitHub did not answer: {message}")
        self.status = status
        self.message = message
        self.body = body


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer to be read: following it would carry the token somewhere else."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Follow nothing."""


@dataclass(frozen=True, slots=True)
class GitHub:
    """One repository's API. The token is sent to `api_url` alone, and is in no text that this prints."""

    api_url: str
    repository: str
    token: str = field(repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> GitHub:
        """Read `GITHUB_API_URL` and `GITHUB_REPOSITORY`, which the runner sets, and `GITHUB_TOKEN`."""
        return cls(environment["GITHUB_API_URL"], environment["GITHUB_REPOSITORY"], environment["GITHUB_TOKEN"])

    def get(self, path: str, **query: str | int) -> Any:  # noqa: ANN401 - JSON; its readers check the shape
        """Return the JSON of `/repos/<repository>/<path>`; raises `GitHubAnswer` for anything but 200."""
        parameters = "?" + urllib.parse.urlencode(query) if query else ""
        return self._call("GET", path + parameters, None, 200)

    def post(self, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON; its readers check the shape
        """Create something under `/repos/<repository>/<path>`; raises `GitHubAnswer` for anything but 201."""
        return self._call("POST", path, json.dumps(body).encode(), 201)

    def _call(self, method: str, path: str, body: bytes | None, expected: int) -> Any:  # noqa: ANN401 - JSON
        request = urllib.request.Request(  # noqa: S310 - the runner's own GITHUB_API_URL
            f"{self.api_url}/repos/{self.repository}/{path}",
            data=body,
            method=method,
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "User-Agent": "booty-deploy",
                "X-GitHub-Api-Version": API_VERSION,
            },
        )
        try:
            with urllib.request.build_opener(NoRedirects).open(request, timeout=TIMEOUT_SECONDS) as response:
                status, answer = response.status, json.load(response)
        except urllib.error.HTTPError as refusal:
            raise _read_refusal(refusal) from None
        except UNREADABLE as problem:
            raise GitHubAnswer(0, str(problem)) from problem
        if status != expected:
            raise GitHubAnswer(status, f"expected {expected}")
        return answer


def _read_refusal(refusal: urllib.error.HTTPError) -> GitHubAnswer:
    try:
        body = json.load(refusal)
    except UNREADABLE:
        body = None
    message = body.get("message") if isinstance(body, dict) else None
    return GitHubAnswer(refusal.code, message if isinstance(message, str) else str(refusal.reason), body)
