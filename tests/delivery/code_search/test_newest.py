"""What came with the newest release is told from what was there before, whoever names which release."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from support.code_search import NOW, PAGE, Repository, release, research_in, told
from support.ledger_doors import KEEP_SECONDS, Ledger

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.problem import Seen
from booty.observability.delivery.code_search.research import Research
from booty.observability.delivery.code_search.search import Wanted
from booty.observability.issues.code.code_context import NewRelease
from booty.observability.issues.outcomes import Postponed
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.releases.live import MOST, LiveBook
from booty.observability.sentry.api.client import SentryTrouble

A, B, C = "a" * 40, "b" * 40, "c" * 40
MINUTE = 60.0
DAY = 24 * 3600.0


@dataclass
class Life:
    """Problems of one project as they come in, and what is found of each when its issue is written."""

    repository: Repository
    store: SqliteEngine
    research: Research
    ledger: Ledger
    problems: int = 0

    def come(
        self, digit: str, *, at: float, package: str = "booty", environment: str = "production", project: str = "1"
    ) -> Alert:
        """Let a new problem come in the release of the commit with that digit, `at` seconds from now."""
        self.problems += 1
        names = {"fingerprint": f"{project}:{self.problems}", "event": f"e{self.problems}"}
        alert = told(f"{package}@{digit * 40}", environment).but(**names)
        self.ledger.claims.claim(alert, lambda _: Verdict.ACCEPTED, now=NOW + at)
        return alert

    def find(self, alert: Alert, *, began: float, now: float | None = None) -> NewRelease | None:
        """Return the newest release if the problem came with it; it began `began` seconds from now."""
        at = NOW + (began if now is None else now)
        found = self.research.gather(alert, began_at=NOW + began, now=at)
        return found.new_release if found else None


@pytest.fixture
def life(repository: Repository, store: SqliteEngine) -> Life:
    wanted = Wanted(links=True, suspects=True, new_release_seconds=30 * MINUTE)
    ledger = Ledger(store.directory, engine=store)
    return Life(repository, store, research_in(repository, store, wanted), ledger)


def test_a_problem_that_comes_with_the_second_release_says_how_long_that_was_live(life: Life) -> None:
    life.come("a", at=-DAY)
    life.come("b", at=0)
    found = life.find(life.come("b", at=12 * MINUTE), began=12 * MINUTE)

    compared, workflow = f"{PAGE}/compare/{A}...{B}", f"{PAGE}/actions/workflows/deploy.yml"
    assert found == NewRelease(B, A, 12 * MINUTE, compared, workflow)


def test_the_first_alert_of_a_release_is_there_from_its_beginning(life: Life) -> None:
    life.come("a", at=-DAY)
    found = life.find(life.come("b", at=0), began=0)

    assert found is not None
    assert found.live_seconds == 0


@pytest.mark.parametrize(
    ("began", "is_new"), [(30 * MINUTE, True), (30 * MINUTE + 1, False), (-120, True), (-121, False)]
)
def test_it_is_new_for_thirty_minutes_and_never_before_the_release_was_seen(
    life: Life, began: float, *, is_new: bool
) -> None:
    life.come("a", at=-DAY)
    alert = life.come("b", at=0)

    assert (life.find(alert, began=began, now=40 * MINUTE) is not None) is is_new


def test_there_is_nothing_to_go_back_to_from_the_first_release(life: Life) -> None:
    assert life.find(life.come("a", at=0), began=0) is None


def test_the_statement_is_of_the_time_of_the_alert_however_late_its_issue_is_written(life: Life) -> None:
    life.come("a", at=-DAY)
    alert = life.come("b", at=0)
    found = life.find(alert, began=5 * MINUTE, now=3 * 3600)

    assert found is not None
    assert found.live_seconds == 5 * MINUTE


def test_a_release_that_is_seen_again_after_a_rollback_is_not_new(life: Life) -> None:
    life.repository.out_of_line = {(B, A)}
    life.come("a", at=-DAY)
    life.come("b", at=0)

    assert life.find(life.come("a", at=MINUTE), began=MINUTE) is None


def test_a_release_that_is_seen_for_the_first_time_but_is_older_than_the_one_before_is_not_new(life: Life) -> None:
    life.repository.out_of_line = {(B, A)}
    life.come("b", at=-DAY)

    assert life.find(life.come("a", at=0), began=0) is None


def test_of_two_that_are_live_at_once_the_newer_one_is_the_newest(life: Life) -> None:
    life.repository.out_of_line = {(C, B), (C, A), (B, A)}
    life.come("a", at=-DAY)
    alert = life.come("c", at=0)
    old = life.come("b", at=1)  # it had not failed before; its last requests are still under way

    assert life.find(alert, began=2) is not None
    assert life.find(old, began=2) is None


def test_when_a_newer_one_is_out_by_then_nothing_is_proposed(life: Life) -> None:
    life.repository.out_of_line = {(C, B)}
    life.come("a", at=-DAY)
    alert = life.come("b", at=0)
    life.come("c", at=MINUTE)

    assert life.find(alert, began=0, now=2 * MINUTE) is None


@pytest.mark.parametrize(
    "other", [{"environment": "staging"}, {"package": "worker"}, {"project": "2"}, {"environment": "Production"}]
)
def test_releases_of_another_project_package_or_environment_do_not_count(life: Life, other: dict[str, str]) -> None:
    life.come("a", at=-DAY, **other)
    assert life.find(life.come("b", at=0), began=0) is None

    life.come("a", at=-DAY)
    life.come("c", at=MINUTE, **other)
    assert life.find(life.come("b", at=2 * MINUTE), began=2 * MINUTE) is not None


def test_it_was_on_staging_for_long_and_is_new_in_production_all_the_same(life: Life) -> None:
    life.come("a", at=-DAY)
    life.come("b", at=-3600, environment="staging")

    assert life.find(life.come("b", at=0), began=0) is not None


@pytest.mark.parametrize("other", [{"package": "shop"}, {"environment": "staging"}])
def test_names_no_workflow_for_what_the_workflow_does_not_take_back(life: Life, other: dict[str, str]) -> None:
    life.come("a", at=-DAY, **other)
    found = life.find(life.come("b", at=0, **other), began=0)

    assert found is not None
    assert found.deploy_url is None


def test_a_commit_that_is_not_the_repositorys_proposes_nothing(life: Life) -> None:
    life.repository.strange = {B}
    life.come("a", at=-DAY)

    assert life.find(life.come("b", at=0), began=0) is None


def test_made_up_releases_neither_hide_the_newest_one_nor_are_gone_back_to(life: Life) -> None:
    life.repository.strange = {C, "d" * 40}
    life.come("a", at=-DAY)
    life.come("c", at=-MINUTE)
    alert = life.come("b", at=0)
    life.come("d", at=1)
    found = life.find(alert, began=2)

    assert found is not None
    assert found.before == A


def test_a_flood_of_made_up_releases_does_not_make_a_known_one_new(life: Life) -> None:
    life.repository.out_of_line = {(B, A)}
    life.come("a", at=-DAY)
    life.find(life.come("b", at=-3600), began=-3600)  # which proves both
    for number in range(2 * MOST):
        alert = told(f"booty@{number:040x}").but(fingerprint="1:900", event=f"x{number}")
        life.ledger.claims.claim(alert, lambda _: Verdict.ACCEPTED, now=NOW - 1800 + number)

    line = LiveBook(life.store).line("1:900", release("b"), "production")
    assert len(line) == MOST
    assert [each.commit for each in line[:2]] == [A, B]
    assert life.find(life.come("b", at=0), began=0) is None


def test_what_is_merged_but_not_deployed_is_not_believed_where_the_service_itself_knows_what_runs(life: Life) -> None:
    book = LiveBook(life.store)
    book.note_own(release("a"), "production", now=NOW - DAY, keep_seconds=KEEP_SECONDS)
    life.come("a", at=-DAY)
    alert = life.come("b", at=0)
    assert life.find(alert, began=0) is None

    book.note_own(release("b"), "production", now=NOW + MINUTE, keep_seconds=KEEP_SECONDS)
    assert life.find(alert, began=0, now=2 * MINUTE) is not None


def test_the_service_has_seen_its_release_since_its_start(life: Life) -> None:
    book = LiveBook(life.store)
    for digit, at in (("a", -DAY), ("b", 0.0)):
        book.note_own(release(digit), "production", now=NOW + at, keep_seconds=KEEP_SECONDS)
    found = life.find(life.come("b", at=7 * MINUTE), began=7 * MINUTE)

    assert found is not None
    assert (found.before, found.live_seconds) == (A, 7 * MINUTE)


def test_nothing_is_asked_for_a_problem_that_is_not_new(life: Life) -> None:
    life.come("a", at=-DAY)
    life.research.gather(life.come("b", at=0), now=NOW)

    assert not [each for each in life.repository.asked if each.startswith("before")]


def test_a_github_that_does_not_answer_proposes_nothing_and_is_asked_again_when_the_post_failed_too(life: Life) -> None:
    life.come("a", at=-DAY)
    alert = life.come("b", at=0)
    life.repository.failures = {"before": Postponed("away")}
    assert life.find(alert, began=0) is None

    life.repository.failures = {}
    assert life.find(alert, began=0, now=1) is None
    life.research.ask_again()
    assert life.find(alert, began=0, now=2) is not None


@dataclass
class Sentry:
    """Sentry, which says of every problem when it began, or fails."""

    first: float | None = None
    trouble: SentryTrouble | None = None

    def of(self, fingerprint: str) -> Seen:
        """See `Sightings`."""
        assert fingerprint == "1:2"
        if self.trouble is not None:
            raise self.trouble
        return Seen(first=self.first)


@pytest.mark.parametrize(
    ("sentry", "is_new"),
    [
        (Sentry(NOW - 3600), False),
        (Sentry(NOW - MINUTE), True),
        (Sentry(NOW), True),
        (Sentry(), True),
        (Sentry(trouble=SentryTrouble("Sentry answered 503", is_permanent=False)), True),
    ],
)
def test_a_problem_that_sentry_saw_before_the_release_is_not_new(
    repository: Repository, store: SqliteEngine, sentry: Sentry, *, is_new: bool
) -> None:
    wanted = Wanted(links=True, suspects=True, new_release_seconds=30 * MINUTE)
    research = research_in(repository, store, wanted, sightings=sentry)
    life = Life(repository, store, research, Ledger(store.directory, engine=store))
    life.come("a", at=-DAY)

    assert (life.find(life.come("b", at=0), began=0) is not None) is is_new
