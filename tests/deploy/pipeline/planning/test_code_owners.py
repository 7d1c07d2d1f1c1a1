"""CODEOWNERS: which files have an owner."""

from __future__ import annotations

import pytest

from deploy.pipeline.planning.code_owners import unowned

FILES = (".github/workflows/deploy.yml", "deploy/manifest", "deploy/pipeline/plan.py", "deploy.sh")


@pytest.mark.parametrize(
    "text",
    [
        "* @anne",
        "** @anne",
        "/** @anne",
        "**/* anne@example.com",
        "/.github/ @anne\n/deploy/ @sea/deck\n/deploy.sh @anne\n",
        ".github @anne\ndeploy @anne\n*.sh @anne",
        "**/workflows/ @anne\n/deploy/** @anne\ndeploy.s? @anne",
        "/.github/**/*.yml @anne # who else\n/deploy/**/* @anne @mary\n/deploy.sh @anne\r\n",
        "* \n* @anne",
    ],
)
def test_all_have_an_owner(text: str) -> None:
    assert unowned(FILES, text=text) == []


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("", FILES),
        ("# * @anne", FILES),
        ("*", FILES),
        ("* anne", FILES),
        ("* # @anne", FILES),
        ("!* @anne", FILES),
        ("[.d]* @anne", FILES),
        ("/ @anne", FILES),
        ("DEPLOY.SH @anne", FILES),
        ("* @anne\n/deploy/pipeline/", ("deploy/pipeline/plan.py",)),
        ("* @anne\n/deploy/ # @anne", ("deploy/manifest", "deploy/pipeline/plan.py")),
        ("/deploy/* @anne\n/*.sh @anne", (".github/workflows/deploy.yml", "deploy/pipeline/plan.py")),
        ("/pipeline/ @anne\n/manifest @anne", FILES),
        ("deploy/ @anne", (".github/workflows/deploy.yml", "deploy.sh")),
        ("deploy* @anne", ()),
        ("/deploy @anne", (".github/workflows/deploy.yml", "deploy.sh")),
        ("/deploy\\ x/ @anne", FILES),
    ],
)
def test_the_last_line_that_matches_decides(text: str, bare: tuple[str, ...]) -> None:
    assert tuple(unowned(FILES, text=text)) == bare


@pytest.mark.parametrize("path", ["deploy/a b", "deploy/a\nb", "deploy/.x"])
def test_a_strange_name_is_owned_like_any_other(path: str) -> None:
    assert unowned([path], text="/deploy/ @anne") == []
    assert unowned([path], text="/deploy/ @anne\n/deploy/?*") == [path]
