"""The outcome of a deploy, in words for the person who must act on it.

Pure: an exit code or the SHA that is served in, `Outcome` and its Markdown out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from booty.observability.text.redaction import redact
from booty.observability.text.untrusted import code, fence
from deploy.pipeline.exit_codes import ExitCode
from deploy.pipeline.target import PRODUCTION, Target

SHOWN_LINES = 40
LINE_LIMIT = 300

FAILED = """Read the last lines below: they name the stage, the cause and the next step.
(After a first deploy there is no old release: they say what is serving.)
Nothing has to be cleaned up by hand."""
PAGE_SOMEONE = """**Page someone now.** From a laptop: `{command} status` and `{command} logs`, then
`{command} rollback SHA` to a release that `{command} releases` lists."""
LOCKED = "The last lines say whose deploy that is, and since when. Start this one again when that one has ended."
REFUSED = """It is older than the running release, or was superseded while it waited for approval. To go back on
purpose: Actions > deploy > Run workflow, release `previous`, or the SHA while the public address shows what runs; or
`{command} rollback SHA` from a laptop."""
UNREACHABLE = """Compare the host's key with the variable `DEPLOY_KNOWN_HOSTS`, then check `DEPLOY_HOST`, `DEPLOY_PORT`,
`DEPLOY_USER`, the firewall, and that the public half of `DEPLOY_SSH_KEY` is installed. If the host's key changed and
nobody rebuilt the host, do not deploy: someone may be intercepting the connection."""
USAGE = """The last lines name it. Correct the variables of the Environment `{target}` (docs/approving.md), then
run the job again."""
BAD_UPLOAD = "The last lines say what is wrong with it. If it was cut off, run the job again."
MISSING = "The last lines name it. `{command} releases` lists the releases that the droplet keeps."
INTERRUPTED = """The run was cancelled part-way. The droplet finishes or undoes by itself what it began;
`{command} status` says what runs."""
ELSEWHERE = """The release proved itself on the droplet, so the cause is nginx, DNS or a wrong `SERVER_NAME`: {seen}.
`{command} status` says what the droplet serves; `{command} rollback` goes back."""
SERVES = """{url} names it, asked from outside.
To undo it: {way_back}."""
UNSEEN = """The droplet serves it, nothing was rolled back. The last lines say in curl's words why the runner cannot see
the public address (DNS, a proxy, a certificate): look at `/health` from elsewhere."""
UNKNOWN = "`{command} status` says what runs."

NOT_DEPLOYED = {
    ExitCode.FAILED: ("❌ Not deployed: the old release goes on serving", FAILED),
    ExitCode.ROLLBACK_FAILED: ("🚨 The rollback failed too: {target} may be down", PAGE_SOMEONE),
    ExitCode.UNSEEN: ("⚠️ Deployed to {target}, but nobody can see it from the runner", UNSEEN),
    ExitCode.USAGE: ("❌ Not deployed: an argument is wrong", USAGE),
    ExitCode.BAD_UPLOAD: ("❌ Not deployed: the upload cannot be used", BAD_UPLOAD),
    ExitCode.MISSING: ("❌ Not deployed: the release, or a file it needs, is not there", MISSING),
    ExitCode.LOCKED: ("❌ Not deployed: another deploy holds the lock", LOCKED),
    ExitCode.REFUSED: ("❌ Not deployed: the droplet refused this release", REFUSED),
    ExitCode.INTERRUPTED: ("❌ Interrupted: the droplet decides the outcome", INTERRUPTED),
    ExitCode.TERMINATED: ("❌ Interrupted: the droplet decides the outcome", INTERRUPTED),
    ExitCode.UNREACHABLE: ("❌ Not deployed: the droplet could not be reached by ssh", UNREACHABLE),
}
"""Headline and advice for every exit code of ./deploy.sh but 0."""
PAGE = """## {headline}

{advice}

{approver}<details><summary>The last lines of ./deploy.sh</summary>

{lines}

</details>
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended. `exit_code` is the step's; `advice` is Markdown."""

    headline: str
    advice: str
    exit_code: int
    level: Literal["notice", "warning", "error"] = "error"
    """Of the annotation that GitHub shows."""


def read_exit(exit_code: int, *, target: Target) -> Outcome:
    """Put an exit code of `./deploy.sh`, other than 0, into words; one that nobody documented keeps its number."""
    headline, advice = f"❌ Failed with the undocumented exit code {exit_code}", UNKNOWN
    if exit_code in NOT_DEPLOYED:
        headline, advice = NOT_DEPLOYED[ExitCode(exit_code)]
    headline = headline.format(target=target.name)
    advice = advice.format(target=target.name, command=target.command)
    if exit_code == ExitCode.UNSEEN:  # it serves: a red step would say that nothing was deployed, and leave no record
        return Outcome(headline, advice, ExitCode.DONE, level="warning")
    return Outcome(headline, advice, exit_code)


def serves(sha: str, *, url: str, target: Target) -> Outcome:
    """Report that the public address serves `sha`."""
    return Outcome(
        f"✅ `{sha[:12]}` runs in {target.name}",
        SERVES.format(url=url, way_back=target.way_back),
        ExitCode.DONE,
        level="notice",
    )


def serves_something_else(seen: str, *, target: Target = PRODUCTION) -> Outcome:
    """Report that the droplet succeeded and the public address shows otherwise; `seen` is untrusted."""
    headline = "❌ The droplet finished, but the public address does not serve it"
    return Outcome(headline, ELSEWHERE.format(seen=code(seen, limit=300), command=target.command), ExitCode.FAILED)


def render(outcome: Outcome, *, approver: str, lines: list[str]) -> str:
    """Render the summary; `lines`, at most `SHOWN_LINES` of them, are untrusted."""
    return PAGE.format(
        headline=outcome.headline,
        advice=outcome.advice,
        approver=f"Approved by {code(approver, limit=100)}.\n\n" if approver else "",
        lines=fence(
            "\n".join(redact(line)[:LINE_LIMIT] for line in lines), limit=SHOWN_LINES * LINE_LIMIT, lines=SHOWN_LINES
        ),
    )
