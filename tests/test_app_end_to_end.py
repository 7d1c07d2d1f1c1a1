"""The service as a GitHub App: a real gunicorn, a GitHub that checks signatures, ends tokens, suspends the App."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support.app_stand_in import APPS, AppRepositories, AppRules, AppStandIn, a_key, key_file, pem_of
from support.fault_stories import EVENT, ONE_WORKER, alert, filed, findings, fingerprint, is_all_filed
from support.sentry_events import body_of, delivered
from support.service import Service, eventually
from support.stand_in import says

from booty.observability.ledger.engines.sqlite_store import SqliteStore
from booty.observability.ledger.inspection import Inspection

COUNT = 4


def started(github: AppRules, folder: Path, **more: str) -> Service:
    """Return a service with the key in a file, not started."""
    environ = {name: value for name, value in github.environ.items() if name != "GITHUB_APP_PRIVATE_KEY"}
    return Service(
        folder / "state", environ | ONE_WORKER | more | {"GITHUB_APP_PRIVATE_KEY_FILE": str(key_file(folder))}
    )


def test_all_are_filed_once_though_tokens_end_early_and_no_token_or_key_is_in_a_log(tmp_path: Path) -> None:
    with AppStandIn() as github, started(github, tmp_path) as service:
        for number in range(1, COUNT + 1):
            service.post(alert(number))
            assert eventually(lambda so_far=number: len(github.issues) == so_far)  # type: ignore[misc]  # bound now
            seen = set(github.tokens)
            github.end_tokens()
        assert is_all_filed(service)

    assert filed(github.issues) == dict.fromkeys(map(fingerprint, range(1, COUNT + 1)), 1)
    assert len(github.mints()) >= COUNT
    written = service.log.read_text() + "".join(str(path.read_bytes()) for path in service.state.glob("ledger-*"))
    secrets = {*seen, *(call.headers["Authorization"].removeprefix("Bearer ") for call in github.calls)}
    assert [each for each in (*secrets, *pem_of(a_key(APPS)).splitlines()[1:-1]) if each in written] == []


def test_a_suspended_app_is_told_in_words_and_files_what_it_owes_afterwards(tmp_path: Path) -> None:
    with AppStandIn() as github:
        github.suspend()
        with started(github, tmp_path) as service:
            service.post(alert(1))
            assert eventually(lambda: bool(service.events("deliveries_stopped")))
            (stopped,) = service.events("deliveries_stopped")
            stop = findings(service.state).stop
            github.suspend(is_suspended=False)
            assert is_all_filed(service)

    assert "suspended" in str(stopped["reason"])
    assert str(stopped["remedy"]).startswith("unsuspend the App's installation")
    assert stop is not None
    assert filed(github.issues) == {fingerprint(1): 1}


def test_an_app_of_two_organizations_files_in_both_and_a_limit_of_one_is_not_the_others(tmp_path: Path) -> None:
    (tmp_path / "routes.toml").write_text('[[route]]\nproject = "43"\nrepository = "other/app"\n')
    with AppRepositories("acme/shop", "other/app") as github:
        limit = {"message": "You have exceeded a secondary rate limit"}
        github.fail(says(403, limit, **{"Retry-After": "3600"}), path="/repos/other/app/issues")
        service = started(github, tmp_path, OBSV_ROUTES=str(tmp_path / "routes.toml"))
        with service:
            for number in (1, 2):
                event = EVENT | {"event_id": f"{number:016x}{43:016x}"}
                assert service.post(body_of(delivered(event, issue=str(number), project=43))).status == 202
                service.post(alert(number))
            assert eventually(lambda: findings(service.state).owed == 2)
            assert len(github.of["acme/shop"].issues) == 2
            github.forgive()
            Inspection(SqliteStore(service.state)).resume(now=0.0)
            assert is_all_filed(service)

    assert filed(github.of["acme/shop"].issues) == {fingerprint(1): 1, fingerprint(2): 1}
    assert filed(github.of["other/app"].issues) == {"43:1": 1, "43:2": 1}
    assert set(github.owners.values()) == {"acme", "other"}


def test_what_signs_is_imported_only_where_there_is_an_app() -> None:
    program = (
        "import sys, booty.wsgi, booty.observability.wiring; print('jwt' in sys.modules, 'cryptography' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert done.stdout == "False False\n"
