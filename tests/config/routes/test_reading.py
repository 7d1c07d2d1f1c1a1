"""A file of routes is read whole, or refused with every fault and its line."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict
from support.given_settings import HUSH, REQUIRED, load
from support.hostile import TEXTS

from booty.observability.alerts.routing.route import Condition, Route
from booty.observability.alerts.severity import Severity
from booty.observability.config import Settings
from booty.observability.config.routes.in_force import signers_of
from booty.observability.config.routes.organizations import signers
from booty.observability.config.routes.reading import LONGEST, WrongRoutes, read_routes, routes_in
from booty.observability.config.routes.values import CONDITIONS, SETTINGS
from booty.observability.config_errors import InvalidSettings

API = "https://api.github.com"


def read(text: str) -> tuple[Route, ...]:
    return routes_in(text, default="acme/rest", api_url=API)


def problems(text: str) -> list[str]:
    """Return what is wrong with a file that must be refused."""
    with pytest.raises(WrongRoutes) as refusal:
        read(text)
    assert all(fault.name == "OBSV_ROUTES" and fault.remedy for fault in refusal.value.faults)
    return [fault.problem for fault in refusal.value.faults]


def test_a_route_has_all_that_it_sets(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("github_pat_x\n")

    text = f"""
# the shop
[[route]]
organization = "acme"
project = ["shop-*", 4501]
environment = "production"
level = ["fatal", "error"]
tag.team = "pay*"
tag."browser.name" = ["Firefox", "Chrome"]
repository = "https://github.com/acme/shop"
min_severity = "warning"
cooldown_hours = 0.5
labels = ["shop", "needs triage"]
trigger_label = "agent:shop"
assignees = ["octocat"]
handover = "gate"
token_file = "{token}"

