"""The repository is known in each spelling, on the host of the API alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.given_settings import REQUIRED, faults_of, load

from booty.observability.config_errors import InvalidSettings


@pytest.mark.parametrize(
    ("api_url", "page"),
    [
        ("https://api.github.com", "https://github.com/acme/shop"),
        ("https://api.acme.ghe.com", "https://acme.ghe.com/acme/shop"),
        ("https://git.acme.example/api/v3/", "https://git.acme.example/acme/shop"),
        ("https://api.acme.example:8443/api/v3", "https://api.acme.example:8443/acme/shop"),
        ("http://127.0.0.1:4000", "https://github.com/acme/shop"),
    ],
)
def test_knows_the_repositorys_page_from_the_apis_address(api_url: str, page: str) -> None:
    assert load(GITHUB_API_URL=api_url).web_url == page


@pytest.mark.parametrize(
    "spelling",
    [
        "acme/shop",
        "https://github.com/acme/shop",
        "https://github.com/acme/shop/",
        "https://github.com/acme/shop.git",
        "git@github.com:acme/shop.git",
        "ssh://git@github.com/acme/shop.git",
        "ssh://git@github.com:22/acme/shop.git",
        "ssh://git@ssh.github.com:443/acme/shop.git",
        "https://GitHub.com/acme/shop",
        "https://www.github.com/acme/shop",
    ],
)
def test_reads_the_repository_in_each_spelling(spelling: str) -> None:
    assert load(TARGET_REPO_URL=spelling).repository == "acme/shop"


GHE = "https://ghe.acme.example/api/v3"


@pytest.mark.parametrize(
    ("target", "api_url"),
    [
        ("https://github.com/acme/shop", "https://api.github.com/"),
        ("https://ghe.acme.example/acme/shop", GHE),
        ("https://ghe.acme.example:8443/acme/shop", "https://ghe.acme.example:8443/api/v3/"),
        ("git@GHE.acme.example:acme/shop.git", "https://ghe.acme.example:8443/api/v3"),
        ("https://acme.ghe.com/acme/shop", "https://api.acme.ghe.com"),
        ("git@acme.ghe.com:acme/shop.git", "https://api.acme.ghe.com"),
        ("acme/shop", GHE),
        ("acme/shop", "https://api.acme.ghe.com"),
        ("https://gitlab.com/acme/shop", "http://127.0.0.1:4000"),
        ("https://ghe.acme.example/acme/shop", "http://[::1]:4000"),
    ],
)
def test_takes_a_repository_on_the_host_of_the_api(target: str, api_url: str) -> None:
    assert load(TARGET_REPO_URL=target, GITHUB_API_URL=api_url).repository == "acme/shop"


@pytest.mark.parametrize(
    ("target", "api_url", "line"),
    [
        ("https://ghe.corp.example/acme/app", "", "GITHUB_API_URL=https://ghe.corp.example/api/v3"),
        ("https://ghe.corp.example:8443/acme/app", "", "GITHUB_API_URL=https://ghe.corp.example:8443/api/v3"),
        ("git@ghe.corp.example:acme/app.git", "", "GITHUB_API_URL=https://ghe.corp.example/api/v3"),
        ("ssh://git@ghe.corp.example/acme/app", GHE, "GITHUB_API_URL=https://ghe.corp.example/api/v3"),
        ("https://corp.ghe.com/acme/app", "", "GITHUB_API_URL=https://api.corp.ghe.com"),
        ("https://corp.ghe.com/acme/app", "https://api.acme.ghe.com", "GITHUB_API_URL=https://api.corp.ghe.com"),
        ("https://github.com/acme/app", GHE, "GITHUB_API_URL=https://api.github.com"),
        ("https://gitlab.com/acme/app", "", "other forges do not work"),
        ("https://github.com.evil.example/acme/app", "", "other forges do not work"),
        ("https://evilgithub.com/acme/app", "", "other forges do not work"),
        ("https://api.github.com/acme/app", "", "other forges do not work"),
    ],
)
def test_refuses_a_repository_on_another_host_than_the_apis_with_the_line_to_add(
    target: str, api_url: str, line: str
) -> None:
    with pytest.raises(InvalidSettings) as refusal:
        load(TARGET_REPO_URL=target, GITHUB_API_URL=api_url, TRIGGER_LABEL="a,b")

    first, second = refusal.value.faults
    assert (first.name, second.name) == ("TRIGGER_LABEL", "TARGET_REPO_URL")
    assert second.problem.startswith("is on ")
    assert line in second.remedy


@pytest.mark.parametrize("api_url", ["https://me:swordfish@api.x", "api.github.com", "https://"])
def test_says_what_is_wrong_with_an_api_address_only_once(api_url: str, tmp_path: Path) -> None:
    routes = tmp_path / "routes.toml"
    routes.write_text('[[route]]\nrepository = "https://ghe.acme.example/acme/web"\n')
    given = {"TARGET_REPO_URL": "https://ghe.acme.example/acme/shop", "OBSV_ROUTES": str(routes)}

    assert faults_of(REQUIRED | given | {"GITHUB_API_URL": api_url}) == {
        "GITHUB_API_URL": "cannot be used (is not an https address without user, query or fragment)"
    }


@pytest.mark.parametrize(
    "wrong",
    [
        "shop",
        "acme/",
        "/shop",
        "acme/..",
        "acme/.git",
        "acme/shop/issues",
        "https://github.com/acme/shop/tree/main",
        "https://token@github.com/acme/shop",
        "acme/shop?x=1",
        "acme/shöp",
        "acme/shop\nevil",
        "-acme/shop",
    ],
)
def test_refuses_what_names_no_repository(wrong: str) -> None:
    assert faults_of(REQUIRED | {"TARGET_REPO_URL": wrong}) == {
        "TARGET_REPO_URL": "cannot be used (does not name a repository)"
    }
