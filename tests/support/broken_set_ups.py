"""What goes wrong in a set-up: how it is broken, which check says so, what its words have one do."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from email.utils import formatdate

from support.damage import overwrite_with_noise
from support.github_stand_in import TOKEN
from support.operator import claim, refuse, run
from support.set_up import LABELS, SHA, SetUp
from support.stand_in import Fault, says

from booty.observability.alerts.issue import IssueRef
from booty.observability.ledger.schedule.jobs import FilingJob, Pause

Act = Callable[[SetUp], object]
DAY, LATER = 24 * 3600.0, 60.0
SITE, SNIPPET = "etc/nginx/sites-enabled/booty", "etc/nginx/snippets/booty-observability.conf"
DENIED = {"message": "Resource not accessible by personal access token"}


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing wrong: the check that says so says `words`; `heal` does what they say."""

    name: str
    breaks: Act
    check: str
    words: str
    heal: Act


def setting(name: str, value: str) -> Act:
    """Set a setting, or remove it ("")."""
    return lambda up: up.environ.update({name: value})


def answers(status: int, message: str, *, path: str = "/repos/acme/shop") -> Act:
    """Have GitHub answer a GET of `path` with a refusal."""
    return lambda up: up.github.fail(says(status, {"message": message}), method="GET", path=path)


def is_lifted(up: SetUp) -> None:
    """Let GitHub answer as before."""
    up.github.forgive()


def repository(**changes: object) -> Act:
    """Change what GitHub says of the repository."""
    return lambda up: up.github.repository.update(changes)


def as_said(up: SetUp) -> None:
    """Type the command that the failing check names."""
    (failure,) = up.failures()
    subprocess.run(["bash", "-c", failure.then], check=True)


def retry(up: SetUp) -> None:
    """Type `booty retry --all`, and let the service do the rest."""
    assert run(up.state, "retry", "--all").returncode == 0
    deliver(up)


def deliver(up: SetUp) -> None:
    """Let a courier file what is owed."""
    job = up.ledger.queue.take(now=time.time() + LATER)
    assert isinstance(job, FilingJob)
    up.ledger.queue.settle(job, IssueRef(1, ""), now=time.time())


def stop(up: SetUp) -> None:
    """Have GitHub refuse everything, as a courier found."""
    job = leased(up)
    up.ledger.queue.stop(job, "GitHub answered 403: no", "give the token the permission", attempt=None, now=time.time())


def pause(up: SetUp) -> None:
    """Have GitHub limit the rate for an hour."""
    now = time.time()
    up.ledger.queue.postpone(leased(up), due_at=now, attempt=None, pause=Pause(now + 3600, "a limit"), now=now)


def leased(up: SetUp) -> FilingJob:
    """Have an alert accepted and taken."""
    claim(up.ledger, "1:1", at=time.time() - 1)
    job = up.ledger.queue.take(now=time.time())
    assert isinstance(job, FilingJob)
    return job


def damage(up: SetUp) -> None:
    """Overwrite the ledger."""
    del up.ledger
    overwrite_with_noise(up.state.glob("ledger-*"))


def schema_of(version: int) -> Act:
    """Have the ledger be of a newer or of our own kind."""
    record = json.dumps({"version": version, "oldest_reader": version, "release": f"booty@{version}"})

    def write(up: SetUp) -> None:
        with closing(sqlite3.connect(up.state / "ledger-1.sqlite3")) as connection, connection:
            connection.execute("UPDATE entries SET value = ? WHERE CAST(key AS TEXT) = 'schema'", (record.encode(),))

    return write


def block(up: SetUp) -> None:
    """Have a folder where the lock's file should be."""
    (up.state / "ledger.lock").unlink()
    (up.state / "ledger.lock").mkdir()


def move_away(up: SetUp) -> None:
    """Move the damaged ledger out of the state directory."""
    for path in (*up.state.glob("ledger-*.sqlite3*"),):
        path.rename(up.state.parent / path.name)


def expires_in(seconds: float) -> Act:
    """Have the token end."""
    end = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(time.time() + seconds))
    return lambda up: up.github.headers.update({"github-authentication-token-expiration": end})


def clock_off_by(seconds: float) -> Act:
    """Have GitHub's clock, and so ours, differ."""
    return lambda up: up.github.headers.update({"Date": formatdate(time.time() + seconds, usegmt=True)})


def no_reviewers(up: SetUp) -> None:
    """Have the Environment ask nobody."""
    assert up.github.environment is not None
    up.github.environment["protection_rules"] = [{"type": "wait_timer", "wait_timer": 5}]


