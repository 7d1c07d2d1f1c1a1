"""The risks of a plan: the reasons for its approver to look twice.

Pure: a `Plan` in, Markdown lines out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deploy.pipeline.github.links import Links
from deploy.pipeline.planning.changes import Area, Changes
from deploy.pipeline.planning.staged import Staged
from deploy.pipeline.planning.wording import count, names, number
from deploy.pipeline.target import STAGING, Target

SHOWN_FILES = 3
UNRELATED = (
    "The running release, `{served}`, is not in this repository: the droplet will refuse this unless it is a rollback."
)
UNKNOWN = """It is not known what runs, so this may be older. If it is, the droplet refuses it: to go back while the
public address is silent, choose `previous`, or `./deploy.sh rollback SHA`."""

DEPLOY_PATH = {
    Area.WORKFLOW: "**The workflows change** ({files}): they choose what writes this page, and what sees the key.",
    Area.PIPELINE: "**The pipeline changes** ({files}): it checks the gate and writes this page.",
    Area.DEPLOY: "**The deploy itself changes** ({files}).",
    Area.ATTRIBUTES: "**Git's attributes change** ({files}): they decide what a checkout and a diff show.",
    Area.DROPLET: "**The droplet's side changes** ({files}): run `./deploy.sh setup`, which installs it.",
}
"""What stands first: a change of it can change what the rest of the page, or a later one, says."""
DEPENDENCIES = {Area.DEPENDENCIES: "**Dependencies change** ({files})."}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another run that waits for its approval; `included` when it is a push whose commit is part of this release."""

    number: int
    url: str
    sha: str
    included: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the page shows. `served` is None if not known; `sha` for a rollback to what the droplet chooses.

    `programs` is the commit whose programs write the page, `programs_are` says `approved`, or why they are not.
    `staged` is what staging says of it, None where it does not come from there.
    """

    target: Target
    verb: str
    sha: str | None
    served: str | None
    not_served_because: str
    changes: Changes | None
    checked: bool
    reviewers: tuple[str, ...]
    waiting: tuple[Waiting, ...]
    warnings: tuple[str, ...]
    links: Links
    staged: Staged | None = None
    programs: str = ""
    programs_are: str = ""


def find_risks(plan: Plan) -> list[str]:
    """Return what is unusual about the plan, as Markdown, the worst first."""
    found = _in_files(plan.changes, DEPLOY_PATH) if plan.changes else []
    found += [warning.replace("\n", " ") for warning in plan.warnings]
    if plan.staged and plan.staged.alerts:
        found.append(f"**{number(plan.staged.alerts, 'alert')} came from {STAGING.name}** since it runs there.")
    if plan.changes is not None:
        found += _in_history(plan, plan.changes) + _in_files(plan.changes, DEPENDENCIES)
    elif plan.sha and plan.served:
        found.append(UNRELATED.format(served=plan.served[:12]))
    elif plan.sha:
        found.append(UNKNOWN.replace("\n", " "))
    found += [_in_queue(waiting) for waiting in plan.waiting]
    return found


def _in_history(plan: Plan, changes: Changes) -> list[str]:
    found = []
    if changes.removed and changes.added:
        found.append(f"It diverges from the running release, and lacks {count(changes.removed, 'commit')} of it.")
    elif changes.removed:
        found.append(f"It is **older** than what runs: {plan.target.name} loses {count(changes.removed, 'commit')}.")
    if plan.sha == plan.served:
        found.append("It is already running: this deploys the same commit again.")
    return found


def _in_files(changes: Changes, says: Mapping[Area, str]) -> list[str]:
    grouped = changes.files_by_area()
    return [
        text.format(files=names(grouped[area], limit=SHOWN_FILES)) for area, text in says.items() if area in grouped
    ]


def _in_queue(waiting: Waiting) -> str:
    run = f"[run {waiting.number}]({waiting.url}) (`{waiting.sha[:12]}`)"
    if waiting.included:
        return f"It includes a release that is still waiting for approval, {run}: reject that one."
    return f"Another run is waiting for approval too: {run}. Approve only one of them."
