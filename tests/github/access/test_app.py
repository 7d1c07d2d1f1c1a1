"""A GitHub App's tokens: found by repository, kept, made anew when they end."""

from __future__ import annotations

import time
from collections.abc import Iterator

import jwt
import pytest
from support.app_stand_in import APP_ID, APPS, SLUG, AppStandIn, a_key, an_installation, pem_of
from support.github_issues import draft
from support.github_stand_in import REPOSITORY
from support.stand_in import Fault

from booty.observability.github.access.app import App, AppCredential
from booty.observability.github.client import GitHub
from booty.observability.github.issues import GitHubIssues
from booty.observability.issues.outcomes import Postponed, Refused

OTHER = "other/site"
MINT = "/access_tokens"


@pytest.fixture
def real() -> Iterator[AppStandIn]:
    with AppStandIn() as stand_in:
        yield stand_in


def an_app(real: AppStandIn, *, app_id: str = APP_ID, key: str = APPS, ahead: float = 0.0) -> App:
    """Return the App; `ahead` is how far its clock is (seconds)."""
    return App(
        app_id, pem_of(a_key(key)), api_url=real.api_url, version="2022-11-28", clock=lambda: time.time() + ahead
    )


def of(app: App, real: AppStandIn, repository: str = REPOSITORY) -> GitHub:
    return GitHub(api_url=real.api_url, token=AppCredential(app, repository), version="2022-11-28")


def tracker(app: App, real: AppStandIn) -> GitHubIssues:
    return GitHubIssues(of(app, real), repository=REPOSITORY)


def check(app: App, real: AppStandIn) -> None:
    tracker(app, real).check()


def test_files_with_a_token_of_the_installation_on_the_repository(real: AppStandIn) -> None:
    filing = tracker(an_app(real), real).create(draft())

    assert filing.number == 1
    assert [call.path for call in real.calls] == [
        f"/repos/{REPOSITORY}/installation",
        "/app/installations/7/access_tokens",
        f"/repos/{REPOSITORY}/issues",
    ]


