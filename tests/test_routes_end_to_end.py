"""Several repositories and tokens: a real gunicorn, a GitHub that limits one token and does not know another."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from support.fault_stories import EVENT, filed, findings
from support.github_repositories import GitHubRepositories
from support.sentry_events import body_of, delivered
from support.service import Service, eventually
from support.stand_in import Call, says

from booty.observability.ledger.engines.sqlite_store import SqliteStore
from booty.observability.ledger.inspection import Inspection

SHOP, SITE, LIMITED, DEAD = "acme/shop", "acme/site", "slow/app", "gone/app"
PLACES = {1: SHOP, 2: SITE, 3: LIMITED, 4: DEAD}
"""The repository of each of Sentry's projects; the first one is that of the settings."""
EACH = 3
TOKENS = {"ghp_home": [SHOP, SITE], "ghp_slow": [LIMITED], "ghp_dead": [DEAD]}


def routes(folder: Path) -> Path:
    """Write the file of routes, with the files of the tokens."""
    text = ""
    for project, name in list(PLACES.items())[1:]:
        text += f'[[route]]\nproject = "{project}"\nrepository = "{name}"\n'
        for token, names in list(TOKENS.items())[1:]:
            if name in names:
                (folder / token).write_text(f"{token}\n")
                text += f'token_file = "{folder / token}"\n'
    path = folder / "routes.toml"
    path.write_text(text)
    return path


def send(service: Service, project: int) -> None:
    for number in range(EACH):
        event = EVENT | {"event_id": f"{project:016x}{number:016x}"}
        assert service.post(body_of(delivered(event, issue=str(number), project=project))).status == 202


def posts(github: GitHubRepositories, token: str) -> list[Call]:
    """Return the calls that were to create an issue with a token."""
    made = (call for call in github.calls if call.method == "POST" and call.path.endswith("/issues"))
    return [call for call in made if call.headers["Authorization"] == f"Bearer {token}"]


def names_of(project: int) -> dict[str, int]:
    return {f"{project}:{number}": 1 for number in range(EACH)}


def test_a_token_that_is_limited_and_one_that_is_dead_hold_up_their_own_repositories_only(tmp_path: Path) -> None:
    tokens = {"acme__shop": "ghp_home", "acme__site": "ghp_home", "slow__app": "ghp_slow", "gone__app": "ghp_new"}
    with GitHubRepositories(**tokens) as github:
        limit = {"message": "You have exceeded a secondary rate limit"}
        github.fail(says(403, limit, **{"Retry-After": "3600"}), path=LIMITED)
        environ = github.environ | {"OBSV_ROUTES": str(routes(tmp_path))}
        with Service(tmp_path / "state", environ) as service:
            for project in (4, 3, 2, 1):
                send(service, project)
            assert eventually(lambda: findings(service.state).owed == 2 * EACH)
            found = findings(service.state)
            held = {each.repositories: each for each in found.elsewhere}
            assert (found.owed, found.stop, found.pause, found.refused) == (2 * EACH, None, None, ())
            assert held[LIMITED,].pause is not None
            stop = held[DEAD,].stop
            assert stop is not None
            assert str(tmp_path / "ghp_dead") in stop.remedy
            assert len(posts(github, "ghp_slow")) == 1
            (told,) = service.events("deliveries_stopped")
            assert told["repository"] == DEAD
            service.kill()
            # the dead one is replaced, which a restart reads; a person says that the limit is over
            (tmp_path / "ghp_dead").write_text("ghp_new")
            github.forgive()
            Inspection(SqliteStore(service.state)).resume(now=0.0)
            service.start()
            assert eventually(lambda: findings(service.state).owed == 0, within=90)

    for project, name in PLACES.items():
        assert filed(github.of[name].issues) == names_of(project)
    assert {issue["number"] for issue in github.of[SITE].issues} == set(range(1, EACH + 1))
    for token in (*TOKENS, "ghp_new"):
        times = [call.at for call in posts(github, token)]
        assert all(after - before >= 0.99 for before, after in pairwise(times))
    written = service.log.read_text()
    assert [token for token in (*TOKENS, "ghp_new") if f'"{token}"' in written or f" {token}" in written] == []
