"""What the droplet says about itself, to people and to machines."""

from __future__ import annotations

import json

from booty_release.outcome import ExitCode
from support.droplet_folder import DropletFolder
from support.throwaway.repository import Repository


def test_status_says_what_serves_for_a_person_and_for_a_machine(droplet: DropletFolder, old: str) -> None:
    _, text = droplet.say("status")
    _, line = droplet.say("status --json")

    status = json.loads(line)
    assert f"current: {old}\n" in text
    assert "healthy: yes\n" in text
    assert (status["current"], status["healthy"], status["actor"], status["lock"]) == (old, True, "octocat", None)
    assert status["units"] == [f"booty@{old}.service"]


def test_status_of_an_empty_droplet_names_nothing(droplet: DropletFolder) -> None:
    code, text = droplet.say("status")

    assert code == ExitCode.FAILED
    assert "healthy: NO\n" in text
    assert "answers: nobody (status -)\n" in text
    assert droplet.say("current")[1] == "none\n"
    assert droplet.say("releases")[1] == "no release is here yet: ./deploy.sh deploy\n"


def test_releases_are_listed_with_what_became_of_them(droplet: DropletFolder, old: str) -> None:
    unproven = "e" * 40
    droplet.layout.release(unproven).mkdir()

    _, text = droplet.say("releases")
    _, line = droplet.say("releases --json")

    assert text.startswith(f"* {old} verified ")
    assert f"  {unproven} unproven\n" in text
    assert [(entry["sha"], entry["state"], entry["current"]) for entry in json.loads(line)] == [
        (old, "verified", True),
        (unproven, "unproven", False),
    ]


def test_a_plan_says_what_a_deploy_would_change(droplet: DropletFolder, repository: Repository, old: str) -> None:
    new = repository.commit()

    _, shared = droplet.say(f"plan {new}", (repository.folder / "requirements.txt").read_bytes())
    _, other = droplet.say(f"plan {new}", b"other==1\n")

    assert f"serves now:   {old}\nwould serve:  {new}\ndependencies: shared with a kept release\n" in shared
    assert "dependencies: to be installed\nwould remove: nothing\n" in other


def test_the_log_is_what_the_units_logged(droplet: DropletFolder) -> None:
    assert droplet.say("logs") == (ExitCode.DONE, "what the unit logged\n")


def test_a_release_that_answers_unwell_is_named_as_such(
    droplet: DropletFolder, repository: Repository, old: str
) -> None:
    droplet.systemd.make_unwell(f"booty@{old}.service")

    code, said = droplet.say(f"deploy {old} {'f' * 40} octocat -", repository.upload(old))

    assert code == ExitCode.REFUSED
    assert f"serving: {old}, unhealthy (status 503)" in said


def test_words_that_are_not_a_request_end_with_the_list_of_those_that_are(droplet: DropletFolder) -> None:
    code, said = droplet.say("deploy HEAD")

    assert code == ExitCode.BAD_INPUT
    assert "cause:   wrong arguments for deploy: 'deploy HEAD'" in said
    assert "next:    what it can say:\naccepts | current | status [--json]" in said