def test_signs_for_nine_minutes_from_a_minute_ago_on(real: AppStandIn) -> None:
    check(an_app(real), real)

    signature = real.calls[0].headers["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(signature, a_key(APPS).public_key(), algorithms=["RS256"])
    assert (claims["exp"] - claims["iat"], claims["iss"]) == (600, APP_ID)
    assert -2 <= claims["exp"] - time.time() - 540 <= 1


@pytest.mark.parametrize("ahead", [-300.0, -50.0, 50.0])
def test_a_clock_that_is_somewhat_off_does_no_harm(real: AppStandIn, ahead: float) -> None:
    check(an_app(real, ahead=ahead), real)

    assert len(real.mints()) == 1


def test_a_token_is_kept_until_a_minute_before_it_ends(real: AppStandIn) -> None:
    app = an_app(real)
    for _ in range(3):
        check(app, real)
    kept = len(real.mints())
    real.lasting_seconds = 59
    real.end_tokens()
    for _ in range(2):
        check(app, real)

    assert (kept, len(real.mints())) == (1, 3)


def test_a_token_that_ends_early_is_replaced_once_and_the_call_repeated(real: AppStandIn) -> None:
    of_app = tracker(an_app(real), real)
    of_app.create(draft())
    real.end_tokens()
    of_app.create(draft())

    assert (len(real.issues), len(real.mints())) == (2, 2)


def test_a_new_token_that_is_refused_as_well_is_not_replaced_again(real: AppStandIn) -> None:
    real.lasting_seconds = 0.0
    app = an_app(real)

    with pytest.raises(Refused) as refusal:
        check(app, real)

    assert len(real.mints()) == 2
    assert refusal.value.remedy is not None
    assert "is it still installed?" in refusal.value.remedy


def test_one_token_serves_all_repositories_of_an_installation_and_each_owner_has_another(real: AppStandIn) -> None:
    real.installations["acme/site"] = real.installations[REPOSITORY]
    real.installations[OTHER] = an_installation(8, "other")
    app = an_app(real)
    tokens = [app.token(each) for each in (REPOSITORY, "acme/site", OTHER, REPOSITORY)]

    assert tokens[0] == tokens[1] == tokens[3] != tokens[2]
    assert [call.path for call in real.mints()] == [f"/app/installations/{number}{MINT}" for number in (7, 8)]


def test_an_app_that_was_installed_anew_is_found_again(real: AppStandIn) -> None:
    app = an_app(real)
    check(app, real)
    real.installations[REPOSITORY] = an_installation(9)
    real.end_tokens()
    check(app, real)

    assert [call.path for call in real.mints()][-1] == f"/app/installations/9{MINT}"


def test_finds_its_own_issues_by_the_apps_account(real: AppStandIn) -> None:
    of_app = tracker(an_app(real), real)
    of_app.create(draft())
    real.issues[0] |= {"user": {"login": "mallory"}}
    theirs = of_app.find(draft(), since=0.0)
    ours = of_app.create(draft())

    assert (theirs, of_app.find(draft(), since=0.0)) == (None, ours)
    assert {call.query.get("creator") for call in real.calls} == {None, f"{SLUG}[bot]"}


def refusal_of(app: App, real: AppStandIn) -> tuple[str, str]:
    with pytest.raises(Refused) as refusal:
        check(app, real)
    return str(refusal.value), refusal.value.remedy or ""


def test_a_clock_that_is_wrong_is_named(real: AppStandIn) -> None:
    for ahead in (3600.0, -3600.0):
        reason, remedy = refusal_of(an_app(real, ahead=ahead), real)

        assert reason.startswith("asked as the App: GitHub answered 401: ")
        assert "timedatectl" in remedy


def test_a_key_of_another_app_is_named(real: AppStandIn) -> None:
    reason, remedy = refusal_of(an_app(real, key="another's"), real)

    assert "could not be decoded" in reason
    assert "GITHUB_APP_PRIVATE_KEY_FILE" in remedy


def test_a_wrong_id_is_named(real: AppStandIn) -> None:
    assert "set GITHUB_APP_ID" in refusal_of(an_app(real, app_id="99"), real)[1]


def test_a_repository_without_the_app_is_named(real: AppStandIn) -> None:
    real.installations.clear()

    assert f"install the App on {REPOSITORY}" in refusal_of(an_app(real), real)[1]


def test_a_suspended_installation_is_named_before_and_after_its_token_was_made(real: AppStandIn) -> None:
    app = an_app(real)
    check(app, real)
    real.suspend()
    after = refusal_of(app, real)
    before = refusal_of(an_app(real), real)
    real.suspend(is_suspended=False)
    check(app, real)

    assert "suspended" in before[0]
    assert "unsuspend the App's installation" in before[1]
    assert before[1] == after[1]


@pytest.mark.parametrize("path", ["/installation", MINT])
@pytest.mark.parametrize("fault", [Fault(502), Fault(manner="drop"), Fault(200, body=b"{}"), Fault(429)])
def test_a_call_without_a_token_was_never_made_whatever_went_wrong(real: AppStandIn, path: str, fault: Fault) -> None:
    for method in ("GET", "POST"):
        real.fail(fault, method=method, path=path)

    with pytest.raises(Postponed):
        tracker(an_app(real), real).create(draft())

    assert real.posts() == []


def test_a_missing_permission_is_the_apps(real: AppStandIn) -> None:
    of_app = tracker(an_app(real), real)
    real.fail(Fault(403, body=b'{"message": "Resource not accessible by integration"}'), path="/issues")

    with pytest.raises(Refused) as refusal:
        of_app.create(draft())

    assert refusal.value.remedy is not None
    assert refusal.value.remedy.startswith("give the App 'Issues: read and write'")


def test_nothing_shows_the_token_or_the_key(real: AppStandIn) -> None:
    app = an_app(real)
    token = app.token(REPOSITORY)

    assert token not in repr(vars(app))
    assert "PRIVATE KEY" not in repr(vars(app))
