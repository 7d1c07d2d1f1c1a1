"""The approval page: what goes out, what is unusual about it, and that nothing hostile in it comes alive."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import hostile
from support.rendered import skeletons

from deploy.pipeline.approval_page import render
from deploy.pipeline.changes import Area, Changes, Commit, area_of
from deploy.pipeline.links import Links
from deploy.pipeline.risks import Plan, Waiting, find_risks

OLD, NEW = "1" * 40, "2" * 40
PLAN = Plan(
    verb="deploy",
    sha=NEW,
    served=OLD,
    not_served_because="",
    changes=Changes(added=(Commit(NEW, "Anne Bonny", "Fix the parser"),), removed=(), files=("booty/wsgi.py",)),
    checked=True,
    reviewers=("anne", "mary"),
    waiting=(),
    warnings=(),
    links=Links("https://github.com", "captain/booty"),
)
QUIET_PAGE = f"""## Deploy `222222222222` to production

**Runs now:** [`111111111111`](https://github.com/captain/booty/commit/{OLD}) · \
[compare](https://github.com/captain/booty/compare/{OLD}...{NEW}) · 1 commit, 1 file\\
**Checks:** ✅ `script/test` passed on this commit\\
**Who can approve:** `anne`, `mary`\\
**To undo it:** Actions > deploy > Run workflow, release `previous` (approved like this one), or `./deploy.sh rollback`

### Nothing unusual

### Goes out: 1 commit

- [`2222222`](https://github.com/captain/booty/commit/{NEW}) `Fix the parser` by `Anne Bonny`

### Touches 1 file

- **code** (1): `booty/wsgi.py`
"""


def test_a_quiet_deploy_is_read_at_a_glance() -> None:
    assert render(PLAN) == QUIET_PAGE


def changes(*files: str, added: int = 1, removed: int = 0) -> Changes:
    """Make changes with so many commits."""
    commit = Commit("3" * 40, "Mary Read", "Change it")
    return Changes(added=(commit,) * added, removed=(commit,) * removed, files=files)


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (replace(PLAN, changes=changes("requirements.txt")), "**Dependencies change** (`requirements.txt`)"),
        (replace(PLAN, changes=changes("deploy/droplet/systemd/booty@.service")), "run `./deploy.sh setup`"),
        (replace(PLAN, changes=changes("deploy.sh")), "**The deploy itself changes** (`deploy.sh`)"),
        (
            replace(PLAN, changes=changes("deploy/pipeline/ship.py")),
            "**The pipeline changes** (`deploy/pipeline/ship",
        ),
        (replace(PLAN, changes=changes(".github/workflows/deploy.yml")), "**The workflows change**"),
        (replace(PLAN, changes=changes(added=0, removed=2)), "It is **older** than what runs: 2 commits"),
        (replace(PLAN, changes=changes(added=1, removed=1)), "It leaves the line of what runs: 1 commit"),
        (replace(PLAN, served=NEW, changes=changes(added=0)), "It runs already"),
        (replace(PLAN, waiting=(Waiting(41, "https://x", "3" * 40, included=True),)), "It skips a release that waits"),
        (replace(PLAN, waiting=(Waiting(43, "https://x", "3" * 40, included=False),)), "Another run waits"),
        (replace(PLAN, changes=None), "What runs now, `111111111111`, is not in this repository"),
        (
            replace(PLAN, served=None, changes=None),
            "the droplet refuses it: to go back while the public address is silent",
        ),
        (replace(PLAN, warnings=("Nobody can\napprove",)), "Nobody can approve"),
    ],
)
def test_says_what_is_unusual(plan: Plan, words: str) -> None:
    assert [words in line for line in find_risks(plan)] == [True]
    assert f"### ⚠️ Unusual\n\n- {find_risks(plan)[0]}\n" in render(plan)


def test_says_why_it_does_not_know_what_runs() -> None:
    page = render(replace(PLAN, served=None, changes=None, not_served_because="the variable SERVER_NAME is not set"))

    assert (
        "**Runs now:** not known (`the variable SERVER_NAME is not set`), so there is nothing to compare with" in page
    )


def test_cuts_long_lists() -> None:
    page = render(replace(PLAN, changes=changes(*(f"booty/{i}.py" for i in range(9)), added=13)))

    assert "- and 3 more\n" in page
    assert "`booty/5.py` and 3 more\n" in page
    assert "13 commits, 9 files" in page


@pytest.mark.parametrize(
    ("path", "area"),
    [
        ("deploy/droplet/nginx/booty.conf", Area.DROPLET),
        ("deploy/manifest", Area.DROPLET),
        ("deploy/droplet/setup", Area.DROPLET),
        ("deploy.sh", Area.DEPLOY),
        (".github/workflows/check.yml", Area.WORKFLOW),
        ("deploy/pipeline/plan.py", Area.PIPELINE),
        ("deploy/other.sh", Area.DEPLOY),
        ("requirements-dev.txt", Area.DEPENDENCIES),
        ("pyproject.toml", Area.DEPENDENCIES),
        ("tests/deploy/test_x.py", Area.TESTS),
        ("docs/picture.py", Area.DOCUMENTS),
        ("booty/observability/deploy.sh.py", Area.CODE),
        ("gunicorn.conf.py", Area.CODE),
        ("LICENSE", Area.DOCUMENTS),
        ("x/requirements.txt\n", Area.OTHER),
    ],
)
def test_names_what_a_file_touches(path: str, area: Area) -> None:
    assert area_of(path) is area


HOSTILE = st.lists(st.sampled_from([*hostile.TEXTS, *hostile.GRAMMAR]) | st.text(max_size=9), max_size=6).map("".join)


def page_of(text: str) -> str:
    """Write `text` wherever a commit, a reviewer or the public address may bring it onto the page."""
    path = f"booty/{' '.join(text.split())}.py"  # with a line end in it, it would be listed elsewhere
    told = Changes(added=(Commit(NEW, text, text),), removed=(Commit(OLD, text, text),), files=(path,))
    silent = replace(PLAN, reviewers=(text,), served=None, not_served_because=text)
    return render(replace(PLAN, changes=told)) + render(silent)


@settings(max_examples=150, deadline=None)
@given(HOSTILE)
def test_nothing_from_outside_comes_alive(text: str) -> None:
    assert skeletons(page_of(text)) == skeletons(page_of("x"))
