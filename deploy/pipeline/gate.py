"""Say what is weak about the way to a release, from a clone: run it once the gate is set up.

Reads what the workflow's runner would set: GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_SHA (the newest commit of main),
GITHUB_TOKEN. Ends with `FAILED` when it finds something. The approval page warns of the same under *Unusual*.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.pipeline.command_line import run
from deploy.pipeline.exit_codes import ExitCode
from deploy.pipeline.github.actions import Refused
from deploy.pipeline.github.rest import GitHub
from deploy.pipeline.plan import check_gate
from deploy.pipeline.planning.clone import Clone
from deploy.pipeline.planning.ownership import find_unguarded
from deploy.pipeline.target import Target

NOTHING = "Nothing weak was found about the gate of {target}, or about who may change the deploy.\n"


def main(environment: Mapping[str, str], target: Target) -> ExitCode:
    """Print what is weak, one thing a line."""
    github = GitHub.from_environment(environment)
    try:
        found = check_gate(github, target=target).warnings(actor="", target=target)
    except Refused as refusal:
        found = [str(refusal)]
    found += find_unguarded(github, clone=Clone(Path.cwd()), main=environment["GITHUB_SHA"])
    lines = "".join("- " + text.replace("\n", " ") + "\n" for text in found)
    sys.stdout.write(lines or NOTHING.format(target=target.name))
    return ExitCode.FAILED if found else ExitCode.DONE


if __name__ == "__main__":
    run(main, program="gate", description=__doc__)
