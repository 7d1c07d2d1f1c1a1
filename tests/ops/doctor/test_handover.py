"""What the doctor says of handing over: the label for triage, the coding agent, the protected paths."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.operator import run
from support.set_up import SetUp
from support.stand_in import Fault

from booty.observability.ops.doctor.github.handover import check_agent


def line(up: SetUp, name: str, *options: str, **settings: str) -> str:
    """Return the doctor's line of that name, without its padding; "" where there is none."""
    shown = run(up.state, "doctor", *options, **up.environ, **settings).stdout.splitlines()
    return next((" ".join(each.split()) for each in shown if each.split()[1] == name), "")


def test_nothing_is_said_of_what_is_not_set(up: SetUp) -> None:
    assert line(up, "agent") == line(up, "paths") == ""
    assert line(up, "labels") == "ok labels all 8 are there"


@pytest.mark.parametrize(
    "settings", [{"OBSV_HANDOVER": "gate"}, {"OBSV_HANDOVER_PER_DAY": "5"}, {"OBSV_PROTECTED_PATHS": "shop/**"}]
)
def test_the_label_for_triage_is_missed_where_an_issue_may_get_it(up: SetUp, settings: dict[str, str]) -> None:
    assert line(up, "labels", **settings) == "FAIL labels missing: agent:triage -> booty doctor --fix"


def test_a_fix_makes_the_label_for_triage(up: SetUp) -> None:
    assert line(up, "labels", "--fix", OBSV_HANDOVER="gate").startswith("ok labels made: agent:triage")
    assert line(up, "labels", OBSV_HANDOVER="gate") == "ok labels all 9 are there"


def test_the_coding_agent_is_looked_for_among_those_who_can_be_assigned(up: SetUp) -> None:
    up.github.actors = ["ada-l", "copilot-swe-agent"]

    assert line(up, "agent", OBSV_HANDOVER="copilot").startswith("ok agent GitHub's coding agent can be assigned;")


def test_a_coding_agent_that_cannot_be_assigned_needs_a_person(up: SetUp) -> None:
    up.github.actors = ["ada-l"]
    off = line(up, "agent", OBSV_HANDOVER="copilot")
    up.github.actors, up.github.viewer = ["copilot-swe-agent"], "TRIAGE"
    weak = line(up, "agent", OBSV_HANDOVER="copilot")

    assert off.startswith("FAIL agent GitHub's coding agent cannot be assigned in acme/shop -> switch it on")
    assert weak.startswith("FAIL agent the token's account may not start GitHub's coding agent -> give")


def test_where_github_does_not_tell_a_person_looks(up: SetUp) -> None:
    up.github.fail(Fault(403, body=b'{"message": "Resource not accessible"}'), method="POST", path="/graphql")

    assert line(up, "agent", OBSV_HANDOVER="copilot").startswith("warn agent GitHub does not tell:")


@pytest.mark.parametrize(
    ("paths", "said"),
    [("shop/**,*.tf", "ok paths all 2"), ("shop/*,paymnts/**", "warn paths no file of acme/shop is in paymnts/**")],
)
def test_a_protected_path_that_no_file_is_in_is_named(up: SetUp, paths: str, said: str) -> None:
    up.github.files = ["shop/cart.py", "infra/main.tf"]

    assert line(up, "paths", OBSV_PROTECTED_PATHS=paths).startswith(said)


def test_files_that_cannot_be_listed_are_a_warning(up: SetUp) -> None:
    assert line(up, "paths", OBSV_PROTECTED_PATHS="shop/**").startswith("warn paths the files cannot be listed:")


def test_the_coding_agent_is_looked_for_only_where_a_route_hands_over_to_it(up: SetUp, tmp_path: Path) -> None:
    routes = tmp_path / "routes.toml"
    routes.write_text('[[route]]\nproject = "pay"\nrepository = "acme/pay"\nhandover = "copilot"\n')

    assert line(up, "agent", OBSV_ROUTES=str(routes)) == ""  # nobody sees acme/pay, which is said instead
    routes.write_text('[[route]]\nproject = "pay"\nhandover = "copilot"\n')
    assert line(up, "agent", OBSV_ROUTES=str(routes)).startswith("FAIL agent GitHub's coding agent cannot be assigned")
    assert line(up, "labels", OBSV_ROUTES=str(routes)) == "FAIL labels missing: agent:triage -> booty doctor --fix"


def test_no_app_starts_the_coding_agent() -> None:
    class Unasked:
        """A GitHub that nobody asks."""

    told = check_agent(Unasked(), "acme/shop", api_url="https://api.github.com", is_app=True)  # type: ignore[arg-type]  # as it says

    assert (told.level, told.seen) == ("FAIL", "GitHub's coding agent does not start for a GitHub App's token")
