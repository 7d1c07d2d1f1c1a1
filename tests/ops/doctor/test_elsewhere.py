"""The doctor, where routes name other repositories."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.github_repositories import GitHubRepositories
from support.github_stand_in import TOKEN
from support.operator import run
from support.set_up import LABELS
from support.stand_in import says

from booty.observability.ops.commands.doctor import examine
from booty.observability.ops.console.given import Given
from booty.observability.ops.doctor.check import Check

HOME, SITE, PAY = "acme/shop", "acme/site", "other/pay"
OWN = "ghp_of_pay"
ROUTES = """
[[route]]
project = "site"
repository = "acme/site"
[[route]]
project = "pay"
repository = "other/pay"
token_file = "{token}"
[[route]]
project = "pay-web"
repository = "other/web"
token_file = "{token}"
"""


@pytest.fixture
def github() -> Iterator[GitHubRepositories]:
    with GitHubRepositories(acme__shop=TOKEN, acme__site=TOKEN, other__pay=OWN, other__web=OWN) as stand_in:
        yield stand_in


class Doctor:
    """Looks at all of them, with the labels of each."""

    def __init__(self, github: GitHubRepositories, folder: Path) -> None:
        self.github, self.token = github, folder / "pay.token"
        self.token.write_text(OWN)
        self.labels = {name: LABELS.split() for name in github.of}
        (folder / "routes.toml").write_text(ROUTES.format(token=self.token))
        secret = {"SENTRY_WEBHOOK_SECRET": "hush-hush-hush-hush", "BOOTY_STATE_DIR": str(folder / "state")}
        self.environ = github.environ | secret | {"OBSV_ROUTES": str(folder / "routes.toml")}

    def look(self) -> list[Check]:
        for name, labels in self.labels.items():
            self.github.fail(says(200, [{"name": each} for each in labels]), method="GET", path=f"{name}/labels")
        checks = examine(Given(self.environ), is_offline=False, is_fixing=False, root=Path("/nonexistent"))
        return [each for each in checks if each.name not in {"state directory", "ledger", "deliveries", "gate"}]

    def odd(self) -> list[tuple[str, str, str]]:
        """Return what is not well, but for the rights, which this stand-in does not tell."""
        return [
            (each.name, each.level, each.seen)
            for each in self.look()
            if each.level != "ok" and each.name != "permission"
        ]


@pytest.fixture
def doctor(github: GitHubRepositories, tmp_path: Path) -> Doctor:
    return Doctor(github, tmp_path)


def test_every_repository_that_a_route_names_is_looked_at(doctor: Doctor) -> None:
    assert doctor.odd() == []
    asked = {call.path for call in doctor.github.calls}
    assert {f"/repos/{name}" for name in doctor.github.of} <= asked


def test_labels_that_one_of_them_lacks_are_named_with_it(doctor: Doctor) -> None:
    doctor.labels[SITE].remove("agent:builder")

    assert doctor.odd() == [("labels", "FAIL", f"{SITE}: missing: agent:builder")]


def test_a_dead_token_of_two_of_them_is_one_fault_that_names_its_file(doctor: Doctor) -> None:
    doctor.token.write_text("ghp_dead")

    (failed,) = [each for each in doctor.look() if each.is_failed]
    assert (failed.name, failed.seen.partition(":")[0]) == ("token", PAY)
    assert failed.then == f"put a valid token into {doctor.token}, restart the service"


def test_a_dead_token_of_the_settings_is_one_fault_for_all_that_it_serves(doctor: Doctor) -> None:
    doctor.environ["GITHUB_TOKEN"] = "ghp_dead"

    assert [each.name for each in doctor.look() if each.is_failed] == ["token"]
    assert f"/repos/{SITE}" not in {call.path for call in doctor.github.calls}


def test_any_other_fault_of_the_settings_repository_hides_none_of_another(doctor: Doctor) -> None:
    for name in (HOME, SITE):
        doctor.labels[name].remove("agent:builder")

    assert doctor.odd() == [
        ("labels", "FAIL", "missing: agent:builder"),
        ("labels", "FAIL", f"{SITE}: missing: agent:builder"),
    ]


def test_one_that_is_not_there_is_a_fault_of_its_own(doctor: Doctor) -> None:
    doctor.github.fail(says(404, {"message": "Not Found"}), method="GET", path=PAY)

    ((name, level, seen),) = doctor.odd()
    assert (name, level, seen.partition(":")[0]) == ("repository", "FAIL", PAY)


def test_a_token_of_a_route_that_ends_soon_is_named_with_its_file(doctor: Doctor) -> None:
    doctor.github.of[PAY].token_expires = None
    ends = {"GitHub-Authentication-Token-Expiration": "2020-01-01 00:00:00 UTC"}
    answer = {"full_name": PAY, "archived": False, "has_issues": True}
    doctor.labels.pop(PAY)
    doctor.github.fail(says(200, [{"name": each} for each in LABELS.split()]), method="GET", path=f"{PAY}/labels")
    doctor.github.fail(says(200, answer, **ends), method="GET", path=PAY)

    (failed,) = [each for each in doctor.look() if each.is_failed and each.name == "token"]
    assert str(doctor.token) in failed.then


def test_a_token_of_a_route_is_never_printed(doctor: Doctor) -> None:
    said = f"what is {OWN}?"
    doctor.github.fail(says(403, {"message": said}), method="GET", path=PAY)
    state = doctor.environ["BOOTY_STATE_DIR"]
    done = run(Path(state), "doctor", **doctor.environ)

    assert "what is [secret]?" in done.stdout
    assert OWN not in done.stdout
