"""What Sentry would make of an answer to a webhook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from booty.observability.exchange import Answer
from booty.observability.ops.doctor.check import Check
from booty.observability.text.untrusted import line

NAME = "answer"
SENTRYS_SECONDS = 1.0
"""How long Sentry waits; it never asks again."""
ACCEPTED, OK, REDIRECTS, SERVER_ERROR = 202, 200, range(300, 400), 500
LONGEST = 200
REMEDIES = {
    401: "set SENTRY_WEBHOOK_SECRET to the same in the service and here; what is in front must not change the body",
    404: "let /webhooks/sentry through to the service (docs/hosting.md)",
    405: "let /webhooks/sentry through to the service (docs/hosting.md)",
    413: "client_max_body_size 2m in nginx: booty doctor",
    429: "raise the limit in front of the service for Sentry's addresses",
    503: "booty doctor, on the machine of the service",
}
SLOW = "look at the machine's load, the disk (booty doctor) and what is in front of the service"
REDIRECTED = "give Sentry the address that answers itself: {address}; or stop the redirect of the webhook's path"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, with how many seconds it took from looking the host up."""

    answer: Answer
    seconds: float

    @property
    def content(self) -> dict[str, Any]:
        """Its JSON object; empty where it is none."""
        try:
            found = json.loads(self.answer.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def is_accepted(self) -> bool:
        """The service has it on disk, and will file it."""
        return self.answer.status == ACCEPTED and self.content.get("status") == "accepted"


def judge(reply: Reply) -> Iterator[Check]:
    """Yield what is wrong with an answer; nothing, when it is that to a good alert, within Sentry's second."""
    if not reply.is_accepted:
        yield _refusal(reply)
    if reply.seconds > SENTRYS_SECONDS:
        seen = f"it took {reply.seconds:.1f} s: Sentry waits one second, and would count the alert as lost"
        yield Check(NAME, "FAIL", seen, SLOW)


def _refusal(reply: Reply) -> Check:
    status, said = reply.answer.status, line(reply.answer.body.decode("utf-8", "replace"), limit=LONGEST)
    if status in REDIRECTS:
        address = line(reply.answer.headers.get("Location", "somewhere else"), limit=LONGEST)
        seen = f"{status} to {address}: Sentry would count it as delivered, and the alert would be lost"
        return Check(NAME, "FAIL", seen, REDIRECTED.format(address=address))
    if status == OK and reply.content.get("status") == "ignored":
        then = "the service is older than this command, or has another secret: restart it with this release"
        return Check(NAME, "FAIL", f"200, but ignored as {line(str(reply.content.get('reason')), limit=40)}", then)
    if status // 100 == 2:  # noqa: PLR2004 - the class of a status is its first digit
        seen = f"{status} from something that is not the service: {said}"
        return Check(NAME, "FAIL", seen, "let the address lead to the service (docs/hosting.md)")
    then = "start the service; look at what is in front of it" if status > SERVER_ERROR else "look at the service's log"
    return Check(NAME, "FAIL", f"{status}: {said}", REMEDIES.get(status, then))
