"""What the demo sends, with what should become of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import shop
from support import sentry_events
from support.repository_stand_in import RepositoryStandIn, ages, commit_of, pull_of
from support.service import Service, eventually

FIXED = f"booty@{'c0ffee' * 6}c0de"
HANDED_OVER = {"severity:error", "regression", "agent:builder"}


@dataclass(frozen=True, slots=True)
class Step:
    """One webhook: the response and the expected one, the effect on the issues and whether it was seen."""

    name: str
    answer: str
    expected: str
    effect: str
    is_done: bool

    @property
    def is_right(self) -> bool:
        """Both the response and its effect are as they should be."""
        return self.is_done and self.answer == self.expected


def repository() -> RepositoryStandIn:
    """Return a stand-in for GitHub that holds the shop's one file, with the commits that touched it last."""
    earlier, before = ages(5, 50)
    commits = [
        commit_of("Say why a charge is declined", sha="9d4e1b07" * 5, at=earlier),
        commit_of("Charge the card at the checkout", sha="51c8f2a6" * 5, at=before),
    ]
    github = RepositoryStandIn(["shop.py"], commits)
    github.pulls = [pull_of(41)]
    github.standings[FIXED.removeprefix("booty@")] = "behind"
    return github


class Story:
    """A problem's life: `birth` and then, some hours later, `life`."""

    def __init__(self, service: Service, github: RepositoryStandIn) -> None:
        self._service = service
        self._github = github

    def birth(self) -> list[Step]:
        """Send what makes issues, and what does not."""
        warning, hostile = event(shop.warn, issue="2"), event(shop.attack, issue="3")
        return [
            self._send(
                "a new error",
                error(),
                "202 accepted",
                "issue 1 filed, with code and suspects",
                self._says("### Suspects"),
            ),
            self._send(
                "the same error again", error(), "200 cooldown", "counted; nothing written", self._has_issues(1)
            ),
            self._send("a warning", warning, "200 below_severity", "nothing", self._has_issues(1)),
            self._send(
                "a hostile error", hostile, "202 accepted", "issue 2 filed, its token redacted", self._has_issues(2)
            ),
        ]

    def life(self) -> list[Step]:
        """Let the problem recur; close its issue as completed; send an error of the old release, then of a new one."""
        recurred = self._send(
            "hours later: it recurs",
            error(),
            "202 accepted",
            "issue 1 says: seen 3 times",
            self._says("**Seen 3 times**"),
        )
        self._github.change(1, state="closed", state_reason="completed")
        old, new = error(), error(release=FIXED)
        return [
            recurred,
            self._send(
                "closed; an old release", old, "202 accepted", "counted; issue 1 stays closed", self._stays_closed
            ),
            self._send(
                "closed; a new release", new, "202 accepted", "issue 1 reopened, labelled regression", self._is_reopened
            ),
        ]

    def _send(
        self, name: str, payload: sentry_events.Json, expected: str, effect: str, is_done: Callable[[], bool]
    ) -> Step:
        """Send one signed webhook, and wait for its effect."""
        status, content = self._service.post(sentry_events.body_of(payload))
        answer = f"{status} {content.get('reason') or content.get('status') or content.get('error')}"
        return Step(name, answer, expected, effect, eventually(is_done))

    def _has_issues(self, number: int) -> Callable[[], bool]:
        return lambda: len(self._github.issues) == number

    def _says(self, text: str) -> Callable[[], bool]:
        return lambda: any(text in issue["body"] for issue in self._github.issues[:1])

    def _stays_closed(self) -> bool:
        followed = len(self._service.events("issue_followed"))
        return followed == 2 and self._github.issues[0]["state"] == "closed"  # noqa: PLR2004 - the recurrence was the first

    def _is_reopened(self) -> bool:
        issue = self._github.issues[0]
        return issue["state"] == "open" and {label["name"] for label in issue["labels"]} == HANDED_OVER


def error(*, release: str = sentry_events.RELEASE) -> sentry_events.Json:
    """Return the webhook for the shop's error, in one of its releases."""
    return event(shop.check_out, release=release)


def event(
    failing: Callable[[], object], *, issue: str = sentry_events.ISSUE, release: str = sentry_events.RELEASE
) -> sentry_events.Json:
    """Return the webhook for what the shop reports when `failing` runs; its stacks begin in the shop."""
    captured = sentry_events.capture(failing, release=release)
    for thrown in captured.get("exception", {}).get("values", []):
        stack = thrown["stacktrace"]
        stack["frames"] = [frame for frame in stack["frames"] if frame["module"] == shop.__name__]
    return sentry_events.delivered(captured, issue=issue)