[[route]]
drop = true
"""

    assert read(text) == (
        Route(
            line=3,
            conditions=(
                Condition("organization", ("acme",)),
                Condition("project", ("shop-*", "4501")),
                Condition("environment", ("production",)),
                Condition("level", ("fatal", "error")),
                Condition("tag.team", ("pay*",)),
                Condition("tag.browser.name", ("Firefox", "Chrome")),
            ),
            repository="acme/shop",
            min_severity=Severity.WARNING,
            cooldown_hours=0.5,
            labels=("shop", "needs triage"),
            trigger_label="agent:shop",
            assignees=("octocat",),
            handover="gate",
            token_file=str(token),
        ),
        Route(line=19, drop=True),
    )


WRONG = {
    '[[route]]\n\nprojekt = "shop"\n': "line 3: 'projekt' is not known",
    '[[route]]\nproject = "shop"\n[[route]]\n  level = "eror"\n': "line 4: level cannot be used",
    '[[route]]\nlevel = ["error", 4]\n': "line 2: level cannot be used",
    '[[route]]\nlevel = [["error"]]\n': "line 2: level cannot be used",
    "[[route]]\nlevel = []\n": "line 2: level cannot be used",
    '[[route]]\nproject = ""\n': "line 2: project cannot be used",
    "[[route]]\nproject = true\n": "line 2: project cannot be used",
    "[[route]]\nenvironment = 4501\n": "line 2: environment cannot be used",
    '[[route]]\nenvironment = "a\\nb"\n': "line 2: environment cannot be used",
    '[[route]]\ntag = "team"\n': "line 2: tag cannot be used",
    '[[route]]\ntag.browser.name = "Firefox"\n': "line 2: tag cannot be used",
    "[[route]]\n[route.tag]\nteam = 3\n": "line 2: tag cannot be used",
    "[[route]]\ndrop = false\n": "line 2: drop cannot be used",
    '[[route]]\nrepository = "acme"\n': "line 2: repository cannot be used",
    '[[route]]\nrepository = "https://gitlab.com/acme/shop"\n': (
        "line 2: repository is on gitlab.com, but GITHUB_API_URL is the API of github.com"
    ),
    '[[route]]\nmin_severity = "Error"\n': "line 2: min_severity cannot be used",
    "[[route]]\ncooldown_hours = 0\n": "line 2: cooldown_hours cannot be used",
    "[[route]]\ncooldown_hours = true\n": "line 2: cooldown_hours cannot be used",
    "[[route]]\ncooldown_hours = nan\n": "line 2: cooldown_hours cannot be used",
    "[[route]]\ncooldown_hours = inf\n": "line 2: cooldown_hours cannot be used",
    '[[route]]\nlabels = "x"\n': "line 2: labels cannot be used",
    '[[route]]\nlabels = ["a,b"]\n': "line 2: labels cannot be used",
    '[[route]]\nlabels = ["shop", "Booty:mute"]\n': "line 2: labels cannot be used",
    '[[route]]\nlabels = ["agent:triage"]\n': "line 2: labels cannot be used",
    '[[route]]\nlabels = ["  "]\n': "line 2: labels cannot be used",
    '[[route]]\ntrigger_label = "booty:mute"\n': "line 2: trigger_label cannot be used",
    '[[route]]\ntrigger_label = "agent:triage"\n': "line 2: trigger_label cannot be used",
    '[[route]]\ntrigger_label = ["x"]\n': "line 2: trigger_label cannot be used",
    '[[route]]\nassignees = ["@octocat"]\n': "line 2: assignees cannot be used",
    '[[route]]\nassignees = ["Copilot"]\n': "line 2: assignees cannot be used",
    '[[route]]\nhandover = "Gate"\n': "line 2: handover cannot be used",
    '[[route]]\nrepository = "acme/shop"\ntoken_file = "token"\n': "line 3: token_file cannot be used",
    '[[route]]\nrepository = "acme/shop"\ntoken_file = "/nonexistent/token"\n': "line 3: token_file cannot be used",
    '[[route]]\nrepository = "acme/shop"\ntoken_file = "/dev/null"\n': "line 3: token_file cannot be used",
    '[[route]]\ntoken_file = "/proc/version"\n': "line 2: token_file is of no repository",
    '[[route]]\ndrop = true\nlabels = ["x"]\n': "line 2: nothing can be set beside drop",
    "[[route]]\n\n[[route]]\ndrop = true\n": "line 3: no alert gets here: the route in line 1 takes all of them",
    '[[route]]\nproject = "shop\n': "line 2: is not TOML: Illegal character '\\n'",
    "[[route]]\nproject = \n": "line 2: is not TOML: Invalid value",
    '[[route]]\nproject = "a"\nproject = "b"\n': "line 3: is not TOML: Cannot overwrite a value",
    '[[route]]\nproject = ["a",': "line 2: is not TOML: Invalid value",
    '\nproject = "shop"\n': "line 2: 'project' stands outside of a route",
    '[route]\nproject = "shop"\n': "line 1: no route begins with a line [[route]]",
    'route = [{project = "shop"}]\n': "line 1: no route begins with a line [[route]]",
    '[[route]]\nproject = """\n[[route]]\n"""\n': "line 1: is unclear",
    "": "line 1: no route begins with a line [[route]]",
    f"x = {'[' * 5000}": "line 1: is nested too deeply",
}


@pytest.mark.parametrize("text", WRONG, ids=WRONG.values())
def test_what_is_wrong_is_named_with_its_line(text: str) -> None:
    assert problems(text) == [WRONG[text]]


def test_all_faults_are_named_at_once_in_the_order_of_their_lines() -> None:
    text = '[[route]]\nlevel = "eror"\nreposit = "x"\n\n[[route]]\n\n[[route]]\ndrop = 1\n'

    assert problems(text) == [
        "line 2: level cannot be used",
        "line 3: 'reposit' is not known",
        "line 8: drop cannot be used",
    ]


def test_a_repository_has_one_token(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for path in (one, other):
        path.write_text("github_pat_x")

    def of(*routes: tuple[str, Path | None]) -> str:
        return "".join(
            f'[[route]]\nproject = "{number}"\nrepository = "{name}"\n' + (f'token_file = "{token}"\n' if token else "")
            for number, (name, token) in enumerate(routes)
        )

    assert len(read(of(("acme/shop", one), ("acme/shop", one), ("acme/pay", one), ("acme/rest", None)))) == 4
    assert problems(of(("acme/shop", one), ("ACME/Shop", other))) == [
        "line 5: ACME/Shop has another token already, by line 1"
    ]
    assert problems(of(("acme/shop", one), ("acme/shop", None))) == [
        "line 5: acme/shop has another token already, by line 1"
    ]
    assert problems(of(("acme/rest", one))) == ["line 1: acme/rest has another token already, by GITHUB_TOKEN"]


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    binary, long = tmp_path / "binary", tmp_path / "long"
    binary.write_bytes(b"\xff\xfe\x00")
    long.write_text("#" * (LONGEST + 1))

    for path in (tmp_path / "missing", tmp_path, binary, long, "a\0b"):
        with pytest.raises(WrongRoutes, match=r"cannot be read|is longer"):
            read_routes(str(path), default="acme/rest", api_url=API)


@pytest.mark.parametrize("key", sorted({*CONDITIONS, *SETTINGS} - {"tag"}))
@pytest.mark.parametrize("text", TEXTS)
def test_no_text_breaks_the_reading(key: str, text: str) -> None:
    quoted = "".join(f"\\U{ord(each):08x}" for each in text if not 0xD800 <= ord(each) <= 0xDFFF)

    places: set[str] = {"line 2"}
    try:
        read(f'[[route]]\n{key} = "{quoted}"\n')
    except WrongRoutes as refusal:
        places = {fault.problem.partition(":")[0] for fault in refusal.faults}

    assert places == {"line 2"}


@given(
    st.text()
    | st.lists(st.sampled_from(["[[route]]", "\n", "tag.a", "=", '"x"', "{", "]", "drop", "true", "1e9"])).map("".join)
)
def test_whatever_a_file_holds_it_is_routes_or_faults_with_lines(text: str) -> None:
    try:
        routes = read(text)
    except WrongRoutes as refusal:
        last = text.count("\n") + 1
        lines = [int(fault.problem.removeprefix("line ").partition(":")[0]) for fault in refusal.faults]
        assert lines
        assert all(1 <= line <= last for line in lines)
    else:
        assert len(routes) == len(tomllib.loads(text)["route"])


def given_file(folder: Path, text: str, **changes: str) -> Settings:
    path = folder / "routes.toml"
    path.write_text(text)
    return load(OBSV_ROUTES=str(path), **changes)


def faults(folder: Path, text: str, **changes: str) -> list[tuple[str, str]]:
    with pytest.raises(InvalidSettings) as refusal:
        given_file(folder, text, **changes)
    return [(fault.name, fault.problem) for fault in refusal.value.faults]


def test_a_start_without_the_file_is_refused_beside_all_other_faults() -> None:
    with pytest.raises(InvalidSettings) as refusal:
        Settings.load(REQUIRED | {"OBSV_ROUTES": "/nonexistent/routes.toml", "PORT": "0"})

    assert next(fault.problem for fault in refusal.value.faults) == (
        "'/nonexistent/routes.toml' cannot be read: No such file or directory"
    )
    assert [fault.name for fault in refusal.value.faults] == ["OBSV_ROUTES", "PORT"]


def test_an_organization_is_that_of_a_secret(tmp_path: Path) -> None:
    text = '[[route]]\norganization = ["acme", "acme-*"]\n'
    missing = [("OBSV_ROUTES", "line 1: no secret is that of the organization acme or acme-*")]

    assert faults(tmp_path, text) == missing
    assert missing[0] in faults(tmp_path, text, SENTRY_WEBHOOK_SECRET=f"other:{HUSH}")
    for name in ("acme", "acme-eu"):
        assert given_file(tmp_path, text, SENTRY_WEBHOOK_SECRET=f"other:{HUSH},{name}:{HUSH}").routes


def test_a_secret_is_as_long_without_the_name_before_it(tmp_path: Path) -> None:
    assert faults(tmp_path, "[[route]]\n", SENTRY_WEBHOOK_SECRET=f"acme:short,other:{HUSH}") == [
        ("SENTRY_WEBHOOK_SECRET", "cannot be used (one is shorter than 16 characters)")
    ]
    short = ("SENTRY_WEBHOOK_SECRET", "the secret of a-long-organization is shorter than 16 characters")
    assert short in faults(tmp_path, "[[route]]\n", SENTRY_WEBHOOK_SECRET="a-long-organization:short")


def test_the_name_of_an_organization_stands_before_its_secret() -> None:
    assert signers(["acme:one:two", "three", "Acme:four"]) == (
        ("acme", "one:two"),
        (None, "three"),
        (None, "Acme:four"),
    )


def test_a_repository_with_its_token_is_followed_and_the_token_is_read_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("ghp_of_pay\n")
    text = f'[[route]]\nrepository = "acme/pay"\ntoken_file = "{tmp_path / "token"}"\n'
    settings = given_file(tmp_path, text)
    (tmp_path / "token").write_text("ghp_later\n")

    assert settings.routes == (Route(line=1, repository="acme/pay", token_file=str(tmp_path / "token")),)
    assert settings.routes[0].token is not None
    assert settings.routes[0].token.reveal() == "ghp_of_pay"
    assert "ghp_of_pay" not in f"{settings!r} {asdict(settings)}"


def test_a_file_that_holds_no_token_is_refused(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("two words\n")
    text = f'[[route]]\nrepository = "acme/pay"\ntoken_file = "{tmp_path / "token"}"\n'

    assert faults(tmp_path, text) == [("OBSV_ROUTES", "line 3: token_file holds no token")]


def test_a_secret_with_a_name_signs_with_and_without_it() -> None:
    """It may be a secret with a colon in it, of before there were names."""
    settings = load(SENTRY_WEBHOOK_SECRET=f"{HUSH},acme:{HUSH},other-organization:short")

    assert signers_of(settings) == (
        ("acme", HUSH),
        (None, HUSH),
        (None, f"acme:{HUSH}"),
        (None, "other-organization:short"),
    )


def test_without_routes_a_secret_is_what_it_was() -> None:
    assert [each.reveal() for each in load(SENTRY_WEBHOOK_SECRET=f"acme:{HUSH}").webhook_secrets] == [f"acme:{HUSH}"]
