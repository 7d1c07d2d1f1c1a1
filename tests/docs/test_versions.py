"""The versions that the pages name are those that the package has and the workflow checks."""

from __future__ import annotations

import re
import tomllib

from support.pages import page, rows, section

import booty

VERSIONS = dict(rows(section(page("docs/operating.md"), "Versions"), "what"))


def test_the_checks_run_on_the_oldest_and_on_the_newest_python_that_is_named() -> None:
    ((oldest, newest),) = re.findall(r"(3\.\d+) to (3\.\d+)", VERSIONS["Python"])

    assert tomllib.loads(page("pyproject.toml"))["project"]["requires-python"] == f">={oldest}"
    assert f'python: ["{oldest}", "{newest}"]' in page(".github/workflows/check.yml")


def test_the_changelog_ends_with_the_version_that_the_package_has() -> None:
    released = re.findall(r"^## \[(\d[\d.]*)\] - \d{4}-\d\d-\d\d$", page("CHANGELOG.md"), re.MULTILINE)

    assert released[0] == booty.__version__
