"""The service as a GitHub App: a real gunicorn, a GitHub that checks signatures, ends tokens, suspends the App."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support.app_stand_in import APPS, AppStandIn, a_key, key_file, pem_of
from support.fault_stories import ONE_WORKER, alert, filed, findings, fingerprint, is_all_filed
from support.service import Service, eventually

COUNT = 4


def started(github: AppStandIn, folder: Path) -> Service:
    """Return a service with the key in a file, not started."""
    environ = {name: value for name, value in github.environ.items() if name != "GITHUB_APP_PRIVATE_KEY"}
    return Service(folder / "state", environ | ONE_WORKER | {"GITHUB_APP_PRIVATE_KEY_FILE": str(key_file(folder))})


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


def test_what_signs_is_imported_only_where_there_is_an_app() -> None:
    program = (
        "import sys, booty.wsgi, booty.observability.wiring; print('jwt' in sys.modules, 'cryptography' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert done.stdout == "False False\n"
