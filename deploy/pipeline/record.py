"""Record a finished deploy as a GitHub release with generated notes; never fails the run.

Reads RELEASE_SHA, the SHA that is served, and the runner's environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from booty.observability.text.untrusted import code
from deploy.pipeline.command_line import run
from deploy.pipeline.exit_codes import ExitCode
from deploy.pipeline.github.actions import tell
from deploy.pipeline.github.rest import GitHub, GitHubAnswer
from deploy.pipeline.release import SHA, name_of
from deploy.pipeline.target import Target

NOT_RECORDED = """The deploy to `{target}` succeeded, but its GitHub release was not made ({problem}).
Make it by hand: gh release create {name} --target {sha} --generate-notes"""
THERE_ALREADY = "GitHub already has the release {name}: it was deployed before."


def record(github: GitHub, sha: str, *, target: Target) -> tuple[Literal["notice", "warning"], str]:
    """Create the release `booty@<sha>`; return what to report."""
    name = name_of(sha)
    body = {"tag_name": name, "target_commitish": sha, "name": name, "generate_release_notes": True}
    try:
        release = github.post("releases", body)
    except GitHubAnswer as answer:
        if _is_there_already(answer):
            return "notice", THERE_ALREADY.format(name=name)
        return "warning", NOT_RECORDED.format(target=target.name, problem=code(str(answer)), name=name, sha=sha)
    url = release.get("html_url") if isinstance(release, dict) else None
    return "notice", f"GitHub release: {url or name}"


def _is_there_already(answer: GitHubAnswer) -> bool:
    errors = answer.body.get("errors") if isinstance(answer.body, dict) else None
    return any(isinstance(error, dict) and error.get("code") == "already_exists" for error in errors or [])


def main(environment: Mapping[str, str], target: Target) -> ExitCode:
    """Record the release; `FAILED` only for a SHA that is not one, which is a mistake in the workflow."""
    sha = environment["RELEASE_SHA"]
    if not SHA.fullmatch(sha):
        tell(environment, "error", f"RELEASE_SHA is not a full commit SHA: {sha!r}")
        return ExitCode.FAILED
    tell(environment, *record(GitHub.from_environment(environment), sha, target=target))
    return ExitCode.DONE


if __name__ == "__main__":
    run(main, program="record", description=__doc__)
