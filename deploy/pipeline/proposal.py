"""What is put before the approver: values alone, gathered by `plan`, rendered by `approval_page`."""

from __future__ import annotations

from dataclasses import dataclass

from deploy.pipeline.changes import Changes


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another run that waits for its approval; `included` when it is a push whose commit is part of this release."""

    number: int
    url: str
    sha: str
    included: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """All that the page tells. `sha` is None for a rollback to whatever ran before; `served` None when not known."""

    verb: str
    sha: str | None
    served: str | None
    not_served_because: str
    changes: Changes | None
    checked: bool
    reviewers: tuple[str, ...]
    waiting: tuple[Waiting, ...]
    warnings: tuple[str, ...]
    server: str
    repository: str
