"""The whole workflow under act: the right colour, the right words, and nothing done that must not be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.workflow import github_bodies as bodies
from support.workflow.ready import deployed, merged, reviews
from support.workflow.throwaway import KEY, Project

from deploy.pipeline.public_health import AGREEING

ALL_GREEN = {"test": "success", "plan": "success", "tag": "success", "deploy": "success", "record": "success"}
ROLLED_BACK = {"plan": "success", "deploy": "success", "record": "success"}
REFUSED_AT_PLAN = {"test": "success", "plan": "failure"}
FAILED_AT_DEPLOY = {"test": "success", "plan": "success", "tag": "success", "deploy": "failure"}
SENTRY = {"SENTRY_AUTH_TOKEN": "sntrys_standinstandinstandin"}


def test_deploys_an_approved_push_from_check_to_record(ready: Project) -> None:
    sha = merged(ready)

    run = ready.run()

    assert (run.exit_code, run.jobs) == (0, ALL_GREEN)
    assert ready.calls() == [f"deploy {sha}"]
    assert run.outputs["url"] == f"{ready.outside.url}/health"
    assert f"## Deploy `{sha[:12]}` to production" in run.summaries["plan"]
    assert f"## ✅ `{sha[:12]}` runs in production" in run.summaries["deploy"]
    assert "Approved by `mary`" in run.summaries["deploy"]
    assert "Sentry is not told" in run.summaries["deploy"]
    assert [call.body for call in ready.outside.called("POST", "/git/refs")] == [
        {"ref": f"refs/tags/booty@{sha}", "sha": sha}
    ]
    assert [call.body["tag_name"] for call in ready.outside.called("POST", "/releases")] == [f"booty@{sha}"]


def test_asks_the_public_address_once_before_the_deploy(ready: Project) -> None:
    before, sha = ready.git("rev-parse", "HEAD"), merged(ready)
    ready.deploy_ends(75, says="locked by mary\n")

    run = ready.run()

    assert run.jobs == FAILED_AT_DEPLOY
    assert run.outputs["served"] == before
    assert ready.calls() == [f"deploy {sha}"]
    assert len(ready.outside.called("GET", "/health")) == 1


def test_tells_sentry_the_commits_since_what_the_plan_saw(ready: Project) -> None:
    sha = merged(ready)
    releases = "/api/0/organizations/sea/releases/"
    ready.outside.teach(f"POST {releases}", {}, status=201)
    ready.outside.teach(f"POST {releases}booty%40{sha}/deploys/", {}, status=201)
    variables = {"SENTRY_ORG": "sea", "SENTRY_PROJECT": "booty", "SENTRY_URL": ready.outside.url}

    run = ready.run(secrets=SENTRY, variables=variables)

    (release,) = ready.outside.called("POST", releases)
    assert (run.exit_code, run.jobs) == (0, ALL_GREEN)
    assert [commit["id"] for commit in release.body["commits"]] == [sha]
    assert f"Sentry knows the release booty@{sha}" in run.summaries["deploy"]
    assert len(ready.outside.called("GET", "/health")) == 1 + AGREEING


def test_gives_deploy_sh_a_private_key_file_and_takes_it_away(ready: Project) -> None:
    merged(ready)

    run = ready.run()

    given = dict(line.split("=", 1) for line in (ready.record / "environment").read_text().splitlines() if "=" in line)
    assert run.exit_code == 0
    assert (ready.record / "key").read_text() == KEY
    assert (ready.record / "key-mode").read_text() == "600\n"
    assert not Path((ready.record / "key-path").read_text()).exists()
    assert given["DEPLOY_ACTOR"] == "anne"
    assert given["DEPLOY_RUN_URL"].endswith(f"/{bodies.REPOSITORY}/actions/runs/{bodies.RUN}")
    assert not {"DEPLOY_SSH_KEY", "SENTRY_AUTH_TOKEN", "GITHUB_TOKEN"} & set(given)


def test_tells_no_secret_even_when_deploy_sh_does(ready: Project) -> None:
    merged(ready)
    ready.deploy_ends(1, says=f"debug: {KEY}")

    run = ready.run(secrets=SENTRY)

    assert run.jobs == FAILED_AT_DEPLOY
    for secret in (*KEY.splitlines()[1:-1], *SENTRY.values(), "ghs_standinstandinstandinstandin"):
        assert secret not in run.log
    assert "debug: " in run.summaries["deploy"]


def test_asks_nobody_when_the_checks_fail(ready: Project) -> None:
    ready.write("script/test", "#!/bin/sh\nexit 1\n", mode=0o755)
    merged(ready)

    run = ready.run()

    assert (run.exit_code, run.jobs) == (1, {"test": "failure"})
    assert ready.outside.calls == []


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        (None, "The Environment `production` does not exist"),
        (bodies.environment(), "has no required reviewer"),
    ],
)
def test_refuses_to_plan_with_an_open_gate(ready: Project, environment: object, words: str) -> None:
    ready.outside.teach("GET environments/production", environment or {}, status=200 if environment else 404)
    merged(ready)

    run = ready.run()

    assert (run.exit_code, run.jobs) == (1, REFUSED_AT_PLAN)
    assert words in run.summaries["plan"]
    assert "docs/approving.md" in run.summaries["plan"]
    assert ready.outside.called("POST", "/git/refs") == []
    assert ready.calls() == []


def test_says_when_the_only_reviewer_can_never_approve(ready: Project) -> None:
    ready.outside.teach("GET environments/production", bodies.environment("anne", prevent_self_review=True))
    reviews(ready)
    merged(ready)

    run = ready.run()

    assert run.jobs == FAILED_AT_DEPLOY
    assert "Nobody can approve this run: `anne` started it" in run.summaries["plan"]
    assert ready.calls() == []


def test_refuses_to_deploy_what_nobody_approved(ready: Project) -> None:
    reviews(ready, bodies.review("mary", name="staging"), bodies.review("mary", state="rejected"))
    merged(ready)

    run = ready.run()

    assert (run.exit_code, run.jobs) == (1, FAILED_AT_DEPLOY)
    assert "This run was not approved for `production`" in run.summaries["deploy"]
    assert ready.calls() == []


def test_refuses_a_rerun_that_has_only_the_approval_of_an_earlier_attempt(ready: Project) -> None:
    earlier = bodies.job("deploy", attempt=1, conclusion="failure")
    ready.outside.teach(f"GET actions/runs/{bodies.RUN}/jobs", bodies.jobs(earlier, bodies.job("deploy", attempt=2)))
    sha = merged(ready)

    run = ready.run(attempt=2)

    assert (run.exit_code, run.jobs) == (1, FAILED_AT_DEPLOY)
    assert "the approval was given for an earlier attempt" in run.summaries["deploy"]
    assert f"release: {sha}" in run.summaries["deploy"]
    assert ready.calls() == []


def test_deploys_a_rerun_that_was_approved_again(ready: Project) -> None:
    earlier = bodies.job("deploy", attempt=1, conclusion="failure")
    ready.outside.teach(f"GET actions/runs/{bodies.RUN}/jobs", bodies.jobs(earlier, bodies.job("deploy", attempt=2)))
    reviews(ready, bodies.review("mary"), bodies.review("anne"))
    sha = merged(ready)

    run = ready.run(attempt=2)

    assert (run.exit_code, run.jobs) == (0, ALL_GREEN)
    assert ready.calls() == [f"deploy {sha}"]


@pytest.mark.parametrize(
    ("exit_code", "words"),
    [
        (1, "the old release goes on serving"),
        (2, "Page someone now"),
        (64, "an argument is wrong"),
        (65, "the upload cannot be used"),
        (66, "is not there"),
        (75, "another deploy holds the lock"),
        (77, "the droplet refused this release"),
        (255, "DEPLOY_KNOWN_HOSTS"),
    ],
)
def test_ends_red_with_the_next_step_for_every_exit_code(ready: Project, exit_code: int, words: str) -> None:
    merged(ready)
    ready.deploy_ends(exit_code, says="2/3 candidate\ncandidate: no answer on its socket\n::error::not ours\n")

    run = ready.run()

    assert (run.exit_code, run.jobs) == (1, FAILED_AT_DEPLOY)
    assert words in run.summaries["deploy"]
    assert "candidate: no answer on its socket" in run.summaries["deploy"]
    assert run.outputs["url"] == ""
    assert f"exit status {exit_code}" in run.log
    assert ready.outside.called("POST", "/releases") == []


def test_ends_red_when_the_public_address_serves_another_release(ready: Project) -> None:
    old = ready.git("rev-parse", "HEAD")
    ready.commit("Fix the parser")

    run = ready.run(variables={"HEALTH_PATIENCE_SECONDS": "1"})

    assert (run.exit_code, run.jobs) == (1, FAILED_AT_DEPLOY)
    assert "the public address does not serve it" in run.summaries["deploy"]
    assert f"serves booty@{old}" in run.summaries["deploy"]
    assert run.outputs["url"] == ""


LIES = "import sys; sys.stdout.write('nothing to see'); open(sys.argv[0] + '.ran', 'w')\n"


@pytest.mark.parametrize("is_silent", [False, True])
def test_a_release_that_rewrites_the_programs_does_not_write_its_own_page(ready: Project, *, is_silent: bool) -> None:
    approved = ready.git("rev-parse", "HEAD")
    for name in ("plan", "tag", "approval", "ship", "sentry_release", "record", "planning/approval_page"):
        ready.write(f"deploy/pipeline/{name}.py", LIES)
    ready.write("deploy.sh", "#!/bin/sh\ntouch pwned\n", mode=0o755)
    ready.write("sitecustomize.py", "open('pwned', 'w')\n")
    sha = merged(ready)
    if is_silent:
        (ready.record / "served").unlink()

    run = ready.run()

    assert (run.exit_code, run.jobs) == (0, ALL_GREEN)
    assert ready.calls() == [f"deploy {sha}"]
    assert f"**This page is by:** the programs of [`{approved[:12]}`]" in run.summaries["plan"]
    if not is_silent:
        assert "1 commit, 9 files" in run.summaries["plan"]
        assert "- **The pipeline changes** (`deploy/pipeline/approval.py`" in run.summaries["plan"]
    assert not [*ready.record.parent.rglob("pwned"), *ready.record.parent.rglob("*.ran")]


@pytest.mark.parametrize(
    ("breaks", "words"),
    [
        (lambda project: project.serves("9" * 40), "the release that runs is not a commit of main"),
        (deployed, "neither the public address nor GitHub names a release"),
    ],
    ids=["not of main", "none"],
)
def test_the_page_says_on_top_when_the_new_release_writes_it(
    ready: Project, breaks: Callable[[Project], None], words: str
) -> None:
    (ready.record / "served").unlink()
    breaks(ready)
    reviews(ready)

    run = ready.run()

    assert run.jobs == FAILED_AT_DEPLOY
    assert run.summaries["plan"].startswith("> [!CAUTION]\n")
    assert words in run.summaries["plan"]


def test_programs_that_do_not_understand_the_workflow_are_not_run(ready: Project) -> None:
    ready.write("deploy/pipeline/interface", "0\n")
    ready.write("deploy/pipeline/plan.py", LIES)
    old = ready.commit("An older interface")
    deployed(ready, old)
    ready.git("checkout", "--quiet", "HEAD~1", "--", "deploy/pipeline")
    sha = ready.commit("This one")
    ready.serves(old, then=sha)

    run = ready.run()

    assert (run.exit_code, run.jobs) == (0, ALL_GREEN)
    assert "those of the release that runs do not understand this workflow" in run.summaries["plan"]


def test_a_tag_that_names_another_commit_stops_the_deploy(ready: Project) -> None:
    sha = merged(ready)
    there = {"ref": f"refs/tags/booty@{sha}", "object": {"type": "commit", "sha": "2" * 40}}
    ready.outside.teach(f"GET git/ref/tags/booty@{sha}", there)

    run = ready.run()

    assert (run.exit_code, run.jobs) == (1, {"test": "success", "plan": "success", "tag": "failure"})
    assert "exists and names something else" in run.summaries["tag"]
    assert ready.calls() == []


def test_rolls_back_to_the_previous_release_by_hand_without_running_the_checks(ready: Project) -> None:
    old, broken = ready.git("rev-parse", "HEAD"), ready.commit("Break the parser")
    deployed(ready, broken, old)
    ready.serves(broken, then=old)

    run = ready.run("workflow_dispatch", release="previous")

    assert (run.exit_code, run.jobs) == (0, ROLLED_BACK)
    assert ready.calls() == [f"rollback {old}"]
    assert f"DEPLOY_SEEN={broken}" in (ready.record / "environment").read_text().splitlines()
    assert f"## Roll production back to `{old[:12]}`" in run.summaries["plan"]
    assert f"## ✅ `{old[:12]}` runs in production" in run.summaries["deploy"]
    assert ready.outside.called("POST", "/git/refs") == []


def test_rolls_back_to_an_older_sha_by_hand(ready: Project) -> None:
    old = ready.git("rev-parse", "HEAD")
    ready.serves(ready.commit("Break the parser"), then=old)

    run = ready.run("workflow_dispatch", release=old)

    assert (run.exit_code, run.jobs) == (0, ROLLED_BACK | {"test": "success"})
    assert ready.calls() == [f"rollback {old}"]
    assert "It is **older** than what runs: production loses 1 commit." in run.summaries["plan"]


def test_leaves_an_older_push_to_the_droplet_to_refuse(ready: Project) -> None:
    old = ready.git("rev-parse", "HEAD")
    newer = ready.commit("Fix the parser")
    ready.git("reset", "--quiet", "--hard", old)
    ready.git("branch", "newer", newer)
    ready.serves(newer)
    ready.deploy_ends(77, says="older than what runs\n")

    run = ready.run()

    assert run.jobs == FAILED_AT_DEPLOY
    assert ready.calls() == [f"deploy {old}"]


@pytest.mark.parametrize("release", ["abc1234", "$(touch pwned)", "'; exit 0; '", "A" * 40, "0" * 40])
def test_refuses_by_hand_what_is_no_commit_of_main(ready: Project, release: str) -> None:
    ready.write("script/test", "#!/bin/sh\n", mode=0o755)
    merged(ready)

    run = ready.run("workflow_dispatch", release=release)

    assert run.exit_code == 1
    assert "deploy" not in run.jobs
    assert "git rev-parse COMMIT" in "".join(run.summaries.values())
    assert ready.calls() == []
    assert not list(ready.folder.rglob("pwned"))


def test_refuses_another_branch_whatever_its_name(ready: Project) -> None:
    merged(ready)
    ready.git("switch", "--quiet", "--create", 'x";touch${IFS}pwned;"$(touch${IFS}pwned)')

    run = ready.run("workflow_dispatch", release="")

    assert (run.exit_code, run.jobs) == (1, REFUSED_AT_PLAN)
    assert "Deploys run from main only" in run.summaries["plan"]
    assert not list(ready.record.parent.rglob("pwned"))


def test_runs_nothing_that_a_commit_says(ready: Project) -> None:
    before = ready.git("rev-parse", "HEAD")
    ready.write('booty/"$(touch pwned)`touch pwned`\n::error::x.py', "")
    sha = ready.commit(
        "::error::$(touch pwned) `touch pwned` ${{ github.token }} ![x](http://evil) @everyone",
        author="$(touch pwned) `</code>` <mary@example.com>",
    )
    ready.serves(before, then=sha)

    run = ready.run()

    assert (run.exit_code, run.jobs) == (0, ALL_GREEN)
    assert (
        "``::error::$(touch pwned) `touch pwned` ${{ github.token }} ![x](http://evil) @everyone``"
        in (run.summaries["plan"])
    )
    assert not list(ready.record.parent.rglob("pwned"))


def test_goes_on_when_the_tag_and_the_github_release_are_refused(ready: Project) -> None:
    forbidden = {"message": "Resource not accessible by integration"}
    ready.outside.teach("POST git/refs", forbidden, status=403)
    ready.outside.teach("POST releases", forbidden, status=403)
    sha = merged(ready)

    run = ready.run()

    assert (run.exit_code, run.jobs) == (0, ALL_GREEN)
    assert "The release was not tagged (`GitHub answered 403" in run.summaries["tag"]
    assert f"gh release create booty@{sha}" in run.summaries["record"]


def test_names_every_setting_that_is_missing(ready: Project) -> None:
    merged(ready)

    run = ready.run(variables={"DEPLOY_HOST": "", "DEPLOY_KNOWN_HOSTS": ""})

    assert run.jobs == FAILED_AT_DEPLOY
    assert "DEPLOY_HOST, DEPLOY_KNOWN_HOSTS are not set" in run.summaries["deploy"]
    assert "gh variable set DEPLOY_HOST --env production" in run.summaries["deploy"]
    assert ready.calls() == []


def test_stays_green_when_sentry_fails(ready: Project) -> None:
    merged(ready)
    variables = {"SENTRY_ORG": "sea", "SENTRY_PROJECT": "booty", "SENTRY_URL": ready.outside.url}

    run = ready.run(secrets=SENTRY, variables=variables)

    assert (run.exit_code, run.jobs) == (0, ALL_GREEN)
    assert "Sentry was not told (`Sentry answered 404" in run.summaries["deploy"]