def gate(up: SetUp) -> None:
    """Set the gate up."""
    rule = {"type": "required_reviewers", "reviewers": [{"type": "User", "reviewer": {"login": "ada-l"}}]}
    up.github.environment = {"protection_rules": [rule], "deployment_branch_policy": {}}


def state_of(unit: str, state: str) -> Act:
    """Have a unit in a state."""
    return lambda up: up.states.update({unit: state})


# fmt: off
SETTINGS = [
    Broken(
        "no secret",
        setting("SENTRY_WEBHOOK_SECRET", ""),
        "settings",
        "SENTRY_WEBHOOK_SECRET: set the client secret",
        setting("SENTRY_WEBHOOK_SECRET", "a-long-client-secret"),
    ),
    Broken(
        "a short secret",
        setting("SENTRY_WEBHOOK_SECRET", "short"),
        "settings",
        "set the client secret",
        setting("SENTRY_WEBHOOK_SECRET", "a-long-client-secret"),
    ),
    Broken(
        "no token",
        setting("GITHUB_TOKEN", ""),
        "settings",
        "GITHUB_TOKEN: set a fine-grained token",
        setting("GITHUB_TOKEN", TOKEN),
    ),
    Broken(
        "not a repository",
        setting("TARGET_REPO_URL", "https://github.com/acme"),
        "settings",
        "TARGET_REPO_URL: set the repository",
        setting("TARGET_REPO_URL", "https://github.com/acme/shop"),
    ),
    Broken(
        "an unknown level",
        setting("OBSV_MIN_SEVERITY", "severe"),
        "settings",
        "fatal, error, warning, info, debug",
        setting("OBSV_MIN_SEVERITY", "warning"),
    ),
    Broken(
        "half of a pair",
        setting("SENTRY_ORG", "acme"),
        "settings",
        "or neither it nor SENTRY_ORG",
        setting("SENTRY_ORG", ""),
    ),
    Broken(
        "a candidate for ever",
        setting("BOOTY_CANDIDATE", "1"),
        "settings",
        "remove BOOTY_CANDIDATE",
        setting("BOOTY_CANDIDATE", ""),
    ),
    Broken(
        "an app that is not there",
        setting("BOOTY_APP", "no_such_shop.wsgi:app"),
        "settings",
        "set BOOTY_APP to module:attribute",
        setting("BOOTY_APP", "booty.wsgi:create_app"),
    ),
]
STATE = [
    Broken("anybody may write", lambda up: up.state.chmod(0o777), "state directory", "chmod go-w", as_said),
    Broken(
        "a file in its place",
        lambda up: up.state.rename(up.state.with_name("away")).with_name("state").write_text(""),
        "state directory",
        "set BOOTY_STATE_DIR to a directory",
        lambda up: up.environ.update(BOOTY_STATE_DIR=str(up.state.with_name("away"))),
    ),
    Broken(
        "something in the lock's place",
        block,
        "ledger",
        "see what is odd in it: ls -l",
        lambda up: (up.state / "ledger.lock").rmdir(),
    ),
    Broken("a damaged ledger", damage, "ledger", "keep", move_away),
    Broken(
        "one that was damaged",
        lambda up: (up.state / "ledger-0.sqlite3.unreadable").write_text(""),
        "ledger",
        "move ledger-0.sqlite3.unreadable out of the state directory",
        move_away,
    ),
    Broken(
        "a newer release's ledger",
        schema_of(9),
        "ledger",
        "run the release that wrote it",
        schema_of(1),
    ),
    Broken(
        "all deliveries stopped", stop, "deliveries", "give the token the permission, then: booty retry --all", retry
    ),
    Broken("a long pause", pause, "deliveries", "booty retry --all", retry),
    Broken(
        "nobody delivers",
        lambda up: claim(up.ledger, "1:1", at=time.time() - 600),
        "deliveries",
        "start the service",
        deliver,
    ),
    Broken(
        "a refused alert",
        lambda up: refuse(up.ledger, "1:1", at=int(time.time())),
        "deliveries",
        "booty retry --all",
        retry,
    ),
]
GITHUB = [
    Broken(
        "nobody there",
        setting("GITHUB_API_URL", "http://127.0.0.1:1"),
        "github",
        "look at GITHUB_API_URL",
        lambda up: up.environ.update(GITHUB_API_URL=up.github.api_url),
    ),
    Broken("an outage", lambda up: up.github.fail(Fault(503), method="GET"), "github", "GITHUB_API_URL", is_lifted),
    Broken(
        "a used-up limit",
        lambda up: up.github.fail(Fault(429, {"Retry-After": "60"}), method="GET"),
        "github",
        "find what else uses this token",
        is_lifted,
    ),
    Broken(
        "a dead token",
        setting("GITHUB_TOKEN", "ghp_dead"),
        "token",
        "set GITHUB_TOKEN to a valid token",
        setting("GITHUB_TOKEN", TOKEN),
    ),
    Broken("three days left", expires_in(3 * DAY), "token", "make a new token", expires_in(90 * DAY)),
    Broken(
        "single sign-on",
        answers(403, "Resource protected by organization SAML enforcement."),
        "repository",
        "authorize GITHUB_TOKEN for single sign-on",
        is_lifted,
    ),
    Broken(
        "an old API version",
        answers(410, "This API version is gone"),
        "repository",
        "set GITHUB_API_VERSION",
        is_lifted,
    ),
    Broken(
        "another repository",
        setting("TARGET_REPO_URL", "acme/shopp"),
        "repository",
        "TARGET_REPO_URL",
        setting("TARGET_REPO_URL", "acme/shop"),
    ),
    Broken("an archived one", repository(archived=True), "repository", "unarchive", repository(archived=False)),
    Broken("no issues", repository(has_issues=False), "repository", "switch issues on", repository(has_issues=True)),
    Broken(
        "a reader's account",
        repository(permissions={"pull": True, "push": False, "triage": False}),
        "permission",
        "the role Triage or Write",
        repository(permissions={"pull": True, "triage": True}),
    ),
    Broken(
        "no Issues permission",
        answers(403, DENIED["message"], path="/labels"),
        "labels",
        "give GITHUB_TOKEN 'Issues: read and write'",
        is_lifted,
    ),
    Broken("a clock an hour ahead", clock_off_by(-3600), "clock", "timedatectl set-ntp true", clock_off_by(0)),
    Broken("a clock behind", clock_off_by(90), "clock", "timedatectl set-ntp true", clock_off_by(0)),
    Broken(
        "no label for the agent",
        lambda up: up.github.labels.remove("agent:builder"),
        "labels",
        "booty doctor --fix",
        lambda up: up.examine(is_fixing=True),
    ),
    Broken(
        "no labels at all",
        lambda up: up.github.labels.clear(),
        "labels",
        "booty doctor --fix",
        lambda up: up.examine(is_fixing=True),
    ),
    Broken(
        "another trigger label",
        setting("TRIGGER_LABEL", "fix:me"),
        "labels",
        "booty doctor --fix",
        lambda up: up.examine(is_fixing=True),
    ),
    Broken("no Environment", lambda up: setattr(up.github, "environment", None), "gate", "docs/approving.md", gate),
    Broken("nobody is asked", no_reviewers, "gate", "docs/approving.md", gate),
]
DROPLET = [
    Broken("a small body limit", lambda up: up.edit(SNIPPET, "client_max_body_size 2m", "client_max_body_size 1m"),
        "nginx", "client_max_body_size 2m;",
        lambda up: up.edit(SNIPPET, "client_max_body_size 1m", "client_max_body_size 2m")),
    Broken("nginx's own body limit", lambda up: up.edit(SNIPPET, "client_max_body_size", "# client_max_body_size"),
        "nginx", "client_max_body_size 2m;", lambda up: up.edit(SNIPPET, "# client_max", "client_max")),
    Broken("the site without us", lambda up: up.edit(SITE, "include snippets/b", "# include snippets/b"), "nginx",
        "add the line", lambda up: up.edit(SITE, "# include snippets/b", "include snippets/b")),
    Broken("no snippet", lambda up: (up.root / SNIPPET).rename(up.root / "away"), "nginx", "./deploy.sh setup",
        lambda up: (up.root / "away").rename(up.root / SNIPPET)),
    Broken("nginx is down", state_of("nginx.service", "failed"), "units", "systemctl enable --now nginx.service",
        state_of("nginx.service", "active")),
    Broken("no socket", state_of("booty.socket", "inactive"), "units", "systemctl enable --now booty.socket",
        state_of("booty.socket", "active")),
    Broken("no release runs", state_of(f"booty@{SHA}.service", "failed"), "units", "systemctl start booty-settle@boot",
        state_of(f"booty@{SHA}.service", "active")),
    Broken("nothing deployed", lambda up: (up.root / "srv/booty/current").unlink(), "units", "./deploy.sh deploy",
        lambda up: (up.root / "srv/booty/current").symlink_to(f"/srv/booty/releases/{SHA}")),
]
# fmt: on
BROKEN = [*SETTINGS, *STATE, *GITHUB, *DROPLET]
__all__ = ["BROKEN", "LABELS", "Broken"]
