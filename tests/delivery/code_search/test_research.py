"""The search brings what it finds in time, and never more trouble than nothing at all."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from support import alerts
from support.alerts import RELEASE
from support.ledger_doors import Ledger
from support.repository_stand_in import RELEASED_AT, SHA
from support.service import eventually

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Verdict
from booty.observability.delivery.code_search.research import PATIENCE_SECONDS, QUIET_SECONDS, Research
from booty.observability.delivery.code_search.search import FRESH_SECONDS, Search, Wanted
from booty.observability.issues.code.code_context import CodeContext, Comparison, Suspect
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.outcomes import Postponed, Refused, Unknown
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.problems.seen_releases import ReleaseBook

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
    pulls: dict[str, int] = field(default_factory=dict)
    failures: dict[str, Exception] = field(default_factory=dict)
    hangs: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    until: datetime | None = None
    released: Event = field(default_factory=Event)

    def is_on_default_branch(self, commit: str) -> bool:
        self._answer(f"branch {commit[:7]}")
        return commit not in self.strange

    def is_tagged(self, commit: str) -> bool:
        self._answer(f"tag {commit[:7]}")
        return commit in self.tagged

    def paths(self, commit: str) -> tuple[str, ...]:
        self._answer(f"paths {commit[:7]}")
        return ("src/shop/store.py", "src/shop/web.py")

    def committed_at(self, commit: str) -> datetime | None:
        self._answer(f"date {commit[:7]}")
        return self.date

    def suspects(self, path: str, *, commit: str, until: datetime) -> tuple[Suspect, ...]:
        self.until = until
        self._answer(f"suspects {commit[:7]} {path}")
        return (SUSPECT,)

    def pull(self, commit: str) -> int | None:
        self._answer(f"pull {commit[:7]}")
        return self.pulls.get(commit)

    def _answer(self, question: str) -> None:
        self.asked.append(question)
        kind = question.partition(" ")[0]
        if kind in self.hangs:
            self.released.wait()
        if kind in self.failures:
            raise self.failures[kind]


@pytest.fixture
def repository() -> Iterator[Repository]:
    repository = Repository()
    yield repository
    repository.released.set()


@pytest.fixture
def store(tmp_path: Path) -> SqliteEngine:
    return SqliteEngine(tmp_path)


def research_in(
    repository: Repository, store: SqliteEngine, wanted: Wanted = ALL, *, patience: float = 30.0
) -> Research:
    return Research(Search(repository, ReleaseBook(store), WebLinks(PAGE), wanted), patience=patience)


def told(release: str | None = RELEASE, environment: str = "production") -> Alert:
    return alerts.python_chained().model_copy(update={"release": release, "environment": environment})


def release(digit: str) -> str:
    return f"booty@{digit * 40}"


def test_finds_links_suspects_and_the_release_before(repository: Repository, store: SqliteEngine) -> None:
    research = research_in(repository, store)
    research.gather(told(release("b")), now=NOW - 60)

    found = research.gather(told(), now=NOW)

    assert found is not None
    assert found.crash is not None
    assert found.crash.url == f"{BLOB}/src/shop/store.py#L13-L17"
    assert [link.url for link in found.calls] == [f"{BLOB}/src/shop/web.py#L17", f"{BLOB}/src/shop/store.py#L13"]
    assert found.suspects == (SUSPECT,)
    assert found.comparison == Comparison("b" * 40, SHA, f"{PAGE}/compare/{'b' * 40}...{SHA}", is_fresh=True)


def test_asks_for_files_and_date_of_a_release_once_whatever_process_asks(
    repository: Repository, store: SqliteEngine
) -> None:
    first, second = research_in(repository, store), research_in(repository, SqliteEngine(store.directory))
    for research in (first, first, second):
        research.gather(told(), now=NOW)

    assert repository.asked[:3] == ["branch 3f6c1d0", "paths 3f6c1d0", "date 3f6c1d0"]
    assert repository.asked[3:] == ["suspects 3f6c1d0 src/shop/store.py", "pull aaaaaaa"] * 3


@pytest.mark.parametrize(
    "name", [None, "", "shop@4.18.2", f"booty@{SHA[:12]}", f"{SHA}0", f"booty@x{SHA}", f"booty@{SHA}x", SHA.upper()]
)
def test_asks_nothing_about_a_release_that_names_no_commit(
    repository: Repository, store: SqliteEngine, name: str | None
) -> None:
    assert research_in(repository, store).gather(told(name), now=NOW) is None
    assert repository.asked == []


@pytest.mark.parametrize(("known", "until"), [(RELEASED_AT, RELEASED_AT), (None, datetime.fromtimestamp(NOW, UTC))])
def test_wants_no_suspect_younger_than_the_release(
    repository: Repository, store: SqliteEngine, known: datetime | None, until: datetime
) -> None:
    repository.date = known
    research = research_in(repository, store)
    research.gather(told(), now=NOW)
    research.gather(told(), now=NOW + 500)

    assert repository.until == until


def test_an_error_is_fresh_for_an_hour_after_the_first_alert_of_its_release(
    repository: Repository, store: SqliteEngine
) -> None:
    research = research_in(repository, store)
    research.gather(told(release("b")), now=NOW - 99_999)
    moments = (NOW, NOW + FRESH_SECONDS, NOW + FRESH_SECONDS + 1)
    found = [research.gather(told(), now=now) for now in moments]

    assert [each and each.comparison and each.comparison.is_fresh for each in found] == [True, True, False]


def test_compares_with_a_release_that_was_seen_in_a_recurrence_only(
    repository: Repository, store: SqliteEngine
) -> None:
    ledger = Ledger(store.directory, engine=store, keep_seconds=NOW)
    ledger.claims.claim(told(release("b")), lambda _: Verdict.ACCEPTED, now=NOW - 7200)
    ledger.claims.claim(told(release("c")), lambda _: Verdict.COOLDOWN, now=NOW - 3601)
    ledger.claims.claim(told(), lambda _: Verdict.COOLDOWN, now=NOW - 3600.5)
    found = research_in(repository, store).gather(told(), now=NOW)

    assert found is not None
    assert found.comparison is not None
    assert (found.comparison.before, found.comparison.is_fresh) == ("c" * 40, False)


@pytest.mark.parametrize(("name", "environment"), [(release("b"), "staging"), (f"worker@{'b' * 40}", "production")])
def test_compares_only_releases_of_the_same_package_and_environment(
    repository: Repository, store: SqliteEngine, name: str, environment: str
) -> None:
    research = research_in(repository, store)
    research.gather(told(name, environment), now=NOW - 60)
    found = research.gather(told(), now=NOW)

    assert found is not None
    assert found.comparison is None


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [
        (Wanted(links=True, suspects=False), ["branch 3f6c1d0", "paths 3f6c1d0"]),
        (Wanted(links=False, suspects=True), ALL_CALLS),
    ],
)
def test_each_part_can_be_switched_off(
    repository: Repository, store: SqliteEngine, wanted: Wanted, asked: list[str]
) -> None:
    found = research_in(repository, store, wanted).gather(told(), now=NOW)

    assert found is not None
    assert (found.crash is not None, bool(found.calls), bool(found.suspects)) == (
        wanted.links,
        wanted.links,
        wanted.suspects,
    )
    assert repository.asked == asked


@pytest.mark.parametrize("question", ["branch", "tag", "paths"])
@pytest.mark.parametrize(
    "failure", [Refused("403"), Postponed("429", is_limit=True), Unknown("500"), ValueError("bug")]
)
def test_has_nothing_when_commit_or_files_cannot_be_read_and_does_not_ask_again_soon(
    repository: Repository, store: SqliteEngine, question: str, failure: Exception
) -> None:
    repository.failures = {question: failure}
    repository.strange, repository.tagged = {SHA}, {SHA}
    research = research_in(repository, store)

    assert [research.gather(told(), now=now) for now in (NOW, NOW + 1, NOW + QUIET_SECONDS - 1)] == [None] * 3
    assert sum(asked.startswith(question) for asked in repository.asked) == 1

    repository.failures = {}
    assert research.gather(told(), now=NOW + QUIET_SECONDS) is not None


def test_says_so_where_the_commit_is_not_the_repositorys_and_asks_for_no_more(
    repository: Repository, store: SqliteEngine
) -> None:
    repository.strange = {SHA}
    research = research_in(repository, store)
    found = [research.gather(told(), now=now) for now in (NOW, NOW + 1, NOW + QUIET_SECONDS - 1)]

    assert found == [CodeContext(is_untrusted=True)] * 3
    assert repository.asked == ["branch 3f6c1d0", "tag 3f6c1d0"]

    repository.strange = set()  # it was merged
    assert research.gather(told(), now=NOW + QUIET_SECONDS) not in {None, CodeContext(is_untrusted=True)}


def test_trusts_what_our_own_tag_names(repository: Repository, store: SqliteEngine) -> None:
    repository.strange, repository.tagged = {SHA}, {SHA}
    found = research_in(repository, store).gather(told(), now=NOW)

    assert found is not None
    assert found.crash is not None


def test_links_nothing_of_an_untrusted_commit_whose_files_were_kept_before(
    repository: Repository, store: SqliteEngine
) -> None:
    ReleaseBook(store).keep_paths(SHA, ("src/shop/store.py", "src/shop/web.py"))
    repository.strange = {SHA}

    assert research_in(repository, store).gather(told(), now=NOW) == CodeContext(is_untrusted=True)


def test_compares_with_no_commit_that_is_not_trusted(repository: Repository, store: SqliteEngine) -> None:
    repository.strange = {"b" * 40}
    research = research_in(repository, store)
    research.gather(told(release("b")), now=NOW - 60)
    found = research.gather(told(), now=NOW)

    assert found is not None
    assert found.crash is not None
    assert found.comparison is None


def test_names_the_pull_request_of_a_suspect_by_its_number_alone(repository: Repository, store: SqliteEngine) -> None:
    repository.pulls = {SUSPECT.sha: 12}
    found = research_in(repository, store).gather(told(), now=NOW)

    assert found is not None
    assert found.suspects == (replace(SUSPECT, pull=12, pull_url=f"{PAGE}/pull/12"),)


@pytest.mark.parametrize("failure", [Refused("403"), Postponed("429"), Unknown("500"), KeyError("bug")])
def test_names_suspects_without_pull_requests_when_these_cannot_be_read(
    repository: Repository, store: SqliteEngine, failure: Exception
) -> None:
    repository.failures = {"pull": failure}
    research = research_in(repository, store)
    found = [research.gather(told(), now=now) for now in (NOW, NOW + 1)]

    assert found[0] is not None
    assert found[0].suspects == (SUSPECT,)
    assert repository.asked.count("pull aaaaaaa") == 1


def test_tells_which_commits_are_trusted_and_asks_once(repository: Repository, store: SqliteEngine) -> None:
    repository.strange = {"b" * 40}
    first, second = research_in(repository, store), research_in(repository, SqliteEngine(store.directory))

    assert first.trusted([SHA, "b" * 40], now=NOW) == second.trusted([SHA], now=NOW) == {SHA}
    assert first.trusted([], now=NOW) == first.trusted(["b" * 40], now=NOW + 1) == frozenset()
    assert repository.asked == ["branch 3f6c1d0", "branch bbbbbbb", "tag bbbbbbb"]


@pytest.mark.parametrize("failure", [Refused("403"), Postponed("429"), Unknown("500"), KeyError("bug")])
def test_trusts_no_commit_while_github_cannot_be_asked(
    repository: Repository, store: SqliteEngine, failure: Exception
) -> None:
    repository.failures = {"branch": failure}

    assert research_in(repository, store).trusted([SHA], now=NOW) == frozenset()


def test_waits_no_longer_than_its_patience_to_learn_which_commits_are_trusted(
    repository: Repository, store: SqliteEngine
) -> None:
    repository.hangs = {"tag"}
    repository.strange = {"b" * 40}

    assert research_in(repository, store, patience=PATIENCE_SECONDS).trusted([SHA, "b" * 40], now=NOW) == {SHA}


def test_asks_about_other_commits_after_one_that_does_not_exist(repository: Repository, store: SqliteEngine) -> None:
    repository.failures = {"paths": Refused("404")}
    research = research_in(repository, store)
    research.gather(told(release("d")), now=NOW)
    repository.failures = {}

    assert research.gather(told(), now=NOW + 1) is not None


def test_remembers_few_of_the_commits_that_are_not_trusted(repository: Repository, store: SqliteEngine) -> None:
    repository.strange = {f"{number:040x}" for number in range(60)}
    research = research_in(repository, store)
    for number in (*range(60), *range(59, 9, -1)):
        research.gather(told(f"booty@{number:040x}"), now=NOW)

    assert len(repository.asked) == 2 * 60


@pytest.mark.parametrize("question", ["date", "suspects"])
@pytest.mark.parametrize("failure", [Refused("404"), Postponed("429"), Unknown("500"), KeyError("bug")])
def test_links_without_suspects_when_the_commits_cannot_be_read(
    repository: Repository, store: SqliteEngine, question: str, failure: Exception
) -> None:
    repository.failures = {question: failure}
    found = research_in(repository, store).gather(told(), now=NOW)

    assert found is not None
    assert found.crash is not None
    assert found.suspects == ()


def test_still_links_what_it_knows_while_it_asks_nothing(repository: Repository, store: SqliteEngine) -> None:
    repository.failures = {"suspects": Unknown("500")}
    research = research_in(repository, store)
    first, second = (research.gather(told(), now=NOW + seconds) for seconds in (0, 1))

    assert first == second
    assert repository.asked == ALL_CALLS[:-1]


def test_waits_no_longer_than_its_patience_and_only_once(repository: Repository, store: SqliteEngine) -> None:
    repository.hangs = {"paths"}
    research = research_in(repository, store, patience=0.2)
    began_at = time.monotonic()

    assert [research.gather(told(), now=NOW + number) for number in range(20)] == [None] * 20
    assert 0.2 <= time.monotonic() - began_at < 1.5
    assert repository.asked == ["branch 3f6c1d0", "paths 3f6c1d0"]


def test_begins_no_second_search_while_one_hangs_however_long(repository: Repository, store: SqliteEngine) -> None:
    repository.hangs = {"paths"}
    research = research_in(repository, store, patience=0.1)
    for number in range(3):
        research.gather(told(), now=NOW + number * QUIET_SECONDS * 2)

    assert repository.asked == ["branch 3f6c1d0", "paths 3f6c1d0"]


def test_keeps_an_answer_that_came_too_late_for_the_next_alert(repository: Repository, store: SqliteEngine) -> None:
    repository.hangs = {"paths"}
    research = research_in(repository, store, patience=PATIENCE_SECONDS)
    assert research.gather(told(), now=NOW) is None

    repository.released.set()
    assert eventually(lambda: ReleaseBook(store).paths(SHA) is not None)
    found = research.gather(told(), now=NOW + 1)

    assert found is not None
    assert found.crash is not None
    assert repository.asked == ["branch 3f6c1d0", "paths 3f6c1d0"]


@pytest.mark.parametrize("question", ["date", "suspects"])
def test_brings_the_links_when_only_the_suspects_hang(
    repository: Repository, store: SqliteEngine, question: str
) -> None:
    repository.hangs = {question}
    found = research_in(repository, store, patience=PATIENCE_SECONDS).gather(told(), now=NOW)

    assert found is not None
    assert found.crash is not None
    assert found.suspects == ()


def test_pull_requests_that_come_too_late_are_left_out_and_cost_the_next_alert_nothing(
    repository: Repository, store: SqliteEngine
) -> None:
    repository.hangs, repository.pulls = {"pull"}, {SUSPECT.sha: 12}
    research = research_in(repository, store, patience=PATIENCE_SECONDS)
    first = research.gather(told(), now=NOW)
    repository.released.set()
    assert eventually(lambda: not any(thread.name == "research" for thread in threading.enumerate()))
    second = research.gather(told(), now=NOW + 1)

    assert [each and [suspect.pull for suspect in each.suspects] for each in (first, second)] == [[None], [12]]


def test_has_nothing_when_the_ledger_cannot_be_used(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")

    assert research_in(repository, SqliteEngine(tmp_path / "file")).gather(told(), now=NOW) is None


@pytest.mark.parametrize("question", ["branch", "paths"])
def test_tells_the_operator_which_permission_is_missing(
    repository: Repository, store: SqliteEngine, caplog: pytest.LogCaptureFixture, question: str
) -> None:
    repository.failures = {question: Refused("GitHub answered 403: Resource not accessible")}
    with caplog.at_level(logging.WARNING):
        research_in(repository, store).gather(told(), now=NOW)

    (record,) = caplog.records
    assert record.message == "provenance_refused"
    assert vars(record)["remedy"].startswith("give GITHUB_TOKEN 'contents: read'")
