"""The benchmark behind `script/bench`, whose header says what it takes."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import time
from collections.abc import Sequence

from callers import Callers
from comparison import Comparison
from figures import NotTaken
from parts import DJANGO, MIDDLE, PARTS, SMALL, UNIQUE, Bench, NotMeasured
from pretend_github import Pace, PretendGitHub
from report import Report
from servers import STATE, NotUp

WORDS = {*PARTS, *(word for _, loads in PARTS.values() for load in loads for word in load.name.split(", "))}
MEASURED, WRONG, UNAVAILABLE, INTERRUPTED = 0, 1, 69, 130


def main() -> int:
    """Run it; return the exit code. SIGTERM, or the end of the terminal, ends it as Ctrl-C does."""
    options = _options()
    report = Report(is_json=options.json)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    shutil.rmtree(STATE, ignore_errors=True)
    STATE.mkdir(parents=True)
    try:
        return _measured(options, report)
    except KeyboardInterrupt:
        report.say("interrupted; the rows so far hold")
        return INTERRUPTED
    except NotUp as error:
        report.say(str(error))
        return UNAVAILABLE


def _measured(options: argparse.Namespace, report: Report) -> int:
    begun_at, load_before, missing = time.monotonic(), os.getloadavg()[0], 0
    if load_before > (os.cpu_count() or 1) / 2:
        report.say(f"the machine is not quiet (load {load_before:.1f}): ratios of CPU hold, those of rates hardly")
    report.progress("starting the callers")
    with Callers() as callers, PretendGitHub(Pace.HANGING) as github:
        comparison = Comparison(callers, report, options.rounds, options.seconds)
        bench = Bench(comparison, options.fingerprints, github.environ)
        for name, (part, loads) in PARTS.items():
            wanted = [load for load in loads if _is_wanted(options.only, f"{name}, {load.name}")]
            if not wanted and (loads or not _is_wanted(options.only, name)):
                continue
            report.progress(f"{name}: starting")
            try:
                part(bench, wanted)
            except NotMeasured as error:
                missing += 1
                report.say(f"NOT MEASURED: {name}: {error}")
            except NotTaken as error:
                comparison.wrong += 1
                report.say(f"WRONG: {name}: {error}")
    facts = {
        "load before": round(load_before, 1),
        "load after": round(os.getloadavg()[0], 1),
        "cores": os.cpu_count(),
        "rounds": options.rounds,
        "seconds a turn": options.seconds,
        "took seconds": round(time.monotonic() - begun_at),
        **{f"bytes of {body.name}": body.size for body in (SMALL, MIDDLE, DJANGO, UNIQUE)},
    }
    for fact, value in facts.items():
        report.row({"part": "run", "figure": fact, "is": value})
    return WRONG if comparison.wrong else UNAVAILABLE if missing and options.only else MEASURED


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench", add_help=False)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", nargs="+", default=[], metavar="WORDS")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--fingerprints", type=int, default=0)
    options = parser.parse_args()
    if unknown := {word for words in options.only for word in words.split(",")} - WORDS:
        parser.error(f"--only: unknown: {', '.join(sorted(unknown))}; known: {', '.join(sorted(WORDS))}")
    if min(options.rounds, options.seconds, options.fingerprints) < 0:
        parser.error("a number below zero")
    usual = (1, 0.5, 100_000) if options.quick else (3, 1.2, 1_000_000)
    options.rounds, options.seconds = options.rounds or usual[0], options.seconds or usual[1]
    options.fingerprints = options.fingerprints or usual[2]
    return options


def _is_wanted(only: Sequence[str], case: str) -> bool:
    return not only or any(set(words.split(",")) <= set(case.split(", ")) for words in only)


if __name__ == "__main__":
    raise SystemExit(main())
