"""GitHub's REST API: each call sent once, within one deadline, its outcome typed.

Every call has a connection of its own: one that is kept between alerts is likely to be closed on the other side, and
then a post would end in doubt. What an answer means is decided in `github.answers`; what it means for issues, by the
callers.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from urllib.parse import urljoin, urlsplit

import booty
from booty.observability.exchange import CALL_SECONDS, Answer, NoAnswer, fetch
from booty.observability.github.access.credential import Credential, FixedToken
from booty.observability.github.access.quota import Quota
from booty.observability.github.answers import BAD_TOKEN, NOT_MODIFIED, announce, judge
from booty.observability.issues.outcomes import Postponed, Refused, Unknown

log = logging.getLogger(__name__)

REDIRECTS = 3
ELSEWHERE = "set GITHUB_API_URL to where the API really is"
NEW_NAME = "set TARGET_REPO_URL, or the route, to the repository's new name"
MOVED = frozenset({301, 302, 307, 308})
ONE_ISSUE = re.compile(r"(?P<repository>/repos/[^/]+/[^/]+|/repositories/\d+)/issues/(?P<number>\d+)(?:/.*)?")


class GitHub:
    """GitHub's API at `api_url`, as whoever `token` stands for sees it."""

    def __init__(
        self,
        *,
        api_url: str,
        token: str | Credential,
        version: str,
        call_seconds: float = CALL_SECONDS,
        notice: Callable[[Answer], object] | None = None,
    ) -> None:
        """Take the base address without a slash at its end, and the date that names the API version.

        `call_seconds` is how long a call may take in all, its redirects included. `notice` is shown every answer.
        """
        self._api_url = api_url
        self._call_seconds = call_seconds
        self.credential = FixedToken(token) if isinstance(token, str) else token
        self._notice = notice
        self._quota = Quota()
        self._headers = {
            "Accept": "application/vnd.github+json",
            "User-Agent": f"booty/{booty.__version__}",
            "X-GitHub-Api-Version": version,
        }

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        """Return the answer to a GET: 200 always. Raises `Refused`, `Postponed`, `Unknown`."""
        return self._call("GET", path, params=params)

    def get_if_changed(self, path: str, params: Mapping[str, str | int], etag: str | None) -> Answer | None:
        """Return the answer to a GET, None when it is still the one that `etag` names; such a call costs nothing.

        (https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api). Raises as `get` does.
        """
        answer = self._call("GET", path, etag=etag, params=params)
        return None if answer.status == NOT_MODIFIED else answer

    def post(self, path: str, body: Mapping[str, object]) -> Answer:
        """Return the answer to a POST: 2xx always. Raises `Refused`, `Postponed`, `Unknown`."""
        return self._call("POST", path, json=body)

    def patch(self, path: str, body: Mapping[str, object]) -> Answer:
        """Return the answer to a PATCH: 2xx always. Raises `Refused`, `Postponed`, `Unknown`."""
        return self._call("PATCH", path, json=body)

    def delete(self, path: str, body: Mapping[str, object] | None = None) -> Answer:
        """Return the answer to a DELETE: 2xx always. Raises `Refused`, `Postponed`, `Unknown`."""
        return self._call("DELETE", path, json=body)

    def _call(self, method: str, path: str, etag: str | None = None, **content: object) -> Answer:
        url, ends_at = f"{self._api_url}{path}", time.monotonic() + self._call_seconds
        for _ in range(REDIRECTS + 1):
            answer = self._send(method, url, etag, ends_at, **content)
            announce(answer)
            if self._notice is not None:
                self._notice(answer)
            if answer.status not in MOVED:
                judge(answer, is_conditional=etag is not None, own=self.credential.remedies)
                return answer
            url = self._new_address(url, answer)
            self._tell_of_move(path, urlsplit(url).path.removeprefix(urlsplit(self._api_url).path), ends_at)
        raise Refused("GitHub redirects in a circle", remedy=ELSEWHERE)

    def _new_address(self, url: str, answer: Answer) -> str:
        """Return where a renamed repository answers; GitHub repeats none of our parameters (301 and 307)."""
        elsewhere = Refused(
            f"GitHub answered {answer.status} with an address elsewhere",
            remedy=ELSEWHERE,
        )
        try:
            target = urljoin(url, answer.headers.get("Location", ""))
            is_here = urlsplit(target)[:2] == urlsplit(self._api_url)[:2]
        except ValueError:  # not an address at all
            raise elsewhere from None
        if not is_here or target == url:
            raise elsewhere
        return target

    def _tell_of_move(self, path: str, target: str, ends_at: float) -> None:
        """Log what moved: the repository, or one issue that somebody transferred to another one.

        A transferred issue may keep its number by chance; then the repository answers at its old address.
        """
        before, after = ONE_ISSUE.fullmatch(path), ONE_ISSUE.fullmatch(target)
        is_transferred = before is not None and after is not None and before["number"] != after["number"]
        if before is not None and not is_transferred:
            try:
                repository = self._send("GET", f"{self._api_url}{before['repository']}", None, ends_at)
            except (Refused, Postponed, Unknown):  # only the log line would need it
                return
            is_transferred = repository.status not in MOVED
        if is_transferred:
            log.info(
                "issue_transferred",
                extra={"path": path, "remedy": "none is needed: the issue is updated where it is now"},
            )
        else:
            log.warning("repository_moved", extra={"remedy": NEW_NAME})

    def _send(self, method: str, url: str, etag: str | None, ends_at: float, **content: object) -> Answer:
        """Send one request; once more with another token, if the first one ended and there is another."""
        headers, token = self._headers | ({"If-None-Match": etag} if etag else {}), self.credential.token()
        answer = self._fetch(method, url, token, ends_at, headers=headers, **content)
        if answer.status == BAD_TOKEN and (other := self.credential.after(token)) is not None:
            return self._fetch(method, url, other, ends_at, headers=headers, **content)
        return answer

    def _fetch(self, method: str, url: str, token: str, ends_at: float, **request: object) -> Answer:
        self._quota.require()
        try:
            answer = fetch(method, url, token=token, seconds=ends_at - time.monotonic(), **request)
        except NoAnswer as failure:
            reason = f"no answer from GitHub ({failure})"
            raise Unknown(reason) if failure.is_sent else Postponed(reason) from None
        self._quota.note(answer)
        return answer
