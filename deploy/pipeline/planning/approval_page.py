"""The approval page: what an approver reads before approving a release.

Pure: a `Plan` in, Markdown out. It is meant to be read in twenty seconds: what, against what, what is unusual about it,
how to undo it; the lists come last. Every text from outside is shown as code, so that it is neither a link, nor a
mention, nor Markdown.
"""

from __future__ import annotations

from booty.observability.text.untrusted import code
from deploy.pipeline.planning.changes import Commit
from deploy.pipeline.planning.risks import Plan, find_risks
from deploy.pipeline.planning.staged import Staged
from deploy.pipeline.planning.wording import count, more, names, number
from deploy.pipeline.target import STAGING

SHOWN_COMMITS = 10
SHOWN_FILES = 6
SUBJECT_LIMIT = 100
AUTHOR_LIMIT = 40

PAGE = """{caution}## {headline}

{against}{staged}
**Checks:** {checks}
**Who can approve:** {reviewers}\\{written_by}
**To undo it:** {way_back}

### {risks_title}
{risks}{lists}"""
WRITTEN_BY = "\n**This page is by:** the programs of [`{programs}`]({link}), which was approved before\\"
CAUTION = """> [!CAUTION]
> **The programs that write this page were not approved before**: {reason}. They are those of
> [`{programs}`]({link}), which may be what they describe. Read the changes themselves before you approve.

"""
NOT_APPROVED = {
    "none": "neither the public address nor GitHub names a release that was deployed",
    "unknown": "the release that runs is not a commit of main",
    "too old": "those of the release that runs do not understand this workflow",
}
NOT_SAID = "the workflow does not say whose they are"
HEADLINES = {
    "deploy": "Deploy {release} to {target}",
    "rollback": "Roll {target} back to {release}",
}
RUNS = "**Runs now:** {served} · [compare]({comparison}) · {amount}\\"
RUNS_THE_SAME = "**Runs now:** {served}, the same commit\\"
RUNS_UNKNOWN = "**Runs now:** not known ({reason}), so there is nothing to compare it with\\"
RUNS_PREVIOUS = "**Runs now:** {served}\\"
STAGED = "\n**On {staging}:** healthy, since {since}{replaced}; {alerts} when this was written\\"
SINCE_UNKNOWN = "when is not known"
REPLACED = " until `{sha}`, which contains it, took its place"
ALERTS = "{alerts} had come from there"
ALERTS_UNKNOWN = "how many alerts had come from there is not known"
CHECKED = "✅ `script/test` passed on this commit\\"
UNCHECKED = "not run again: a rollback goes to a release that already ran in {target}\\"
UNKNOWN_RELEASE = "the release before the running one"
NOBODY = "nobody has to"
QUIET = "Nothing unusual"
UNUSUAL = "⚠️ Unusual"


def render(plan: Plan) -> str:
    """Render the page."""
    risks = find_risks(plan)
    release = f"`{plan.sha[:12]}`" if plan.sha else UNKNOWN_RELEASE
    caution, written_by = _programs(plan)
    return PAGE.format(
        caution=caution,
        written_by=written_by,
        headline=HEADLINES[plan.verb].format(release=release, target=plan.target.name),
        against=_against(plan),
        staged=_staged(plan.staged) if plan.staged else "",
        checks=(CHECKED if plan.checked else UNCHECKED).format(target=plan.target.name),
        way_back=plan.target.way_back,
        reviewers=", ".join(code(name, limit=AUTHOR_LIMIT) for name in plan.reviewers) or NOBODY,
        risks_title=UNUSUAL if risks else QUIET,
        risks="\n" + "".join(f"- {line}\n" for line in risks) if risks else "",
        lists=_lists(plan),
    )


def _programs(plan: Plan) -> tuple[str, str]:
    """Return what stands on top of the page, and what at the end of its head: one of them is empty."""
    shown = {"programs": plan.programs[:12], "link": plan.links.commit(plan.programs)}
    if plan.programs_are == "approved":
        return "", WRITTEN_BY.format(**shown)
    return CAUTION.format(reason=NOT_APPROVED.get(plan.programs_are, NOT_SAID), **shown), ""


def _against(plan: Plan) -> str:
    if plan.served is None:
        return RUNS_UNKNOWN.format(reason=code(plan.not_served_because, limit=200))
    served = f"[`{plan.served[:12]}`]({plan.links.commit(plan.served)})"
    if plan.sha is None or plan.changes is None:
        return RUNS_PREVIOUS.format(served=served)
    if plan.sha == plan.served:
        return RUNS_THE_SAME.format(served=served)
    amount = f"{count(plan.changes.added or plan.changes.removed, 'commit')}, {count(plan.changes.files, 'file')}"
    return RUNS.format(
        served=served,
        comparison=plan.links.comparison(before=plan.served, after=plan.sha),
        amount=amount,
    )


def _staged(staged: Staged) -> str:
    since = f"{staged.since[:16].replace('T', ' ')} UTC" if staged.since else SINCE_UNKNOWN
    known = staged.alerts is not None
    return STAGED.format(
        staging=STAGING.name,
        since=since,
        replaced=REPLACED.format(sha=staged.replaced_by[:12]) if staged.replaced_by else "",
        alerts=ALERTS.format(alerts=number(staged.alerts or 0, "alert")) if known else ALERTS_UNKNOWN,
    )


def _lists(plan: Plan) -> str:
    if plan.changes is None:
        return ""
    text = ""
    for title, commits in (("Will be deployed", plan.changes.added), ("Will be rolled back", plan.changes.removed)):
        if commits:
            shown = "".join(_commit(plan, commit) for commit in commits[:SHOWN_COMMITS])
            text += f"\n### {title}: {count(commits, 'commit')}\n\n{shown}{more(commits, limit=SHOWN_COMMITS)}"
    grouped = plan.changes.files_by_area()
    if grouped:
        rows = "".join(
            f"- **{area}** ({len(paths)}): {names(paths, limit=SHOWN_FILES)}\n" for area, paths in grouped.items()
        )
        text += f"\n### Changes {count(plan.changes.files, 'file')}\n\n{rows}"
    return text


def _commit(plan: Plan, commit: Commit) -> str:
    link = f"[`{commit.sha[:7]}`]({plan.links.commit(commit.sha)})"
    return f"- {link} {code(commit.subject, limit=SUBJECT_LIMIT)} by {code(commit.author, limit=AUTHOR_LIMIT)}\n"
