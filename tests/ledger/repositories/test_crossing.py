"""Whatever happens in two repositories: each alert has one route, no number of one is ever taken for the other's."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from support.hostile import TEXTS
from support.ledger_doors import Ledger

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Policy, decide
from booty.observability.alerts.issue import MUTE, Issue, IssueRef, Standing
from booty.observability.alerts.routing.choice import steps
from booty.observability.alerts.routing.route import DEFAULT, Condition, Route
from booty.observability.alerts.routing.traits import traits_of
from booty.observability.alerts.routing.way import Routing
from booty.observability.alerts.severity import Severity
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.closings import ClosingBook
from booty.observability.ledger.repositories.home import Home
from booty.observability.ledger.schedule.jobs import FilingJob, Job, Outcome, StatusJob

NOW = 1_800_000_000.0
POLICY = Policy(Severity.DEBUG, 3600.0)
HOME, WEB, PAY = "acme/shop", "acme/web", "Other/Pay"
PLACES = (HOME, WEB, PAY)
TEXT = st.sampled_from((*TEXTS, "", "*", "production", "staging", "[", "a" * 300))
PATTERN = st.sampled_from(("*", "?*", "production", "prod*", "[ab]*", "[", "[!p]*", "\u202e*"))

conditions = st.builds(
    Condition,
    st.sampled_from(("project", "environment", "level", "organization", "tag.team", "tag.\x00")),
    st.lists(PATTERN, min_size=1, max_size=3).map(tuple),
)
routes = st.builds(
    Route,
    line=st.integers(1, 99),
    conditions=st.lists(conditions, max_size=2).map(tuple),
    drop=st.booleans(),
    repository=st.sampled_from((None, *PLACES, "ACME/SHOP", "acme/WEB")),
)
alerts = st.builds(
    lambda project, environment, tags, level: Alert(
        fingerprint="1:42", event="e", severity=level, project=project, environment=environment, tags=tuple(tags)
    ),
    TEXT,
    TEXT,
    st.lists(st.tuples(st.sampled_from(("team", "\x00", "x")), TEXT), max_size=3),
    st.sampled_from(Severity),
)


@given(alerts, st.lists(routes, max_size=5), st.sampled_from((None, "acme", "other")))
def test_every_alert_has_exactly_one_route(alert: Alert, given: Sequence[Route], organization: str | None) -> None:
    asked = list(steps(traits_of(alert, organization), given))
    takers = [step.route for step in asked if step.unmet is None]
    way = Routing(POLICY, HOME, tuple(given)).way_of(alert, organization=organization)

    assert len(takers) == 1
    assert asked[-1].route is takers[0]
    assert [step.route for step in asked[:-1]] == list(given)[: len(asked) - 1]
    assert takers[0] == (given[len(asked) - 1] if len(asked) <= len(given) else DEFAULT)
    assert way.is_dropped == takers[0].drop
    named = takers[0].repository
    assert way.destination.repository == (None if named is None or named.lower() == HOME else named)


class World:
    """Three repositories that give their issues the same numbers, the ledger, and what became of each alert."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.default = HOME
        self.now = NOW
        self.issues: dict[str, dict[int, str]] = {place.lower(): {} for place in PLACES}
        self.events = 0
        self.restart()

    def restart(self) -> None:
        """Begin anew, as after `kill -9`, perhaps with other settings."""
        self.ledger = Ledger(self.directory, repository=self.default)

    def set_default(self, place: str) -> None:
        self.default = place
        self.restart()

    def alert(self, problem: int, place: str) -> None:
        self.events += 1
        one = Alert(fingerprint=f"1:{problem}", event=f"e{self.events}", severity=Severity.ERROR)
        way = Routing(POLICY, self.default, (Route(1, repository=place),)).way_of(one)
        self.ledger.claims.claim(
            one, lambda known: decide(one, POLICY, known, self.now), destination=way.destination, now=self.now
        )

    def change(self, problem: int, change: str) -> None:
        self.events += 1
        told = {"fingerprint": f"1:{problem}", "change": change, "key": f"{self.events:032x}"}
        self.ledger.claims.record_status_change(StatusChange.read(told), now=self.now)

    def deliver(self) -> None:
        """Do what is due; each job must name the repository that its own number is in."""
        job = self.ledger.queue.take(now=self.now)
        if not isinstance(job, FilingJob | StatusJob):
            return
        place = (job.destination.repository or self.default).lower()
        fingerprint = (job.alert if isinstance(job, FilingJob) else job.change).fingerprint
        if job.problem.issue is not None:
            assert self.issues[place][job.problem.issue] == fingerprint
            outcome = Outcome(Standing(as_of=self.now))
            self.ledger.queue.settle(job, None, now=self.now, outcome=outcome)
        elif isinstance(job, FilingJob) and not job.alert.is_brief:
            assert fingerprint not in self.issues[place].values()
            self._file(job, place, fingerprint)
        else:
            self.ledger.queue.await_alert(job, now=self.now)

    def _file(self, job: Job, place: str, fingerprint: str) -> None:
        number = len(self.issues[place]) + 1
        self.issues[place][number] = fingerprint
        self.ledger.queue.settle(job, IssueRef(number, f"https://github.com/{place}/issues/{number}"), now=self.now)

    def die_in(self) -> None:
        """Be killed with a job in hand; its lease runs out."""
        self.ledger.queue.take(now=self.now)
        self.now += 31
        self.restart()

    def close(self, place: str, number: int, *, is_muted: bool) -> None:
        """Let somebody close an issue, and let it be polled; the same number elsewhere stands as before."""
        if number not in self.issues[place.lower()]:
            return
        labels = (MUTE,) if is_muted else ()
        closed = Issue(number, is_open=False, is_completed=True, closed_at=self.now, labels=labels, body="")
        book = ClosingBook(self.ledger.engine, home=Home(self.default), repository=place)
        book.learn([closed], as_of=self.now, now=self.now)
        resolved = book.to_resolve(number)
        assert resolved is None or resolved.partition("@")[0] == self.issues[place.lower()][number]


problems, places = st.integers(1, 2), st.sampled_from(PLACES)
acts = st.one_of(
    st.tuples(st.just("alert"), problems, places),
    st.tuples(st.just("change"), problems, st.sampled_from(("created", "resolved", "unresolved", "muted"))),
    st.tuples(st.just("deliver")),
    st.tuples(st.just("die_in")),
    st.tuples(st.just("close"), places, st.integers(1, 3), st.booleans()),
    st.tuples(st.just("set_default"), places),
    st.tuples(st.just("restart")),
    st.tuples(st.just("pass"), st.sampled_from((2.0, 4000.0))),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(acts, max_size=30))
def test_no_number_of_one_repository_is_taken_for_one_of_another(story: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        world = World(Path(directory))
        for name, *arguments in [*story, *([("pass", 2.0), ("deliver",)] * 8)]:
            if name == "pass":
                world.now += float(str(arguments[0]))
            elif name == "close":
                place, number, is_muted = arguments
                world.close(str(place), int(str(number)), is_muted=bool(is_muted))
            else:
                getattr(world, str(name))(*arguments)
        world.ledger.engine.close()


def test_a_routes_repository_counts_in_any_case() -> None:
    route = Route(1, repository="Acme/Web")
    one = Alert(fingerprint="1:42", event="e", severity=Severity.ERROR)

    ways = [
        Routing(POLICY, place, (replace(route, repository=named),)).way_of(one)
        for place, named in (("acme/web", "Acme/Web"), ("ACME/web", "acme/WEB"))
    ]

    assert [way.destination.repository for way in ways] == [None, None]
