"""One call to GitHub's REST API: sent once, read within a time and a size, its outcome typed.

Every call has a connection of its own: one that is kept between alerts is likely to be closed on the other side, and
then a post would end in doubt. What the answers mean for issues is `issue_creator`'s business.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError, NewConnectionError

import booty
from booty.observability.tracker import Postponed, Refused, Unknown

log = logging.getLogger(__name__)

CONNECT_SECONDS = 5.0
READ_SECONDS = 12.0
"""GitHub itself ends a request after 10 s (https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api)."""
LONGEST_ANSWER = 8 * 1024 * 1024
"""Bytes; a page of 30 issues with bodies of 65,536 characters is less, unless nearly all of them need four bytes."""
LONGEST_REASON = 500
REDIRECTS = 3
REDIRECT_SECONDS = 12.0
"""How long after its beginning a call may still follow a redirect: with that step it is less than a lease."""
MOVED = frozenset({301, 302, 307, 308})
LIMITED = frozenset({403, 429})
GONE = frozenset({404, 410})
NOT_MODIFIED = 304
TIMEOUT = 408
SERVER_ERROR = 500


class Gone(Refused):
    """There is no such thing, or not for this token (404, 410)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What GitHub answered: the status, the headers in any case, the body's bytes."""

    status: int
    headers: CaseInsensitiveDict[str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Token(requests.auth.AuthBase):
    """Sets the Authorization header itself, so that no `~/.netrc` entry takes its place."""

    token: str

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class _Session(requests.Session):
    """A session that leaves redirects alone: requests would read such an answer's body whole, without any limit."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        del resp


class GitHub:
    """GitHub's API at `api_url`, as the owner of `token` sees it."""

    def __init__(self, *, api_url: str, token: str, version: str, read_seconds: float = READ_SECONDS) -> None:
        """Take the base address without a slash at its end, and the date that names the API version.

        `read_seconds` is how long the answer may take to begin, and again to end.
        """
        self._api_url = api_url
        self._read_seconds = read_seconds
        self._auth = _Token(token)
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

    def delete(self, path: str) -> Answer:
        """Return the answer to a DELETE: 2xx always. Raises `Refused`, `Postponed`, `Unknown`."""
        return self._call("DELETE", path)

    def _call(self, method: str, path: str, etag: str | None = None, **content: object) -> Answer:
        url, began_at = f"{self._api_url}{path}", time.monotonic()
        for _ in range(REDIRECTS + 1):
            answer = self._send(method, url, etag, **content)
            _announce(answer)
            if answer.status not in MOVED:
                _judge(answer, is_conditional=etag is not None)
                return answer
            url = self._new_address(url, answer)
            if time.monotonic() - began_at > REDIRECT_SECONDS:
                raise Postponed("GitHub redirects too slowly")
            log.warning("repository_moved", extra={"remedy": "set TARGET_REPO_URL to the repository's new name"})
        raise Refused("GitHub redirects in a circle")

    def _new_address(self, url: str, answer: Answer) -> str:
        """Return where a renamed repository answers; GitHub repeats none of our parameters (301 and 307)."""
        elsewhere = Refused(f"GitHub answered {answer.status} with an address elsewhere")
        try:
            target = urljoin(url, answer.headers.get("Location", ""))
            is_here = urlsplit(target)[:2] == urlsplit(self._api_url)[:2]
        except ValueError:  # not an address at all
            raise elsewhere from None
        if not is_here or target == url:
            raise elsewhere
        return target

    def _send(self, method: str, url: str, etag: str | None, **content: object) -> Answer:
        try:
            with (
                _Session() as session,
                session.request(
                    method,
                    url,
                    auth=self._auth,
                    headers=self._headers | ({"If-None-Match": etag} if etag else {}),
                    timeout=(CONNECT_SECONDS, self._read_seconds),
                    allow_redirects=False,
                    stream=True,
                    **content,  # type: ignore[arg-type]  # json= or params=, checked where get and post call this
                ) as response,
            ):
                return Answer(
                    response.status_code, response.headers, _read(response, time.monotonic() + self._read_seconds)
                )
        except (requests.RequestException, HTTPError) as error:
            raise _outcome(error) from None


def _read(response: requests.Response, ends_at: float) -> bytes:
    """Read the body within limits: an answer that trickles or never ends must not hold the lease.

    It is read as it arrives; `iter_content` would wait for a whole block, of which each byte may take its time.
    """
    body = bytearray()
    while chunk := response.raw.read1(64 * 1024, decode_content=True):
        body += chunk
        if len(body) > LONGEST_ANSWER or time.monotonic() > ends_at:
            raise Unknown("GitHub's answer is too long or too slow")
    return bytes(body)


def _outcome(error: requests.RequestException | HTTPError) -> Postponed | Unknown:
    """Tell calls that never left from those that may have arrived."""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    reason = f"no answer from GitHub ({type(cause or error).__name__})"
    if isinstance(error, requests.ConnectTimeout) or isinstance(cause, NewConnectionError):
        return Postponed(reason)
    return Unknown(reason)


def _announce(answer: Answer) -> None:
    """Log that this API version will end (https://docs.github.com/rest/about-the-rest-api/api-versions)."""
    if "Sunset" in answer.headers or "Deprecation" in answer.headers:
        dates = {"sunset": answer.headers.get("Sunset", ""), "deprecation": answer.headers.get("Deprecation", "")}
        log.warning("api_version_ends", extra={**dates, "remedy": "set GITHUB_API_VERSION to a newer one"})


def _judge(answer: Answer, *, is_conditional: bool) -> None:
    """Raise unless the answer is a success, or says of a conditional call that nothing changed.

    Limits come as 403 or 429; a 403 without any sign of a limit is a missing permission
    (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
    """
    if is_conditional and answer.status == NOT_MODIFIED:
        return
    if answer.status // 100 == 2:  # noqa: PLR2004 - the class of a status is its first digit
        return
    reason = f"GitHub answered {answer.status}: {_words(answer)}"
    if answer.status in LIMITED and (limit := _limit(answer, reason)) is not None:
        raise limit
    if answer.status >= SERVER_ERROR or answer.status == TIMEOUT or answer.status // 100 != 4:  # noqa: PLR2004 - as above
        raise Unknown(reason)
    refusal = Gone if answer.status in GONE else Refused
    raise refusal(f"{reason}{_permissions(answer)}")


def _limit(answer: Answer, reason: str) -> Postponed | None:
    retry_after = _number(answer.headers.get("Retry-After"))
    if retry_after is not None:
        return Postponed(reason, pause_seconds=retry_after, is_limit=True)
    reset = _number(answer.headers.get("X-RateLimit-Reset"))
    if answer.headers.get("X-RateLimit-Remaining") == "0" and reset is not None:
        return Postponed(reason, pause_seconds=reset - time.time() + 1, is_limit=True)
    words = reason.lower()
    if answer.status == 429 or "rate limit" in words or "abuse" in words:  # noqa: PLR2004 - Too Many Requests
        return Postponed(reason, is_limit=True)
    return None


def _number(text: str | None) -> float | None:
    return float(text) if text and text.isascii() and text.isdigit() and len(text) <= 12 else None  # noqa: PLR2004 - a unix time has ten


def _words(answer: Answer) -> str:
    """Return GitHub's own words on one line, for the operator."""
    text = answer.body[: 4 * LONGEST_REASON].decode("utf-8", "replace")
    return "".join(character if character.isprintable() else " " for character in text)[:LONGEST_REASON]


def _permissions(answer: Answer) -> str:
    needed = answer.headers.get("X-Accepted-GitHub-Permissions", "")
    return f" (needs {needed[:100]})" if needed.isprintable() and needed else ""
