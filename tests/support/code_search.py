"""A search for code context, over a repository in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from threading import Event

from support import alerts
from support.alerts import RELEASE
from support.repository_stand_in import RELEASED_AT, SHA

from booty.observability.alerts.alert import Alert
from booty.observability.delivery.code_search.newest import NOBODY, Sightings
from booty.observability.delivery.code_search.research import Research
from booty.observability.delivery.code_search.search import Search, Wanted
from booty.observability.issues.code.code_context import Suspect
from booty.observability.issues.code.links import WebLinks
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.problems.seen_releases import ReleaseBook
from booty.observability.ledger.releases.live import LiveBook

NOW = RELEASED_AT.timestamp() + 7200
PAGE = "https://github.com/acme/shop"
BLOB = f"{PAGE}/blob/{SHA}"
SUSPECT = Suspect("a" * 40, f"{PAGE}/commit/{'a' * 40}", "Total the cart", "ada-l", RELEASED_AT)
ALL = Wanted(links=True, suspects=True)
ALL_CALLS = [
    "branch 3f6c1d0",
    "paths 3f6c1d0",
    "date 3f6c1d0",
    "suspects 3f6c1d0 src/shop/store.py",
    "pull aaaaaaa",
]


@dataclass
class Repository:
    """A source in memory: what goes wrong at which question, and what it was asked."""

    date: datetime | None = RELEASED_AT
    strange: set[str] = field(default_factory=set)
    tagged: set[str] = field(default_factory=set)
    out_of_line: set[tuple[str, str]] = field(default_factory=set)
    pulls: dict[str, int] = field(default_factory=dict)
    failures: dict[str, Exception] = field(default_factory=dict)
    hangs: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    until: datetime | None = None
    released: Event = field(default_factory=Event)

    def is_on_default_branch(self, commit: str) -> bool:
        """See `Source`."""
        self._answer(f"branch {commit[:7]}")
        return commit not in self.strange

    def is_before(self, commit: str, later: str) -> bool:
        """See `Source`."""
        self._answer(f"before {commit[:7]} {later[:7]}")
        return (commit, later) not in self.out_of_line

    def is_tagged(self, commit: str) -> bool:
        """See `Source`."""
        self._answer(f"tag {commit[:7]}")
        return commit in self.tagged

    def paths(self, commit: str) -> tuple[str, ...]:
        """See `Source`."""
        self._answer(f"paths {commit[:7]}")
        return ("src/shop/store.py", "src/shop/web.py")

    def committed_at(self, commit: str) -> datetime | None:
        """See `Source`."""
        self._answer(f"date {commit[:7]}")
        return self.date

    def suspects(self, path: str, *, commit: str, until: datetime) -> tuple[Suspect, ...]:
        """See `Source`."""
        self.until = until
        self._answer(f"suspects {commit[:7]} {path}")
        return (SUSPECT,)

    def pull(self, commit: str) -> int | None:
        """See `Source`."""
        self._answer(f"pull {commit[:7]}")
        return self.pulls.get(commit)

    def _answer(self, question: str) -> None:
        self.asked.append(question)
        kind = question.partition(" ")[0]
        if kind in self.hangs:
            self.released.wait()
        if kind in self.failures:
            raise self.failures[kind]


def research_in(
    repository: Repository,
    store: SqliteEngine,
    wanted: Wanted = ALL,
    *,
    sightings: Sightings = NOBODY,
    patience: float = 30.0,
) -> Research:
    """Return a search in `repository`, of `wanted` parts, that is waited for `patience` seconds."""
    search = Search(repository, ReleaseBook(store), LiveBook(store), WebLinks(PAGE), wanted, sightings)
    return Research(search, patience=patience)


def told(release: str | None = RELEASE, environment: str = "production") -> Alert:
    """Return an alert of a release."""
    return alerts.python_chained().but(release=release, environment=environment)


def release(digit: str) -> str:
    """Name a release."""
    return f"booty@{digit * 40}"
