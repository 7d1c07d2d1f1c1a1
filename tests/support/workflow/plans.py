"""A plan without risks, to be changed by each test."""

from __future__ import annotations

from deploy.pipeline.github.links import Links
from deploy.pipeline.planning.changes import Changes, Commit
from deploy.pipeline.planning.risks import Plan
from deploy.pipeline.target import PRODUCTION

OLD, NEW = "1" * 40, "2" * 40


PLAN = Plan(
    target=PRODUCTION,
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
    programs=OLD,
    programs_are="approved",
)


def changes(*files: str, added: int = 1, removed: int = 0) -> Changes:
    """Make changes with so many commits."""
    commit = Commit("3" * 40, "Mary Read", "Change it")
    return Changes(added=(commit,) * added, removed=(commit,) * removed, files=files)
