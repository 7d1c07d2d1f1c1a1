"""Sentry learns of a release, and cannot fail a deploy."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.workflow import github_bodies as bodies
from support.workflow.steps import Step
from support.workflow.throwaway import Project

from deploy.pipeline import sentry_release
from deploy.pipeline.planning.clone import Clone
from deploy.pipeline.target import PRODUCTION


def test_tells_sentry_the_release_its_commits_and_the_deploy(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    before, sha = project.git("rev-parse", "HEAD"), project.commit("Fix the parser\n\nFixes BOOTY-1")
    releases = "/api/0/organizations/sea/releases/"
    project.outside.teach(f"POST {releases}", {}, status=208)
    project.outside.teach(f"POST {releases}booty%40{sha}/deploys/", {}, status=201)
    monkeypatch.chdir(project.folder)
    settings = {"SENTRY_AUTH_TOKEN": "sntrys_x\n", "SENTRY_ORG": "sea", "SENTRY_PROJECT": "booty"}
    runner = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": bodies.REPOSITORY}
    shipped = {"RELEASE_SHA": sha, "BEFORE_SHA": before, "ENVIRONMENT_URL": "https://booty.example/health"}

    assert (
        sentry_release.main(
            {
                **settings,
                **runner,
                **shipped,
                "SENTRY_URL": project.outside.url + "/",
                "GITHUB_STEP_SUMMARY": os.devnull,
            },
            PRODUCTION,
        )
        == 0
    )

    release, deploy = project.outside.calls
    assert release.headers["Authorization"] == "Bearer sntrys_x"
    assert release.body["version"] == f"booty@{sha}"
    assert release.body["projects"] == ["booty"]
    assert [(commit["id"], commit["message"], commit["repository"]) for commit in release.body["commits"]] == [
        (sha, "Fix the parser\n\nFixes BOOTY-1", bodies.REPOSITORY)
    ]
    assert deploy.body == {"environment": "production", "url": "https://booty.example/health"}


@pytest.mark.parametrize("token", ["sntrys_hidden\nhidden", "sntrys_hidden\u2019", " "])
def test_a_token_that_is_none_is_not_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str], token: str) -> None:
    summary = tmp_path / "summary"
    settings = {"SENTRY_AUTH_TOKEN": token, "SENTRY_ORG": "sea", "SENTRY_PROJECT": "booty", "RELEASE_SHA": "1" * 40}

    code = sentry_release.main(
        {**settings, "GITHUB_REPOSITORY": "x/y", "GITHUB_STEP_SUMMARY": str(summary)}, PRODUCTION
    )

    assert code == 0
    assert "Sentry was not told (`SENTRY_AUTH_TOKEN holds characters that no token has`)" in summary.read_text()
    assert "hidden" not in summary.read_text() + capsys.readouterr().out


@pytest.mark.parametrize("url", ["file:///etc", "ftp://sentry.example", "sentry.example", "https:///x"])
def test_a_sentry_is_asked_over_http_alone(tmp_path: Path, url: str) -> None:
    summary = tmp_path / "summary"
    settings = {"SENTRY_AUTH_TOKEN": "sntrys_x", "SENTRY_ORG": "sea", "SENTRY_PROJECT": "booty", "SENTRY_URL": url}
    runner = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "x/y"}

    code = sentry_release.main(
        {**settings, **runner, "RELEASE_SHA": "1" * 40, "GITHUB_STEP_SUMMARY": str(summary)}, PRODUCTION
    )

    assert code == 0
    assert "Sentry was not told (`SENTRY_URL is not the URL of a Sentry`)" in summary.read_text()


@pytest.mark.parametrize("answer", bodies.BROKEN.values(), ids=bodies.BROKEN)
def test_a_sentry_that_cannot_be_understood_fails_no_deploy(
    project: Project, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    project.outside.teach("POST /api/0/organizations/sea/releases/", answer)
    monkeypatch.chdir(project.folder)
    summary = project.record / "summary"
    settings = {"SENTRY_AUTH_TOKEN": "sntrys_x", "SENTRY_ORG": "sea", "SENTRY_PROJECT": "booty"}
    runner = {
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "x/y",
        "GITHUB_STEP_SUMMARY": str(summary),
    }
    shipped = {"RELEASE_SHA": project.git("rev-parse", "HEAD"), "SENTRY_URL": project.outside.url}

    assert sentry_release.main({**settings, **runner, **shipped}, PRODUCTION) == 0
    assert "Sentry was not told" in summary.read_text()


def test_without_a_token_nothing_is_sent(step: Step) -> None:
    assert sentry_release.main(step.environment | {"SENTRY_AUTH_TOKEN": ""}, PRODUCTION) == 0
    assert "Sentry is not told of this release: the Environment `production` has no secret" in step.summary
    assert step.project.outside.calls == []


@pytest.mark.parametrize("before", ["", "main", "1" * 39, "--all"])
def test_a_release_before_that_is_not_a_commit_leaves_the_deployed_commit_alone(project: Project, before: str) -> None:
    sha = project.commit("Fix the parser")

    described = sentry_release.describe_commits(Clone(project.folder), before=before, sha=sha, repository="x/y")

    assert [commit["id"] for commit in described] == [sha]


def test_a_release_before_that_the_clone_does_not_know_leaves_out_only_the_comparison(step: Step) -> None:
    sha, releases = step.project.git("rev-parse", "HEAD"), "/api/0/organizations/sea/releases/"
    step.project.outside.teach(f"POST {releases}", {}, status=201)
    step.project.outside.teach(f"POST {releases}booty%40{sha}/deploys/", {}, status=201)
    handed_on = {"RELEASE_SHA": sha, "BEFORE_SHA": "9" * 40}

    assert sentry_release.main(step.environment | handed_on, PRODUCTION) == 0

    release, deploy = step.project.outside.calls
    assert [commit["id"] for commit in release.body["commits"]] == [sha]
    assert deploy.body["environment"] == "production"
    assert f"the release that ran\nbefore, `{'9' * 40}`, is not a commit of this repository" in step.summary
    assert "SENTRY_AUTH_TOKEN" not in step.summary


@pytest.mark.parametrize("name", ["SENTRY_ORG", "SENTRY_PROJECT"])
def test_a_setting_that_is_missing_is_named(step: Step, name: str) -> None:
    handed_on = {"RELEASE_SHA": step.project.git("rev-parse", "HEAD"), name: ""}

    assert sentry_release.main(step.environment | handed_on, PRODUCTION) == 0
    assert f"Sentry was not told (`not set: {name}`)" in step.summary
    assert step.project.outside.calls == []


@pytest.mark.parametrize(("status", "advice"), [(401, 1), (404, 1), (500, 0)])
def test_only_a_refusal_points_at_the_token(step: Step, status: int, advice: int) -> None:
    step.project.outside.teach("POST /api/0/organizations/sea/releases/", {}, status=status)
    handed_on = {"RELEASE_SHA": step.project.git("rev-parse", "HEAD")}

    assert sentry_release.main(step.environment | handed_on, PRODUCTION) == 0
    assert f"Sentry answered {status}" in step.summary
    assert step.summary.count("Check SENTRY_AUTH_TOKEN") == advice
