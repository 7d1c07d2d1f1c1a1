"""A captured alert is filed with links and suspects when GitHub has them, and as fast and as surely when it has not."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from githubkit.versions.v2022_11_28.models import ReposOwnerRepoIssuesPostBody
from support.fault_stories import findings
from support.github_stand_in import Fault
from support.repository_stand_in import SHA, Kind, RepositoryStandIn, ages, commit_of, pull_of
from support.sentry_events import body_of, sample
from support.service import eventually

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Verdict
from booty.observability.config import Settings
from booty.observability.delivery.courier import Courier
from booty.observability.issues.draft import marker_of
from booty.observability.issues.page.body import render
from booty.observability.issues.page.code_section import UNTRUSTED
from booty.observability.sentry.payload import parse
from booty.observability.webhook.service import Observability
from booty.observability.wiring import build

BLOB = f"https://github.com/acme/shop/blob/{SHA}"
FILES = ["backend/shop/store.py", "backend/shop/web.py", "backend/shop/__init__.py", "tools/web.py", "README.md"]
KINDS: tuple[Kind, ...] = ("compare", "tree", "date", "commits", "pulls")
FAULTS = (
    Fault(500),
    Fault(404, body=b'{"message": "Not Found"}'),
    Fault(403, body=b'{"message": "Resource not accessible by personal access token"}'),
    Fault(200, body=b"<html>"),
    Fault(200, body=b'{"tree": [{"path": null}]}'),
    Fault(manner="drop"),
)


@pytest.fixture
def github() -> Iterator[RepositoryStandIn]:
    earlier, before = ages(5, 50)
    commits = [commit_of("Read orders once (#12)", at=earlier), commit_of("@octocat `x` <!-- y", at=before, login=None)]
    with RepositoryStandIn(FILES, commits) as stand_in:
        yield stand_in


def settings_of(github: RepositoryStandIn, state: Path, **environ: str) -> Settings:
    required = {"SENTRY_WEBHOOK_SECRET": "hush" * 4, "TARGET_REPO_URL": "acme/shop", "BOOTY_STATE_DIR": str(state)}
    return Settings.load(required | github.environ | environ)


def captured() -> Alert:
    return parse(body_of(sample("event_alert.triggered.python-flask")), "event_alert")


def courier_of(service: Observability) -> Courier:
    """Return the loop that delivers."""
    courier = service.loops[0]
    assert isinstance(courier, Courier)
    return courier


def deliver(github: RepositoryStandIn, state: Path, release: str = f"booty@{SHA}", **environ: str) -> Alert:
    """Bring the captured body, as of `release`, through ledger and courier to where the settings say."""
    settings = settings_of(github, state, **environ)
    service = build(settings)
    courier = courier_of(service)
    alert = captured().but(release=release)
    service.claims.claim(alert, lambda _: Verdict.ACCEPTED, now=time.time())
    courier.step()
    return alert


def file_alert(github: RepositoryStandIn, state: Path, release: str = f"booty@{SHA}", **environ: str) -> str:
    """Deliver the alert to GitHub; return the body of the one issue that it made."""
    alert = deliver(github, state, release, **environ)
    (post,) = github.posts()
    ReposOwnerRepoIssuesPostBody.model_validate(post.body)
    assert marker_of(post.body["body"]) == marker_of(render(alert, trigger_label="x").body)
    return str(post.body["body"])


def test_a_limit_that_the_search_meets_holds_for_the_post_too(github: RepositoryStandIn, tmp_path: Path) -> None:
    github.faults["tree"] = Fault(403, {"Retry-After": "60"})
    service = build(settings_of(github, tmp_path))
    service.claims.claim(captured().but(release=f"booty@{SHA}"), lambda _: Verdict.ACCEPTED, now=time.time())
    courier = courier_of(service)

    assert courier.step() is None
    rest = courier.step()
    assert rest is not None
    assert rest.is_closed
    assert 58 < (rest.until or 0) - time.time() <= 60
    assert not github.posts()


def test_files_a_captured_alert_with_its_code_and_its_suspects(github: RepositoryStandIn, tmp_path: Path) -> None:
    github.pulls = [pull_of(9)]
    body = file_alert(github, tmp_path)

    assert body.startswith("`OrderMissing` raised at `backend/shop/store.py:15` in `total`, ")
    assert f"Crashed at [`backend/shop/store.py:15`]({BLOB}/backend/shop/store.py#L13-L15) in `total`:" in body
    assert f"- at [`backend/shop/web.py:17`]({BLOB}/backend/shop/web.py#L17)" in body
    assert "`Read orders once (#12)` by `ada-l`, " in body
    assert "[pull request 9](https://github.com/acme/shop/pull/9)" in body
    assert "pull/12" not in body
    assert "``@octocat `x` <!-- y`` by `Ada`" in body
    assert [call.path.removeprefix("/repos/acme/shop/") for call in github.reads] == [
        f"compare/HEAD...{SHA}",
        f"git/trees/{SHA}",
        f"git/commits/{SHA}",
        "commits",
        f"commits/{'a' * 40}/pulls",
        f"commits/{'a' * 40}/pulls",
    ]


@pytest.mark.parametrize("release", [SHA, f"shop@1.4.2+{SHA}", f"shop@{SHA}"])
def test_links_the_commit_of_a_release_in_every_form(github: RepositoryStandIn, tmp_path: Path, release: str) -> None:
    body = file_alert(github, tmp_path, release)

    assert f"{BLOB}/backend/shop/store.py#L13-L15" in body
    assert "### Suspects" in body


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.status} {fault.manner}")
def test_files_the_alert_once_whichever_call_fails(
    github: RepositoryStandIn, tmp_path: Path, kind: Kind, fault: Fault
) -> None:
    github.faults = {kind: fault}
    body = file_alert(github, tmp_path)

    assert "### Crash" in body
    assert (BLOB in body) == (kind not in {"compare", "tree"})
    assert UNTRUSTED not in body
    assert "/pull/" not in body


@pytest.mark.parametrize("standing", ["diverged", "ahead", None])
@pytest.mark.parametrize("tags", [{}, {f"booty@{SHA}": ("commit", "d" * 40)}])
def test_links_quotes_and_suspects_nothing_of_a_commit_that_is_not_the_repositorys(
    github: RepositoryStandIn, tmp_path: Path, standing: str | None, tags: dict[str, tuple[str, str]]
) -> None:
    github.standings |= {SHA: standing}
    github.tags = tags
    body = file_alert(github, tmp_path)

    assert UNTRUSTED in body
    assert [link for link in ("/blob/", "/commit/", "/compare/", "/pull/", "### Suspects") if link in body] == []
    assert {call.path.rpartition("acme/shop/")[2].partition("/")[0] for call in github.reads} == {"compare", "git"}


def test_links_a_commit_beside_the_default_branch_that_our_own_tag_names(
    github: RepositoryStandIn, tmp_path: Path
) -> None:
    github.standings |= {SHA: "diverged"}
    github.tags = {f"booty@{SHA}": ("commit", SHA)}
    body = file_alert(github, tmp_path)

    assert f"{BLOB}/backend/shop/store.py#L13-L15" in body
    assert UNTRUSTED not in body


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("compare", Fault(manner="hang")),
        ("tree", Fault(manner="hang")),
        ("date", Fault(manner="hang")),
        ("commits", Fault(manner="hang")),
        ("pulls", Fault(manner="hang")),
        ("tree", Fault(200, body=b"[" * 10_000, manner="trickle")),
    ],
)
def test_files_the_alert_while_a_call_hangs(
    github: RepositoryStandIn, tmp_path: Path, kind: Kind, fault: Fault
) -> None:
    github.faults = {kind: fault}
    file_alert(github, tmp_path)

    assert [thread.name for thread in threading.enumerate() if thread.name == "research"]


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        ({"OBSV_PERMALINKS": "0"}, (6, False, True)),
        ({"OBSV_SUSPECTS": "0"}, (2, True, False)),
        ({"OBSV_PERMALINKS": "0", "OBSV_SUSPECTS": "0"}, (0, False, False)),
    ],
)
def test_asks_only_for_what_the_settings_want(
    github: RepositoryStandIn, tmp_path: Path, environ: dict[str, str], found: tuple[int, bool, bool]
) -> None:
    body = file_alert(github, tmp_path, **environ)

    assert (len(github.reads), BLOB in body, "### Suspects" in body) == found


@pytest.mark.parametrize(("standing", "is_linked"), [("behind", True), ("diverged", False)])
def test_a_comment_links_what_changed_only_between_commits_of_the_repository(
    github: RepositoryStandIn, tmp_path: Path, standing: str, *, is_linked: bool
) -> None:
    before = "b" * 40
    github.standings[before] = standing
    settings = settings_of(github, tmp_path)
    service = build(settings)
    courier = courier_of(service)
    for at, commit in enumerate((before, SHA)):
        told = captured().but(release=f"booty@{commit}", event=f"e{at}")
        service.claims.claim(told, lambda _: Verdict.ACCEPTED, now=time.time())
        assert eventually(lambda: (courier.step(), not findings(tmp_path).owed)[1])

    ((comment,),) = [*github.comments.values()]
    assert f"Also seen in release `booty@{SHA}`" in comment["body"]
    assert (f"/compare/{before}...{SHA}" in comment["body"]) == is_linked


def test_asks_nothing_in_preview(github: RepositoryStandIn, tmp_path: Path) -> None:
    deliver(github, tmp_path, BOOTY_PREVIEW="1")

    (issue,) = (tmp_path / "issues").glob("*.md")
    assert "### Crash" in issue.read_text(encoding="utf-8")
    assert github.reads == []
