"""The approval page: read at a glance, and nothing hostile in it comes alive."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import hostile
from support.rendered import skeletons
from support.workflow.plans import NEW, OLD, PLAN, changes

from deploy.pipeline.planning.approval_page import render
from deploy.pipeline.planning.changes import Changes, Commit
from deploy.pipeline.planning.staged import Staged

SINCE = "2026-11-24T06:00:00.500+00:00"

QUIET_PAGE = f"""## Deploy `222222222222` to production

**Runs now:** [`111111111111`](https://github.com/captain/booty/commit/{OLD}) · \
[compare](https://github.com/captain/booty/compare/{OLD}...{NEW}) · 1 commit, 1 file\\
**Checks:** ✅ `script/test` passed on this commit\\
**Who can approve:** `anne`, `mary`\\
**This page is by:** the programs of [`111111111111`](https://github.com/captain/booty/commit/{OLD}), \
which was approved before\\
**To undo it:** Actions > deploy > Run workflow, release `previous` (approved like this one), or `./deploy.sh rollback`

### Nothing unusual

### Will be deployed: 1 commit

- [`2222222`](https://github.com/captain/booty/commit/{NEW}) `Fix the parser` by `Anne Bonny`

### Changes 1 file

- **code** (1): `booty/wsgi.py`
"""


def test_a_quiet_deploy_is_read_at_a_glance() -> None:
    assert render(PLAN) == QUIET_PAGE


def test_says_why_it_does_not_know_what_runs() -> None:
    page = render(replace(PLAN, served=None, changes=None, not_served_because="the variable SERVER_NAME is not set"))

    assert "**Runs now:** not known (`the variable SERVER_NAME is not set`), so there is nothing to compare" in page


@pytest.mark.parametrize(
    ("staged", "words"),
    [
        (Staged(None, None, None), "since when is not known; how many alerts had come from there is not known when"),
        (Staged(SINCE, 0, None), "since 2026-11-24 06:00 UTC; 0 alerts had come from there when this was written"),
        (Staged(SINCE, 1, None), "since 2026-11-24 06:00 UTC; 1 alert had come from there when this was written"),
        (Staged(SINCE, 0, OLD), f"06:00 UTC until `{OLD[:12]}`, which contains it, took its place; 0 alerts"),
    ],
)
def test_says_what_staging_says(staged: Staged, words: str) -> None:
    page = render(replace(PLAN, staged=staged))

    assert f"1 file\\\n**On staging:** healthy, since {words.removeprefix('since ')}" in page or words in page
    assert ("came from staging** since it runs there" in page) is bool(staged.alerts)


def test_cuts_long_lists() -> None:
    page = render(replace(PLAN, changes=changes(*(f"booty/{i}.py" for i in range(9)), added=13)))

    assert "- and 3 more\n" in page
    assert "`booty/5.py` and 3 more\n" in page
    assert "13 commits, 9 files" in page


@pytest.mark.parametrize(
    "hidden", ["\n", "\r", "\x9b", "\x1b", "\u202e", "\u2066", "\u200b", "\u2028", "\xad", "\ufeff"]
)
def test_shows_what_a_file_name_hides(hidden: str) -> None:
    page = render(replace(PLAN, changes=changes(f"booty/a{hidden}b.py", f"deploy/{hidden}x")))

    assert hidden not in page.replace("\n", "" if hidden == "\n" else "\n")
    assert f"`booty/a{hidden.encode('unicode_escape').decode()}b.py`" in page
    assert "### ⚠️ Unusual\n\n- **The deploy itself changes**" in page


HOSTILE = st.lists(st.sampled_from([*hostile.TEXTS, *hostile.GRAMMAR]) | st.text(max_size=9), max_size=6).map("".join)


def page_of(text: str) -> str:
    """Write `text` wherever a commit, a reviewer or the public address may bring it onto the page."""
    path = f"booty/{' '.join(text.split())}.py"  # with a line end in it, it would be listed elsewhere
    told = Changes(added=(Commit(NEW, text, text),), removed=(Commit(OLD, text, text),), files=(path,))
    silent = replace(PLAN, reviewers=(text,), served=None, not_served_because=text)
    return render(replace(PLAN, changes=told)) + render(silent)


@settings(max_examples=150)
@given(HOSTILE)
def test_nothing_from_outside_comes_alive(text: str) -> None:
    assert skeletons(page_of(text)) == skeletons(page_of("x"))
