"""The approval page: what the approver reads before he lets a release out.

Pure: a `Plan` in, Markdown out. It is meant to be read in twenty seconds: what, against what, what is odd about it,
how to undo it; the lists come last. Every text from outside stands in code, so that it is neither a link, nor a
mention, nor Markdown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from booty.observability.untrusted import code

from changes import Area, Changes, Commit

SHOWN_COMMITS = 10
SHOWN_FILES = 6
SUBJECT_LIMIT = 100
AUTHOR_LIMIT = 40
PATH_LIMIT = 80

PAGE = """## {headline}

{against}
**Checks:** {checks}
**Who can approve:** {reviewers}\\
**To undo it:** Actions > deploy > Run workflow, release `previous` (approved like this one), or `./deploy.sh rollback`

### {oddities_title}
{oddities}{lists}"""
LEDE = {
    "deploy": "Deploy {release} to production",
    "rollback": "Roll production back to {release}",
}
RUNS = "**Runs now:** {served} · [compare]({server}/{repository}/compare/{before}...{after}) · {amount}\\"
RUNS_THE_SAME = "**Runs now:** {served}, the same commit\\"
RUNS_UNKNOWN = "**Runs now:** not known ({reason}), so there is nothing to compare with\\"
RUNS_PREVIOUS = "**Runs now:** {served}\\"
CHECKED = "✅ `script/test` passed on this commit\\"
UNCHECKED = "not run again: a rollback goes to a release that was verified in production before\\"
UNKNOWN_RELEASE = "the release before the one that runs"
QUIET = "Nothing unusual"
ODD = "⚠️ Unusual"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another run that waits for its approval; `included` when its commit is part of what this one deploys."""

    number: int
    url: str
    sha: str
    included: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """All that the page tells. `sha` is None for a rollback to whatever ran before; `served` None when not known."""

    verb: str
    sha: str | None
    served: str | None
    not_served_because: str
    changes: Changes | None
    checked: bool
    reviewers: tuple[str, ...]
    waiting: tuple[Waiting, ...]
    warnings: tuple[str, ...]
    server: str
    repository: str


def render(plan: Plan) -> str:
    """Render the page."""
    odd = oddities(plan)
    return PAGE.format(
        headline=LEDE[plan.verb].format(release=f"`{plan.sha[:12]}`" if plan.sha else UNKNOWN_RELEASE),
        against=_against(plan),
        checks=CHECKED if plan.checked else UNCHECKED,
        reviewers=", ".join(code(name, limit=AUTHOR_LIMIT) for name in plan.reviewers),
        oddities_title=ODD if odd else QUIET,
        oddities="\n" + "".join(f"- {line}\n" for line in odd) if odd else "",
        lists=_lists(plan),
    )


def oddities(plan: Plan) -> list[str]:
    """Say what is unusual about the plan, the worst first."""
    odd = [warning.replace("\n", " ") for warning in plan.warnings]
    if plan.changes is not None:
        odd += _odd_history(plan, plan.changes) + _odd_files(plan.changes)
    odd += [_odd_wait(waiting) for waiting in plan.waiting]
    return odd


def _odd_history(plan: Plan, changes: Changes) -> list[str]:
    odd = []
    if changes.removed and changes.added:
        odd.append(f"It leaves the line of what runs: {_count(changes.removed, 'commit')} that run now are not in it.")
    elif changes.removed:
        odd.append(f"It is **older** than what runs: {_count(changes.removed, 'commit')} go out of production.")
    if plan.sha == plan.served:
        odd.append("It runs already: this deploys the same commit again.")
    return odd


def _odd_files(changes: Changes) -> list[str]:
    says = {
        Area.DROPLET: "**The droplet's side changes** ({files}): run `./deploy.sh setup`, which installs it.",
        Area.DEPLOY: "**The deploy itself changes** ({files}).",
        Area.WORKFLOW: "**The workflows change** ({files}).",
        Area.DEPENDENCIES: "**Dependencies change** ({files}).",
    }
    grouped = changes.files_by_area()
    return [text.format(files=_names(grouped[area], 3)) for area, text in says.items() if area in grouped]


def _odd_wait(waiting: Waiting) -> str:
    run = f"[run {waiting.number}]({waiting.url}) (`{waiting.sha[:12]}`)"
    if waiting.included:
        return f"It skips a release that waits for approval, {run}: that one is contained in this; reject it."
    return f"A newer release waits for approval too: {run}."


def _against(plan: Plan) -> str:
    if plan.served is None:
        return RUNS_UNKNOWN.format(reason=code(plan.not_served_because, limit=200))
    served = f"[`{plan.served[:12]}`]({plan.server}/{plan.repository}/commit/{plan.served})"
    if plan.sha is None or plan.changes is None:
        return RUNS_PREVIOUS.format(served=served)
    if plan.sha == plan.served:
        return RUNS_THE_SAME.format(served=served)
    amount = f"{_count(plan.changes.added or plan.changes.removed, 'commit')}, {_count(plan.changes.files, 'file')}"
    return RUNS.format(
        served=served,
        server=plan.server,
        repository=plan.repository,
        before=plan.served,
        after=plan.sha,
        amount=amount,
    )


def _lists(plan: Plan) -> str:
    if plan.changes is None:
        return ""
    text = ""
    for title, commits in (("Goes out", plan.changes.added), ("Is taken back", plan.changes.removed)):
        if commits:
            shown = "".join(_commit(plan, commit) for commit in commits[:SHOWN_COMMITS])
            text += f"\n### {title}: {_count(commits, 'commit')}\n\n{shown}{_more(commits, SHOWN_COMMITS)}"
    grouped = plan.changes.files_by_area()
    if grouped:
        rows = "".join(
            f"- **{area}** ({len(paths)}): {_names(paths, SHOWN_FILES)}\n" for area, paths in grouped.items()
        )
        text += f"\n### Touches {_count(plan.changes.files, 'file')}\n\n{rows}"
    return text


def _commit(plan: Plan, commit: Commit) -> str:
    link = f"[`{commit.sha[:7]}`]({plan.server}/{plan.repository}/commit/{commit.sha})"
    return f"- {link} {code(commit.subject, limit=SUBJECT_LIMIT)} by {code(commit.author, limit=AUTHOR_LIMIT)}\n"


def _names(paths: Sequence[str], limit: int) -> str:
    shown = ", ".join(code(path, limit=PATH_LIMIT) for path in paths[:limit])
    return shown + (f" and {len(paths) - limit} more" if len(paths) > limit else "")


def _more(things: Sequence[object], limit: int) -> str:
    return f"- and {len(things) - limit} more\n" if len(things) > limit else ""


def _count(things: Sequence[object], noun: str) -> str:
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"
