"""Who gets an issue, from the claim to the tracker: by label, gate, budget, protected path, the coding agent.

The tracker dies, forgets its answer, or loses the call, at every one of its calls in turn.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support import alerts
from support.ledger_doors import Ledger
from support.tracker_in_memory import Killed, Manner, TrackerInMemory

from booty.observability.alerts.alert import Alert, Frame, Raised
from booty.observability.alerts.filters import Policy, Verdict, decide
from booty.observability.alerts.handover.terms import AGENT, TRIAGE, Terms
from booty.observability.alerts.routing.destination import HERE, Destination
from booty.observability.alerts.severity import Severity
from booty.observability.alerts.status_change import StatusChange
from booty.observability.delivery.courier import Courier
from booty.observability.issues.code.code_context import CodeContext, CodeContextSource, CodeLink
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.life.handing import WAITS
from booty.observability.issues.life.step import Rules
from booty.observability.issues.outcomes import Postponed, Refused, Unknown
from booty.observability.ledger.schedule.jobs import Idle

NOON = 1_795_694_400.0
DAY = 24 * 3600.0
POLICY = Policy(Severity.ERROR, 1.0)
RULES = Rules(window_seconds=30 * DAY, web=WebLinks("https://github.com/acme/shop"))
BUILDER = "agent:builder"
COPILOT = Terms("copilot")


class Shop:
    """A service on `terms`, with a clock of its own, its ledger on disk, and a tracker that may fail."""

    def __init__(self, directory: Path, terms: Terms, *, fails_at: int = 0, manner: Manner = "lost") -> None:
        self.tracker = TrackerInMemory(fails_at, manner)
        self.ledger = Ledger(directory, keep_seconds=60 * DAY)
        self.terms, self.now, self.events = terms, NOON, 0
        self.code: CodeContextSource | None = None
        self.start()

    def start(self) -> None:
        self.courier = Courier(
            self.ledger.queue,
            self.tracker,
            trigger_label=BUILDER,
            terms=self.terms,
            rules=RULES,
            code_context=self.code,
            clock=lambda: self.now,
        )

    def alert(
        self,
        problem: int = 1,
        *,
        path: str = "shop/cart.py",
        release: str | None = None,
        destination: Destination = HERE,
    ) -> None:
        """Let an alert come, and deliver."""
        self.events += 1
        raised = (Raised(frames=(Frame(path=path, in_app=True),)),)
        about = {"raised": raised, "release": release, "occurred_at": datetime.fromtimestamp(self.now, UTC)}
        one = alerts.alert(fingerprint=f"1:{problem}", event=f"e{self.events}", **about)
        verdict = self.ledger.claims.claim(
            one, lambda known: decide(one, POLICY, known, self.now), destination=destination, now=self.now
        )
        assert verdict is Verdict.ACCEPTED
        self.deliver()

    def comes_back(self, problem: int = 1) -> None:
        """Let Sentry say that the problem, which was resolved, is there again; deliver."""
        self.events += 1
        change = {
            "fingerprint": f"1:{problem}",
            "change": "unresolved",
            "key": f"k{self.events}",
            "is_regression": True,
        }
        self.ledger.claims.record_status_change(StatusChange.read(change), now=self.now)
        self.deliver()

    def close(self, number: int = 1) -> None:
        """Close an issue as completed; an hour passes."""
        self.tracker.now = self.now
        self.tracker.close(number, is_completed=True)
        self.later(3600.0)

    def later(self, seconds: float) -> None:
        self.now += seconds
        self.tracker.now = self.now

    def deliver(self, *, seconds: float = 3600.0) -> None:
        """Deliver until nothing more is to be done; a killed process is started again."""
        ends_at = self.now + seconds
        while self.now < ends_at:
            try:
                rest = self.courier.step()
            except Killed:
                self.start()
                continue
            if isinstance(rest, Idle):
                if rest.until is None and not self.ledger.owed:
                    self.later(30.0)
                    if isinstance(self.courier.step(), Idle):
                        return
                    continue
                self.later(max((rest.until or self.now + 30.0) - self.now, 0.001))

    def labels(self, number: int = 1) -> set[str]:
        return set(self.tracker.issues[number].labels)

    def assignees(self, number: int = 1) -> list[str]:
        return sorted(self.tracker.issues[number].assignees)

    def starts(self) -> int:
        """Return how often the agent was put on."""
        return sum(AGENT in call for call in self.tracker.calls if call.startswith("assign"))


class Found:
    """What was found in the repository."""

    def __init__(self, context: CodeContext) -> None:
        self.context = context

    def gather(self, alert: Alert, *, began_at: float | None = None, now: float) -> CodeContext:
        del alert, began_at, now
        return self.context

    def ask_again(self) -> None:
        """Nothing failed."""

    def trusted(self, commits: Collection[str], *, now: float) -> frozenset[str]:
        del commits, now
        return frozenset()


@pytest.fixture
def shop(tmp_path: Path) -> Callable[..., Shop]:
    return lambda terms, **failing: Shop(tmp_path, terms, **failing)


def test_as_ever_an_issue_gets_the_trigger_label_and_says_nothing_of_it(shop: Callable[..., Shop]) -> None:
    one = shop(Terms())
    one.alert()

    assert one.labels() == {BUILDER, "severity:error"}
    assert WAITS not in one.tracker.issues[1].body
    assert one.assignees() == []


def test_behind_the_gate_an_issue_waits_for_a_person_and_says_how_it_is_handed_over(shop: Callable[..., Shop]) -> None:
    one = shop(Terms("gate"))
    one.alert()

    assert one.labels() == {TRIAGE, "severity:error"}
    assert f"{WAITS} No issue goes to the agent" in one.tracker.issues[1].body
    assert f"add the label `{BUILDER}`" in one.tracker.issues[1].body


def test_beyond_the_day_s_budget_issues_wait_and_say_why_until_the_day_turns(shop: Callable[..., Shop]) -> None:
    one = shop(Terms(per_day=5))
    for problem in range(1, 13):
        one.alert(problem)

    assert [TRIAGE in one.labels(number) for number in range(1, 13)] == [False] * 5 + [True] * 7
    assert [BUILDER in one.labels(number) for number in range(1, 13)] == [True] * 5 + [False] * 7
    assert "5 issues were already handed over today (UTC)" in one.tracker.issues[6].body
    one.later(DAY)
    one.alert(13)
    assert BUILDER in one.labels(13)


@pytest.mark.parametrize("manner", ["lost", "dropped", "killed"])
@pytest.mark.parametrize("fails_at", range(1, 9))
def test_whatever_fails_as_many_are_handed_over_as_the_budget_has(
    shop: Callable[..., Shop], fails_at: int, manner: Manner
) -> None:
    one = shop(Terms(per_day=2), fails_at=fails_at, manner=manner)
    for problem in range(1, 5):
        one.alert(problem)

    assert sorted(BUILDER in issue.labels for issue in one.tracker.issues.values()) == [False, False, True, True]
    assert sorted(TRIAGE in issue.labels for issue in one.tracker.issues.values()) == [False, False, True, True]


def test_an_issue_that_is_refused_for_good_gives_its_place_back(shop: Callable[..., Shop]) -> None:
    one = shop(Terms(per_day=1))
    one.tracker.refusals["create"] = [Refused("GitHub answered 422: Validation Failed")]
    one.alert(1)
    one.alert(2)
    assert BUILDER in one.labels(1)

    one.ledger.inspection.retry("1:1", now=one.now)
    one.deliver()

    assert TRIAGE in one.labels(2)


def test_a_crash_in_a_protected_path_waits_whatever_else_is_set(shop: Callable[..., Shop]) -> None:
    one = shop(Terms("copilot", protected=("payments/**",)))
    one.alert(path="/srv/app/payments/charge.py")

    assert one.labels() == {TRIAGE, "severity:error"}
    assert "The crash is in a protected path, `payments/**`. To hand this issue to the agent, assign Copilot." in (
        one.tracker.issues[1].body
    )
    assert one.assignees() == []


def test_a_protected_crash_takes_nothing_of_the_day_s_budget(shop: Callable[..., Shop]) -> None:
    one = shop(Terms(per_day=1, protected=("payments/**",)))
    one.alert(1, path="payments/charge.py")
    one.alert(2)

    assert BUILDER in one.labels(2)


def test_the_coding_agent_is_assigned_after_the_issue_was_created(shop: Callable[..., Shop]) -> None:
    one = shop(COPILOT)
    one.alert()

    assert one.labels() == {"severity:error"}
    assert one.assignees() == [AGENT]
    assert one.tracker.calls == ["create 1", "read 1", f"assign 1 {AGENT}"]


@pytest.mark.parametrize("manner", ["lost", "dropped", "killed"])
@pytest.mark.parametrize("fails_at", range(1, 5))
def test_whatever_fails_the_coding_agent_is_started_once(
    shop: Callable[..., Shop], fails_at: int, manner: Manner
) -> None:
    one = shop(COPILOT, fails_at=fails_at, manner=manner)
    one.alert()

    assert list(one.tracker.issues) == [1]
    assert one.assignees() == [AGENT]
    assert one.starts() <= 2  # one that did not arrive, and one


def test_a_limit_puts_the_assignment_off(shop: Callable[..., Shop]) -> None:
    one = shop(COPILOT)
    one.tracker.refusals["assign"] = [Postponed("slow down", pause_seconds=600.0, is_limit=True)]
    one.alert()

    assert one.assignees() == [AGENT]
    assert one.now >= NOON + 600.0


def test_an_agent_that_github_leaves_out_leaves_the_issue_to_a_person(shop: Callable[..., Shop]) -> None:
    one = shop(COPILOT)
    one.tracker.not_assignable = (AGENT,)
    one.alert()

    assert one.labels() == {"severity:error", TRIAGE}
    assert one.starts() == 1


@pytest.mark.parametrize("act", ["close", "take"])
def test_an_issue_that_somebody_took_or_closed_meanwhile_gets_no_agent(
    shop: Callable[..., Shop], act: str, caplog: pytest.LogCaptureFixture
) -> None:
    one = shop(COPILOT)

    def meanwhile(call: str) -> None:
        if call == "read 1" and act == "close":
            one.tracker.close(1, is_completed=True)
        elif call == "read 1":
            one.tracker.issues[1] = one.tracker.there_with(1, assignees=("ada",))

    one.tracker.during = meanwhile
    with caplog.at_level(logging.INFO):
        one.alert()

    assert AGENT not in one.assignees()
    assert "agent_not_assigned" in caplog.messages


def test_an_issue_that_is_gone_is_given_up_after_a_while(
    shop: Callable[..., Shop], caplog: pytest.LogCaptureFixture
) -> None:
    one = shop(COPILOT)
    one.tracker.during = lambda call: one.tracker.hidden.add(1) if call == "read 1" else None
    one.alert()

    assert "assignment_refused" in caplog.messages
    assert one.starts() == 0


def test_a_regression_is_handed_over_again_on_the_terms_of_that_day(shop: Callable[..., Shop]) -> None:
    one = shop(Terms(per_day=1))
    one.alert()
    one.close()

    one.alert(release="booty@" + "b" * 40)

    assert one.tracker.issues[1].is_open
    assert one.labels() == {"severity:error", "regression", TRIAGE}
    assert "1 issue was already handed over today (UTC)" in one.tracker.comments[1][-1]


def test_behind_the_gate_a_regression_waits_though_a_person_handed_it_over_before(shop: Callable[..., Shop]) -> None:
    one = shop(Terms("gate"))
    one.alert()
    one.tracker.label(1, (BUILDER,))
    one.tracker.unlabel(1, TRIAGE)
    one.close()

    one.comes_back()

    assert one.labels() == {"severity:error", "regression", TRIAGE}
    assert WAITS in one.tracker.comments[1][-1]


def test_what_waited_is_handed_over_when_it_comes_back_on_another_day(shop: Callable[..., Shop]) -> None:
    one = shop(Terms(per_day=1))
    one.alert(1)
    one.alert(2)
    one.close(2)
    one.later(DAY)

    one.alert(2, release="booty@" + "b" * 40)

    assert one.labels(2) == {"severity:error", "regression", BUILDER}


def test_a_triage_label_that_a_person_took_off_stays_off_while_the_issue_is_open(shop: Callable[..., Shop]) -> None:
    one = shop(Terms("gate"))
    one.alert()
    one.tracker.unlabel(1, TRIAGE)
    one.later(3600.0)

    one.alert(release="booty@" + "b" * 40)

    assert one.labels() == {"severity:error"}


def test_a_protected_crash_that_sentry_opens_again_waits_though_no_frame_comes_with_it(
    shop: Callable[..., Shop],
) -> None:
    one = shop(Terms(protected=("payments/**",)))
    one.alert(path="payments/charge.py")
    one.tracker.label(1, (BUILDER,))
    one.close()

    one.comes_back()

    assert one.labels() == {"severity:error", "regression", TRIAGE}


@pytest.mark.parametrize("manner", ["lost", "dropped", "killed"])
@pytest.mark.parametrize("fails_at", range(4, 20))
def test_whatever_fails_the_coding_agent_is_started_anew_when_it_comes_back(
    shop: Callable[..., Shop], fails_at: int, manner: Manner
) -> None:
    one = shop(COPILOT, fails_at=fails_at, manner=manner)
    one.alert()
    one.close()
    before = one.starts()

    one.alert(release="booty@" + "b" * 40)

    assert one.tracker.issues[1].is_open
    assert one.assignees() == [AGENT]
    assert 1 <= one.starts() - before <= 2
    assert "unassign 1" in one.tracker.calls


def test_a_route_says_who_gets_its_issues(shop: Callable[..., Shop]) -> None:
    one = shop(Terms())
    one.alert(1, destination=Destination(handover="gate", labels=("pay", "severity:error"), trigger_label="agent:pay"))
    one.alert(2, destination=Destination(labels=("pay",), trigger_label="agent:pay", assignees=("ada", "bob")))
    one.alert(3, destination=Destination(handover="copilot", assignees=("ada",)))
    one.alert(4)

    assert [one.labels(number) for number in range(1, 5)] == [
        {TRIAGE, "severity:error", "pay"},
        {"agent:pay", "severity:error", "pay"},
        {"severity:error"},
        {BUILDER, "severity:error"},
    ]
    assert "add the label `agent:pay`" in one.tracker.issues[1].body
    assert [one.assignees(number) for number in range(1, 5)] == [[], ["ada", "bob"], ["ada", AGENT], []]


@pytest.mark.parametrize("terms", [Terms("gate"), Terms(per_day=1), Terms(protected=("payments/**",))])
def test_no_label_of_a_route_hands_over_what_is_held(shop: Callable[..., Shop], terms: Terms) -> None:
    one = shop(terms)
    one.alert(1, path="payments/a.py")
    one.alert(2, path="payments/a.py", destination=Destination(labels=("Agent:Builder", "pay"), assignees=("Copilot",)))

    assert one.labels(2) == {TRIAGE, "severity:error", "pay"}
    assert one.assignees(2) == []


def test_a_route_s_issue_comes_back_to_the_route_s_agent(shop: Callable[..., Shop]) -> None:
    one = shop(Terms("gate"))
    there = Destination(handover="label", trigger_label="agent:pay")
    one.alert(destination=there)
    one.close()

    one.alert(release="booty@" + "b" * 40, destination=there)

    assert one.labels() == {"severity:error", "regression", "agent:pay"}


def test_somebody_whom_github_does_not_assign_keeps_nobody_else_off(shop: Callable[..., Shop]) -> None:
    one = shop(Terms("copilot", protected=("payments/**",)))
    one.tracker.not_assignable = ("bob",)
    one.alert(1, destination=Destination(assignees=("ada", "bob")))
    one.alert(2, path="payments/a.py", destination=Destination(assignees=("ada", "bob")))

    assert [one.assignees(number) for number in (1, 2)] == [["ada", AGENT], ["ada"]]


@pytest.mark.parametrize("failure", [Unknown("502"), Postponed("slow down", is_limit=True), Refused("403", remedy="x")])
def test_an_assignment_that_fails_and_fails_keeps_no_alert_waiting(
    shop: Callable[..., Shop], failure: Exception
) -> None:
    one = shop(COPILOT)
    one.tracker.refusals["assign"] = [failure] * 200
    one.alert(1)
    began_at = one.now

    one.alert(2)

    assert list(one.tracker.issues) == [1, 2]
    assert one.ledger.owed == 0
    one.tracker.refusals.clear()
    one.later(DAY)
    one.deliver()
    assert [one.assignees(number) for number in (1, 2)] == [[AGENT], [AGENT]]
    assert began_at < one.now


def test_a_path_that_only_the_repository_knew_protects_after_a_lost_answer_too(
    shop: Callable[..., Shop],
) -> None:
    """The code is looked for once, before the post; whoever looks for its issue afterwards knows the alert alone."""
    one = shop(Terms("copilot", protected=("backend/payments/**",)), fails_at=1, manner="killed")
    frame = Frame(path="charge.py", in_app=True)
    one.code = Found(CodeContext(crash=CodeLink(frame, "https://github.com/x", "backend/payments/charge.py")))
    one.start()
    one.alert(path="charge.py")

    assert one.labels() == {TRIAGE, "severity:error"}
    assert one.assignees() == []
