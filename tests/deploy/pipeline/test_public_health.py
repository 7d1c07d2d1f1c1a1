"""The public address: which release it names, and when that is believed."""

from __future__ import annotations

import pytest
from support.workflow import github_bodies as bodies
from support.workflow.stand_in import StandIn
from support.workflow.throwaway import Project

from deploy.pipeline.public_health import NotKnown, health_url, served_release, wait_until


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "SERVER_NAME is not set"),
        ({"SERVER_NAME": "evil/x?"}, "SERVER_NAME must be a host name"),
        ({"SERVER_NAME": "user@evil"}, "SERVER_NAME must be a host name"),
        ({"SERVER_NAME": "booty.example", "HEALTH_SCHEME": "file"}, "HEALTH_SCHEME https or http"),
    ],
)
def test_asks_only_a_public_address_that_is_one(settings: dict[str, str], words: str) -> None:
    with pytest.raises(NotKnown, match=words):
        health_url(settings)


def test_asks_over_https_unless_told_otherwise() -> None:
    assert health_url({"SERVER_NAME": "booty.example"}) == "https://booty.example/health"


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, {"status": "ok", "release": None}, "names no release"),
        (200, {"release": "booty@main"}, "names no release"),
        (200, ["booty"], "names no release"),
        (503, {"release": "booty@" + "1" * 40}, "503"),
        (302, {"release": "booty@" + "1" * 40}, "302"),
    ],
)
def test_believes_only_a_health_page_that_names_a_release(
    outside: StandIn, status: int, body: object, words: str
) -> None:
    outside.teach("GET /elsewhere", body, status=status)

    with pytest.raises(NotKnown, match=words):
        served_release(f"{outside.url}/elsewhere")


@pytest.mark.parametrize("answer", bodies.BROKEN.values(), ids=bodies.BROKEN)
def test_a_health_page_that_cannot_be_read_names_no_release(outside: StandIn, answer: bytes) -> None:
    outside.teach("GET /elsewhere", answer)

    with pytest.raises(NotKnown):
        served_release(f"{outside.url}/elsewhere")


def test_waits_until_three_answers_in_a_row_agree(project: Project) -> None:
    project.serves("1" * 40)

    assert wait_until(lambda sha: sha == "1" * 40, url=f"{project.outside.url}/health", patience_seconds=5) == "1" * 40
    assert len(project.outside.calls) == 3


def test_answers_from_two_releases_do_not_add_up(project: Project) -> None:
    project.serves("1" * 40)
    coming = ["1" * 40, "1" * 40, "1" * 40, "2" * 40]

    def accept(_: str) -> bool:
        project.serves(coming.pop() if coming else "1" * 40)
        return True

    assert wait_until(accept, url=f"{project.outside.url}/health", patience_seconds=5) == "1" * 40
    assert len(project.outside.calls) == 5


def test_tells_what_was_served_instead(project: Project) -> None:
    project.serves("1" * 40)

    with pytest.raises(NotKnown, match="serves booty@1111"):
        wait_until(lambda sha: sha == "2" * 40, url=f"{project.outside.url}/health", patience_seconds=0)


def test_an_address_that_is_silent_for_a_moment_begins_the_count_anew(project: Project) -> None:
    project.serves("1" * 40)
    served = project.record / "served"

    def accept(_: str) -> bool:
        if len(project.outside.calls) == 2:
            served.rename(project.record / "away")
        return True

    with pytest.raises(NotKnown, match="502"):
        wait_until(accept, url=f"{project.outside.url}/health", patience_seconds=0.5)
