"""How a run of the workflow under act ended, read from its JSON log."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """How a run of the workflow ended. `jobs` maps a job's id to success, failure or skipped.

    Assert on `summaries` and `outputs`, which act reads from files. The last lines of a step's own output can be
    missing from `log`: act runs a step on a terminal, and what it has not read is lost when the step ends.
    """

    exit_code: int
    log: str
    jobs: dict[str, str]
    summaries: dict[str, str]
    outputs: dict[str, str]


def read_run(exit_code: int, log: str) -> Run:
    """Read act's JSON log."""
    run = Run(exit_code, log, {}, {}, {})
    for line in log.splitlines():
        if not line.startswith("{"):
            continue
        entry = json.loads(line)
        job, command = entry.get("jobID", ""), entry.get("command")
        if "jobResult" in entry:
            run.jobs[job] = entry["jobResult"]
        if command == "summary":
            run.summaries[job] = run.summaries.get(job, "") + entry["content"]
        elif command == "set-output":
            run.outputs[entry["name"]] = entry["arg"]
    return run
