"""Doing to an existing issue what `life` decided: read it, comment at most once, edit at most once.

A comment carries a marker. When it is not known whether one was written, it is looked for before another is. An edit
sets what is wanted, whatever there was: done twice, it is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from booty.observability.life import Edit, Issue, Step
from booty.observability.notice import noticed


class Keeper(Protocol):
    """Where issues can be read and changed. Every method raises `Refused`, `Postponed`, `Unknown`."""

    def read(self, number: int) -> Issue | None:
        """Return the issue, None when there is none any more."""

    def edit(self, number: int, edit: Edit) -> None:
        """Change the issue's title, body, state: what `edit` says of them; of labels it is told separately."""

    def unlabel(self, number: int, label: str) -> None:
        """Take one label off; done as well when it is not on the issue."""

    def label(self, number: int, labels: tuple[str, ...]) -> None:
        """Put labels on, beside those that are on the issue."""

    def comment(self, number: int, text: str) -> None:
        """Write a comment."""

    def has_comment(self, number: int, marker: str, *, since: float) -> bool:
        """Say whether a comment with `marker` as its last line was written after `since` (unix seconds)."""


class NotSeen(Exception):
    """The comment of an unknown outcome is not there, as far as one look can tell."""


def follow_up(
    keeper: Keeper, number: int, decide: Callable[[Issue], Step], *, event: str, doubtful_since: float | None
) -> bool:
    """Do to issue `number` what `decide` says of it; return False when it is gone, or to be replaced by a new one.

    `event` names what it is done for. `doubtful_since` (unix seconds) says from when on a comment may have been
    written whose answer was lost. Raises `NotSeen` when that comment should be waited for, and the port's outcomes.
    """
    issue = keeper.read(number)
    if issue is None:
        return False
    step = decide(issue)
    if step.is_replaced:
        return False
    if step.comment is not None:
        marker = f"<!-- booty:event={event} -->"
        if doubtful_since is None:
            keeper.comment(number, f"{noticed(step.comment)}\n\n{marker}")
        elif not keeper.has_comment(number, marker, since=doubtful_since):
            raise NotSeen
    _change(keeper, number, step.edit)
    return True


def _change(keeper: Keeper, number: int, edit: Edit) -> None:
    """Do the edit, each label by itself; the state comes last, since by it a repetition decides anew."""
    for label in edit.remove_labels:
        keeper.unlabel(number, label)
    if edit.add_labels:
        keeper.label(number, edit.add_labels)
    if (edit.body, edit.title, edit.state) != (None, None, None):
        keeper.edit(number, edit)
