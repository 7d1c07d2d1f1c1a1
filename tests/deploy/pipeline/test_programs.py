"""The programs by themselves: the clone, the public address, the release notes, an interrupted deploy."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support import hostile
from support.rendered import skeletons
from support.workflow import github_bodies as bodies
from support.workflow.stand_in import StandIn
from support.workflow.throwaway import KEY, Project

from booty.observability.text.untrusted import code
from deploy.pipeline import sentry_release, ship
from deploy.pipeline.actions import TOO_LONG, annotate, foreign_output, write_outputs, write_summary
from deploy.pipeline.changes import Commit
from deploy.pipeline.clone import Clone
from deploy.pipeline.github_rest import GitHub
from deploy.pipeline.outcome import BY_EXIT_CODE, read_exit, render, serves_something_else
from deploy.pipeline.plan import NOT_TAGGED
from deploy.pipeline.public_health import NotKnown, health_url, served_release, wait_until
from deploy.pipeline.record import record

ROOT = Path(__file__).resolve().parents[3]
PIPELINE = ROOT / "deploy" / "pipeline"


def test_reads_commits_and_files_between_two_releases(project: Project) -> None:
    old = project.git("rev-parse", "HEAD")
    project.write("booty/a b\n.py", "1")
    first = project.commit("Say `so`", author="Mary `Read` <mary@example.com>")
    second = project.commit("Then")

    changes = Clone(project.folder).changes(before=old, after=second)

    assert changes.added == (Commit(second, "Anne Bonny", "Then"), Commit(first, "Mary `Read`", "Say `so`"))
    assert (changes.removed, changes.files) == ((), ("booty/a b\n.py",))
    assert Clone(project.folder).changes(before=second, after=old).removed == changes.added


@pytest.mark.parametrize("sha", ["main", "--output=x", "1" * 39, "1" * 40 + "\n", ""])
def test_hands_nothing_but_full_shas_to_git(project: Project, sha: str) -> None:
    with pytest.raises(ValueError, match="not a full commit SHA"):
        Clone(project.folder).has(sha)


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


def test_a_release_that_exists_is_no_problem(outside: StandIn) -> None:
    outside.teach("POST releases", bodies.validation_failed("Release", "tag_name"), status=422)

    told = record(GitHub(outside.url, bodies.REPOSITORY, "token"), "1" * 40)

    assert told == ("notice", f"GitHub has the release booty@{'1' * 40} already: it ran in production before.")


@pytest.mark.parametrize("answer", bodies.BROKEN.values(), ids=bodies.BROKEN)
def test_a_release_whose_answer_cannot_be_read_is_a_warning(outside: StandIn, answer: bytes) -> None:
    outside.teach("POST releases", answer)

    level, words = record(GitHub(outside.url, bodies.REPOSITORY, "token"), "1" * 40)

    assert level == "warning"
    assert f"gh release create booty@{'1' * 40}" in words


def test_a_release_that_was_made_needs_no_address(outside: StandIn) -> None:
    outside.teach("POST releases", [], status=201)

    told = record(GitHub(outside.url, bodies.REPOSITORY, "token"), "1" * 40)

    assert told == ("notice", f"GitHub release: booty@{'1' * 40}")


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
            }
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

    code = sentry_release.main({**settings, "GITHUB_REPOSITORY": "x/y", "GITHUB_STEP_SUMMARY": str(summary)})

    assert code == 0
    assert "Sentry was not told (`SENTRY_AUTH_TOKEN holds characters that no token has`)" in summary.read_text()
    assert "hidden" not in summary.read_text() + capsys.readouterr().out


@pytest.mark.parametrize("url", ["file:///etc", "ftp://sentry.example", "sentry.example", "https:///x"])
def test_a_sentry_is_asked_over_http_alone(tmp_path: Path, url: str) -> None:
    summary = tmp_path / "summary"
    settings = {"SENTRY_AUTH_TOKEN": "sntrys_x", "SENTRY_ORG": "sea", "SENTRY_PROJECT": "booty", "SENTRY_URL": url}
    runner = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "x/y"}

    code = sentry_release.main({**settings, **runner, "RELEASE_SHA": "1" * 40, "GITHUB_STEP_SUMMARY": str(summary)})

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

    assert sentry_release.main({**settings, **runner, **shipped}) == 0
    assert "Sentry was not told" in summary.read_text()


def test_a_run_that_is_cancelled_says_so_and_takes_the_key_away(project: Project, tmp_path: Path) -> None:
    started = tmp_path / "started"
    os.mkfifo(started)
    begin = 'echo "$DEPLOY_ACTOR" "$DEPLOY_SSH_KEY_FILE"'
    project.write("deploy.sh", f"#!/bin/sh\n{begin} >{started}\nexec sleep 60\n", mode=0o755)
    files = {name: str(tmp_path / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    wanted = {
        "VERB": "rollback",
        "RELEASE_SHA": "",
        "DEPLOY_ACTOR": "anne/b;c",
        "SERVER_NAME": project.outside.address,
        "HEALTH_SCHEME": "http",
    }
    access = {
        "DEPLOY_SSH_KEY": KEY,
        "DEPLOY_HOST": "203.0.113.7",
        "DEPLOY_KNOWN_HOSTS": "x",
        "RUNNER_TEMP": str(tmp_path),
    }
    environment = {"PATH": os.environ["PATH"], **files, **wanted, **access}

    with subprocess.Popen(
        [sys.executable, "-m", "deploy.pipeline.ship"], cwd=project.folder, env=environment, stdout=subprocess.PIPE
    ) as process:
        actor, key = started.read_text().split()
        process.send_signal(signal.SIGINT)
        exit_code = process.wait(timeout=20)

    assert (actor, exit_code) == ("anne-b-c", 130)
    assert not Path(key).exists()
    assert "the outcome is the droplet's" in Path(files["GITHUB_STEP_SUMMARY"]).read_text()


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"HEALTH_PATIENCE_SECONDS": "soon"}, "HEALTH_PATIENCE_SECONDS must be a whole number"),
        ({"SERVER_NAME": "user@evil"}, "SERVER_NAME must be a host name"),
        ({"VERB": "destroy"}, "asked for 'destroy'"),
        ({"RELEASE_SHA": "1" * 39}, "does not know"),
        ({"DEPLOY_SSH_KEY": ""}, "DEPLOY_SSH_KEY is not set"),
    ],
)
def test_refuses_wrong_settings_before_anything_is_done(tmp_path: Path, setting: dict[str, str], words: str) -> None:
    files = {name: str(tmp_path / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    wanted = {"VERB": "deploy", "RELEASE_SHA": "1" * 40, "SERVER_NAME": "booty.example"}
    access = {"DEPLOY_SSH_KEY": KEY, "DEPLOY_HOST": "203.0.113.7", "DEPLOY_KNOWN_HOSTS": "x"}

    assert ship.main({**files, **wanted, **access, **setting}) == 1
    assert words in (tmp_path / "GITHUB_STEP_SUMMARY").read_text()


def test_every_documented_exit_code_has_its_own_words() -> None:
    assert set(BY_EXIT_CODE) >= {1, 2, 64, 65, 66, 75, 77, 255}
    assert "undocumented exit code 9" in read_exit(9).headline


def test_output_of_others_is_cut_and_stays_inside_its_fence() -> None:
    page = render(read_exit(1), approver="", lines=["```", "</details>", "![x](http://evil)", "x" * 5000])

    assert "````\n```\n</details>\n![x](http://evil)\n" in page
    assert "x" * 301 not in page


@pytest.mark.parametrize("text", [*hostile.TEXTS, *hostile.GRAMMAR])
def test_nothing_from_outside_comes_alive_in_the_summary(text: str) -> None:
    def page(text: str) -> str:
        told = render(serves_something_else(text), approver=text, lines=text.split("\n"))
        return f"{told}\n{NOT_TAGGED.format(problem=code(text))}\n"

    assert skeletons(page(text)) == skeletons(page("x"))


def test_annotations_survive_newlines_and_percent_signs(capsys: pytest.CaptureFixture[str]) -> None:
    annotate("error", "100 %\nnext\r")

    assert capsys.readouterr().out == "::error::100 %25%0Anext%0D\n"


def test_output_of_others_commands_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with foreign_output():
        sys.stdout.write("::error::not ours\n")

    first, second, last, _ = capsys.readouterr().out.split("\n")
    assert (first.removeprefix("::stop-commands::"), second) == (last.strip(":"), "::error::not ours")
    assert len(last) == 36


def test_a_summary_is_cut_before_github_drops_it(tmp_path: Path) -> None:
    write_summary({"GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}, "é" * 600_000)

    written = (tmp_path / "summary").read_text()
    assert len(written.encode()) < 1_000_000
    assert written.endswith(TOO_LONG + "\n")


def test_refuses_an_output_of_two_lines(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="more than one line"):
        write_outputs({"GITHUB_OUTPUT": str(tmp_path / "output")}, {"sha": "a\nurl=evil"})


@pytest.mark.parametrize(
    "program", sorted(path.stem for path in PIPELINE.glob("*.py") if "__main__" in path.read_text())
)
def test_every_program_explains_itself_where_nothing_is_installed(program: str) -> None:
    command = [sys.executable, "-S", "-m", f"deploy.pipeline.{program}", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.startswith(f"usage: {program}.py [-h]")
