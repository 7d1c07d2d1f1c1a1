"""How a run of the workflow under act ended, read from its JSON log."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """How a run of the workflow ended. `jobs` maps a job's id to success, failure or skipped.

    The jobs of staging have `staging/` before their id. What comes after a called workflow that failed never runs under
    act, whatever its `if` says.

    Assert on `summaries` and `outputs`, which act reads from files. The last lines that a step prints are missing from
    `log` now and then: in 4 of 40 runs on a busy machine, why is not known.
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
        if entry.get("job", "").startswith("staging/"):
            job = f"staging/{job}"
        if "jobResult" in entry:
            run.jobs[job] = entry["jobResult"]
        if command == "summary":
            run.summaries[job] = run.summaries.get(job, "") + entry["content"]
        elif command == "set-output":
            run.outputs[entry["name"]] = entry["arg"]
    return run
