"""The releases that GitHub lists as deployed."""

from __future__ import annotations

from support.workflow import github_bodies as bodies
from support.workflow.ready import deployed
from support.workflow.throwaway import Project

from deploy.pipeline.planning.clone import Clone
from deploy.pipeline.planning.deployed import find_before, list_deployed
from deploy.pipeline.target import PRODUCTION


def test_lists_what_was_deployed_with_success(project: Project) -> None:
    deployed(project, "1" * 40, "2" * 40, "3" * 40)
    elsewhere = bodies.deployment(4, "4" * 40, name="staging")
    listed = [bodies.deployment(number, str(number) * 40) for number in (1, 2, 3)]
    project.outside.teach("GET deployments", [elsewhere, *listed])
    project.outside.teach("GET deployments/2/statuses", [bodies.status("failure"), bodies.status("waiting")])

    assert list(list_deployed(project.outside.github, target=PRODUCTION)) == ["1" * 40, "3" * 40]


def test_what_a_run_by_hand_deployed_is_in_the_address_of_the_environment(project: Project) -> None:
    deployed(project, "1" * 40, "2" * 40)
    by_hand = bodies.status("success", url=f"https://shop.example/health#booty@{'7' * 40}")
    hostile = bodies.status("success", url=f"https://shop.example/health#booty@{'7' * 40}/../x")
    project.outside.teach("GET deployments/1/statuses", [bodies.status("inactive"), by_hand])
    project.outside.teach("GET deployments/2/statuses", [hostile])

    assert list(list_deployed(project.outside.github, target=PRODUCTION)) == ["7" * 40, "2" * 40]


def test_the_release_before_is_an_earlier_commit_that_was_deployed_earlier(project: Project) -> None:
    first, second, third = (project.git("rev-parse", "HEAD"), project.commit("Two"), project.commit("Three"))
    clone = Clone(project.folder)

    assert find_before(iter([third, second, first]), served=third, clone=clone) == second
    assert find_before(iter([third, second, first]), served=second, clone=clone) == first
    assert find_before(iter([third, third, "9" * 40, second]), served=third, clone=clone) == second
    assert find_before(iter([third, second]), served=second, clone=clone) is None
    assert find_before(iter([second, first]), served=third, clone=clone) is None
    assert find_before([third, first, second, first], served=third, clone=clone) == first  # what was left is not it
    assert find_before([first, second, first], served=first, clone=clone) is None
    assert find_before([third, second], served=None, clone=clone) == second
