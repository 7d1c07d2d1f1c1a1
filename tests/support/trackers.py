"""Each kind of tracker on a stage of its own, with the hands of people and of misfortune on it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from support.github_stand_in import REPOSITORY, TOKEN, Fault, GitHubStandIn
from support.tracker_in_memory import TrackerInMemory

from booty.observability.delivery.preview.issues import PreviewIssues
from booty.observability.github.client import GitHub
from booty.observability.github.issues import GitHubIssues
from booty.observability.issues.outcomes import LabelRefused, Postponed, Refused, Unknown
from booty.observability.issues.tracker import Tracker

Outcome = type[Refused | Postponed | Unknown]
FAULTS: dict[Outcome, Fault] = {
    Refused: Fault(401, {}, b'{"message": "Bad credentials"}'),
    Postponed: Fault(429, {"Retry-After": "9"}),
    Unknown: Fault(503),
    LabelRefused: Fault(403, {}, b'{"message": "You do not have permission to create labels on this repository."}'),
}


class Stage(Protocol):
    """A tracker, with what can happen to it."""

    @property
    def tracker(self) -> Tracker:
        """Return the tracker, empty at first."""

    def delete(self, number: int) -> None:
        """Delete the issue for good."""

    def hide(self, number: int) -> None:
        """Make the issue one that cannot be seen for now."""

    def lock(self, number: int) -> bool:
        """Let nobody comment on the issue; return whether this tracker knows of that at all."""

    def touch(self, number: int, *, at: float) -> None:
        """Have the issue changed at that moment (unix seconds)."""

    def lose_answer(self) -> None:
        """Lose the answer to the next call that writes, where there is an answer to lose."""

    def trouble(self, outcome: Outcome) -> None:
        """From now on let every call end with that outcome."""


class AtGitHub:
    """GitHub's tracker, behind the stand-in for GitHub."""

    def __init__(self, stand_in: GitHubStandIn) -> None:
        self._stand_in = stand_in
        api = GitHub(api_url=stand_in.api_url, token=TOKEN, version="2022-11-28")
        self.tracker = GitHubIssues(api, repository=REPOSITORY, pause=lambda _: None)

    def delete(self, number: int) -> None:
        self._stand_in.absences[number] = (410, "This issue was deleted")

    def hide(self, number: int) -> None:
        self._stand_in.absences[number] = (404, "Not Found")

    def lock(self, number: int) -> bool:
        self._stand_in.change(number, locked=True)
        return True

    def touch(self, number: int, *, at: float) -> None:
        self._stand_in.issues[number - 1]["updated_at"] = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"

    def lose_answer(self) -> None:
        self._stand_in.fail(Fault(creates=True, manner="drop"), times=1)

    def trouble(self, outcome: Outcome) -> None:
        for method in ("GET", "POST", "PATCH", "DELETE"):
            self._stand_in.fail(FAULTS[outcome], method=method)


class InFiles:
    """The preview's tracker, over a directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.tracker = PreviewIssues(directory)

    def delete(self, number: int) -> None:
        (self._directory / f"{number}.md").unlink()

    def hide(self, number: int) -> None:
        (self._directory / f"{number}.md").write_text("half of what an editor was to wri", encoding="utf-8")

    def lock(self, number: int) -> bool:
        """Do nothing: files know of no lock on comments alone."""
        del number
        return False

    def touch(self, number: int, *, at: float) -> None:
        os.utime(self._directory / f"{number}.md", (at, at))

    def lose_answer(self) -> None:
        """Do nothing: between a call and its file nothing is lost."""

    def trouble(self, outcome: Outcome) -> None:
        assert outcome is Postponed
        self._directory.rename(self._directory.with_name("aside"))
        self._directory.write_text("a file where the directory should be", encoding="utf-8")


class InMemory:
    """The tracker of the other tests."""

    def __init__(self) -> None:
        self.tracker = TrackerInMemory(now=time.time())

    def delete(self, number: int) -> None:
        del self.tracker.issues[number]

    def hide(self, number: int) -> None:
        self.tracker.hidden.add(number)

    def lock(self, number: int) -> bool:
        self.tracker.lock(number)
        return True

    def touch(self, number: int, *, at: float) -> None:
        self.tracker.changed_at[number] = at

    def lose_answer(self) -> None:
        self.tracker.fails_at, self.tracker.manner = len(self.tracker.calls) + 1, "lost"

    def trouble(self, outcome: Outcome) -> None:
        verbs = "create find find_rule read closer changed edit unlabel label comment has_comment"
        self.tracker.refusals = {verb: [outcome("trouble")] for verb in verbs.split()}


@contextmanager
def at_github(_: Path) -> Iterator[Stage]:
    """Hold the stage at GitHub."""
    with GitHubStandIn() as stand_in:
        yield AtGitHub(stand_in)


@contextmanager
def in_files(directory: Path) -> Iterator[Stage]:
    """Hold the stage in files below `directory`."""
    yield InFiles(directory / "issues")


@contextmanager
def in_memory(_: Path) -> Iterator[Stage]:
    """Hold the stage in memory."""
    yield InMemory()


STAGES: dict[str, Callable[[Path], AbstractContextManager[Stage]]] = {
    "github": at_github,
    "preview": in_files,
    "memory": in_memory,
}
TROUBLES: list[tuple[str, Outcome]] = [
    *(("github", outcome) for outcome in (Refused, Postponed, Unknown)),
    ("preview", Postponed),
    *(("memory", outcome) for outcome in (Refused, Postponed, Unknown)),
]
"""Every outcome that a call to a tracker of that kind may have."""
