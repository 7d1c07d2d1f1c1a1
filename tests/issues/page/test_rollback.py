"""The proposal to go back is on top of the issue, short, harmless."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support import alerts
from support.alerts import RELEASE
from support.problems import PROBLEM
from support.rendered import skeletons
from support.repository_stand_in import SHA

from booty.observability.issues.code.code_context import CodeContext, Comparison, NewRelease
from booty.observability.issues.life.birth import begin
from booty.observability.issues.page.body import render
from booty.observability.issues.page.code_section import FRESH

PAGE = "https://github.com/acme/shop"
COMPARED = f"{PAGE}/compare/{'b' * 40}...{SHA}"
NEW = NewRelease(SHA, "b" * 40, 750.0, COMPARED, f"{PAGE}/actions/workflows/deploy.yml")
TOLD = (
    f"**New in `{RELEASE}`**, live for 12 minutes when this was first seen: [what changed]({COMPARED})."
    f" To go back: [Actions, workflow **deploy**]({PAGE}/actions/workflows/deploy.yml) > **Run workflow** > release"
    " `previous`, which a person has to approve; or `./deploy.sh rollback` in a shell."
    " Nothing is rolled back by itself."
)


def body(new: NewRelease | None, release: str | None = RELEASE, **context: object) -> str:
    alert = alerts.python_chained().but(release=release)
    found = CodeContext(new_release=new, **context)  # type: ignore[arg-type]  # fields by name, as the tests spell them
    return render(alert, trigger_label="agent:builder", code_context=found).body


def test_says_what_is_new_for_how_long_it_was_live_what_changed_and_how_to_go_back() -> None:
    assert body(NEW).split("\n\n")[1] == TOLD


def test_is_below_the_first_sentence_and_the_counter() -> None:
    draft = render(alerts.python_chained(), trigger_label="x", code_context=CodeContext(new_release=NEW))
    lines = begin(draft, PROBLEM).body.split("\n")

    assert lines[0].startswith("`OrderMissing` raised at ")
    assert lines[1] == "<!-- booty:counter -->"
    assert lines[5] == TOLD


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.0, "less than a minute"), (59.9, "less than a minute"), (60.0, "1 minute"), (1799.0, "29 minutes")],
)
def test_counts_whole_minutes(seconds: float, words: str) -> None:
    assert f", live for {words} when this" in body(replace(NEW, live_seconds=seconds))


def test_names_the_commit_to_go_back_to_where_the_deploy_is_another_one() -> None:
    told = body(replace(NEW, deploy_url=None), f"shop@{SHA}")

    assert "To go back, deploy the release before, `bbbbbbb`, again." in told
    assert "deploy.sh" not in told


def test_says_once_that_the_release_is_new() -> None:
    comparison = Comparison(before="b" * 40, after=SHA, url=COMPARED, is_fresh=True)

    assert FRESH in body(None, comparison=comparison)
    assert FRESH not in body(NEW, comparison=comparison)


def test_says_nothing_of_a_problem_that_is_not_new() -> None:
    assert "New in" not in body(None)


@pytest.mark.parametrize("package", ["`</code><h1>@octocat", "](https://evil.example) [", "\n\n# a\n", "<!-- booty:"])
def test_a_hostile_name_of_a_release_stays_in_its_code_span(package: str) -> None:
    assert skeletons(body(NEW, f"{package}@{SHA}")) == skeletons(body(NEW, f"shop@{SHA}"))
