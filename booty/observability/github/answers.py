"""What an answer from GitHub means: success, a limit, doubt, or a refusal of this one thing or of everything.

Limits come as 403, 429 or 422; a 403 without any sign of a limit is a missing permission
(https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable

from booty.observability.exchange import Answer
from booty.observability.github.access.remedies import OF_SETTING, Remedies
from booty.observability.github.reading import read
from booty.observability.github.schema.refusal import Refusal
from booty.observability.issues.outcomes import Busy, Gone, LabelRefused, Locked, Postponed, Refused, Unknown
from booty.observability.text.untrusted import line

log = logging.getLogger(__name__)

# Characters.
LONGEST_REASON = 500
LONGEST_DATE = 40
NOT_MODIFIED = 304
BAD_REQUEST = 400
BAD_TOKEN = 401
TIMEOUT = 408
CONFLICT = 409  # GitHub's own client repeats such a call (https://github.com/octokit/plugin-retry.js)
DELETED = 410
SERVER_ERROR = 500
LIMITED = frozenset({403, 429})
GONE = frozenset({404, 410})
INVALID = 422
HASTY = re.compile(r"submitted too quickly|rate limit|abuse|spam|too many|try again|temporarily", re.IGNORECASE)
"""How GitHub says, with 403 and 422, that there were too many calls in too short a time."""
LOCKED = re.compile(r"\b(?:issue|conversation)\b.*\blocked\b", re.IGNORECASE)
LABEL = re.compile(r"\blabels?\b", re.IGNORECASE)
ARCHIVED = "unarchive the repository, or name another one in TARGET_REPO_URL, or its route"
DISABLED = "switch issues on in the repository's settings"
BLOCKED = "GitHub has blocked access to the repository: ask GitHub Support"
VERSION = "set GITHUB_API_VERSION to one that GitHub still serves"
IP_LIST = "put this machine's address on the organization's IP allow list"
REMEDIES: tuple[tuple[frozenset[int], re.Pattern[str], Callable[[Remedies], str]], ...] = (
    (frozenset({401}), re.compile(""), lambda own: own.unauthorized),
    (frozenset({403}), re.compile("archived|read-only", re.IGNORECASE), lambda _: ARCHIVED),
    (frozenset({403}), re.compile(r"\bSAML\b|\bSSO\b", re.IGNORECASE), lambda own: own.sign_on),
    (frozenset({403}), re.compile(r"\bIP\b"), lambda _: IP_LIST),
    (frozenset({403}), re.compile("suspended", re.IGNORECASE), lambda own: own.suspended),
    (frozenset({403}), re.compile("blocked", re.IGNORECASE), lambda _: BLOCKED),
    (frozenset({451}), re.compile(""), lambda _: BLOCKED),
    (frozenset({403}), re.compile(""), lambda own: own.permission),
    (frozenset({400, 410}), re.compile("version", re.IGNORECASE), lambda _: VERSION),
    (frozenset({410}), re.compile("disabled", re.IGNORECASE), lambda _: DISABLED),
)
"""What helps against a refusal of everything, by its status and its words; the first match counts."""

OTHER = "see what GitHub, or a proxy in front of it, says"
OF_ONE = frozenset({404, 410, 413, 414, 422, 431})
"""The refusals that may be about one thing alone, as a 400 in GitHub's own words may; any other is about all."""


def announce(answer: Answer) -> None:
    """Log that this API version will end (https://docs.github.com/rest/about-the-rest-api/api-versions)."""
    if "Sunset" in answer.headers or "Deprecation" in answer.headers:
        dates = {
            name.lower(): line(answer.headers.get(name, ""), limit=LONGEST_DATE) for name in ("Sunset", "Deprecation")
        }
        log.warning("api_version_ends", extra={**dates, "remedy": "set GITHUB_API_VERSION to a newer one"})


def judge(answer: Answer, *, is_conditional: bool, own: Remedies = OF_SETTING) -> None:
    """Raise what the answer means unless it is a success, or says of a conditional call that nothing changed.

    `own` is what helps where the call's token is refused.
    """
    if answer.status // 100 == 2 or (is_conditional and answer.status == NOT_MODIFIED):  # noqa: PLR2004 - the class of a status is its first digit
        return
    if (limit := limit_in(answer)) is not None:
        raise limit
    reason, said = _reason(answer), _said(answer)
    if answer.status >= SERVER_ERROR or answer.status == TIMEOUT or answer.status // 100 != 4:  # noqa: PLR2004 - as above
        raise Unknown(reason)
    raise _refusal(answer, f"{reason}{_permissions(answer)}", said, own)


def _refusal(answer: Answer, reason: str, said: str, own: Remedies) -> Refused:
    if answer.status in {403, INVALID} and LABEL.search(said):
        return LabelRefused(reason)
    if answer.status in {403, INVALID} and LOCKED.search(said):
        return Locked(reason)
    is_of_one = answer.status in OF_ONE or (answer.status == BAD_REQUEST and bool(said))
    if answer.status == CONFLICT:
        return Busy(reason)
    remedies = (remedy(own) for statuses, words, remedy in REMEDIES if answer.status in statuses and words.search(said))
    remedy = next(remedies, None if is_of_one else OTHER)
    if answer.status in GONE:
        return Gone(reason, remedy=remedy, is_deleted=answer.status == DELETED and "deleted" in said.lower())
    return BadToken(reason, remedy=remedy) if answer.status == BAD_TOKEN else Refused(reason, remedy=remedy)


class BadToken(Refused):
    """GitHub does not know the token, or no longer accepts it (401)."""


def limit_in(answer: Answer) -> Postponed | None:
    """Return what limits the rate, None where nothing does."""
    is_hasty, reason = HASTY.search(_said(answer)) is not None, _reason(answer)
    if answer.status == INVALID and is_hasty:
        pause_seconds = number_in(answer.headers.get("Retry-After"))
        return Postponed(reason, pause_seconds=pause_seconds, is_limit=True, is_of_one=True)
    if answer.status not in LIMITED:
        return None
    retry_after = number_in(answer.headers.get("Retry-After"))
    if retry_after is not None:
        return Postponed(reason, pause_seconds=retry_after, is_limit=True)
    reset = number_in(answer.headers.get("X-RateLimit-Reset"))
    if answer.headers.get("X-RateLimit-Remaining") == "0" and reset is not None:
        return Postponed(reason, pause_seconds=reset - time.time() + 1, is_limit=True)
    if answer.status == 429 or is_hasty:  # noqa: PLR2004 - Too Many Requests
        return Postponed(reason, is_limit=True)
    return None


def number_in(text: str | None) -> float | None:
    """Return the number that a header holds, in seconds or unix time; None where it holds none."""
    return float(text) if text and text.isascii() and text.isdigit() and len(text) <= 12 else None  # noqa: PLR2004 - a unix time has ten


def _said(answer: Answer) -> str:
    """Return GitHub's own words alone; what is not a refusal from GitHub, such as a proxy's page, says nothing."""
    try:
        return read(Refusal, answer).words
    except Unknown:
        return ""


def _reason(answer: Answer) -> str:
    """Return what is said on one line, for the operator.

    An error from GitHub may repeat what was sent, and a proxy's page may hold anything: neither may reveal a secret.
    """
    said = _said(answer) or answer.body[: 4 * LONGEST_REASON].decode("utf-8", "replace")
    return f"GitHub answered {answer.status}: {line(said, limit=LONGEST_REASON)}"


def _permissions(answer: Answer) -> str:
    needed = answer.headers.get("X-Accepted-GitHub-Permissions", "")
    return f" (needs {needed[:100]})" if needed.isprintable() and needed else ""
