"""GitHub's REST API, for one repository; nothing is tried again unless a caller does so."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy.pipeline.web_request import UNREADABLE, send

TIMEOUT_SECONDS = 15
"""GitHub ends every request after 10 s (https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api)."""
API_VERSION = "2022-11-28"


class GitHubAnswer(Exception):
    """GitHub answered with an error, or not at all (`status` 0); `message` is GitHub's, `body` its whole JSON."""

    def __init__(self, status: int, message: str, body: object = None) -> None:
        super().__init__(f"GitHub answered {status}: {message}" if status else f"GitHub did not answer: {message}")
        self.status = status
        self.message = message
        self.body = body


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
            with send(request, timeout_seconds=TIMEOUT_SECONDS) as response:
                status, answer = response.status, json.load(response)
        except urllib.error.HTTPError as refusal:
            with refusal:
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
