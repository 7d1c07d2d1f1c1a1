"""The benchmark behind `script/bench`: how fast alerts are acknowledged, against two views: no-op, and by hand.

Everything runs on this machine: the service as gunicorn.conf.py sets it up, callers in two processes, a stand-in for
GitHub. A round begins and ends with the no-op view, whose mean rate the round's ratios refer to.

exit codes: 0 measured; 1 an alert was not answered as it should be
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import measures
import shared
import slow_bodies
from bodies import django, middle, small
from callers import Answers, Load, call
from pretend_github import Pace, PretendGitHub
from support.service import ROOT, Service

STATE = ROOT / "var" / "bench"
CALLERS = 32
HOSTILE = 6
LARGEST = 24
"""Bodies of two MiB at once."""
SENTRYS_PATIENCE = 1_000.0
"""Milliseconds."""
FINGERPRINTS = 1_000_000
HEADINGS = (
    "what",
    "body",
    "connections",
    "GitHub",
    "ack/s",
    "of no-op",
    "of by hand",
    "of file",
    "p50 ms",
    "p99 ms",
    "max ms",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a case, and its figures against the no-op view of its round."""

    what: str
    body: str
    connections: str
    github: str
    answers: Answers
    noop: float | None = None
    by_hand: float | None = None
    file: float | None = None

    @property
    def ratio(self) -> str:
        """The rate, as a share of the no-op view's, where that says something."""
        return f"{self.answers.rate / self.noop:.2f}" if self.noop else "-"

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as text."""
        times = (self.answers.percentile(share) for share in (0.5, 0.99, 1.0))
        others = (f"{self.answers.rate / rate:.2f}" if rate else "-" for rate in (self.by_hand, self.file))
        figures = (f"{self.answers.rate:.0f}", self.ratio, *others, *(f"{time:.0f}" for time in times))
        return (self.what, self.body, self.connections, self.github, *figures)


@dataclass(frozen=True, slots=True)
class Bench:
    """One run of the benchmark: for how long each case is measured, with how many fingerprints in a full ledger."""

    seconds: float
    fingerprints: int

    def rounds(self) -> Iterator[Row]:
        """Measure no-op, distinct alerts and a storm, for each body, kind of connection and pace of GitHub."""
        for body in (django(), middle(), small()):
            for is_kept_alive in (True, False):
                load = Load(0, body, is_storm=False, is_kept_alive=is_kept_alive, callers=CALLERS, seconds=self.seconds)
                yield from self._round(load)

    def _round(self, load: Load) -> Iterator[Row]:
        before = self._noop(load)
        loads = {what: replace(load, is_storm=what == "storm") for what in ("distinct", "storm")}
        by_hand = {what: self._by_hand(each) for what, each in loads.items()}
        cases = [(what, pace, self._service(each, pace)) for what, each in loads.items() for pace in Pace]
        after = self._noop(load)
        noop = (before.rate + after.rate) / 2
        names = (load.body.name, "kept" if load.is_kept_alive else "new")
        yield from (Row("no-op", *names, "-", answers, noop) for answers in (before, after))
        yield from (Row(f"{what}, by hand", *names, "-", answers, noop) for what, answers in by_hand.items())
        yield from (Row(what, *names, pace, answers, noop, by_hand[what].rate) for what, pace, answers in cases)

    def one_core(self) -> Iterator[Row]:
        """Measure with everything, callers and all, on one core."""
        cores = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(cores)})  # what is started from here on inherits it, as with taskset(1)
        try:
            load = Load(0, django(), is_storm=False, is_kept_alive=False, callers=CALLERS, seconds=self.seconds)
            yield from (replace(row, what=f"{row.what}, one core") for row in self._round(load))
        finally:
            os.sched_setaffinity(0, cores)

    def ledgers(self) -> Iterator[Row]:
        """Measure distinct alerts with an empty ledger and with a full one, in turn, twice."""
        load = Load(0, django(), is_storm=False, is_kept_alive=True, callers=CALLERS, seconds=self.seconds)
        noop = self._noop(load).rate
        full = STATE / "full"
        measures.fill(full, self.fingerprints)
        for _ in range(2):
            for name, source in (("empty ledger", None), (f"{self.fingerprints:,} fingerprints", full)):
                yield Row(name, "django", "kept", "fast", self._service(load, Pace.FAST, filled=source), noop)

    def shared(self) -> Iterator[Row]:
        """Measure distinct alerts with the ledger in a file, then in PostgreSQL with one and two receivers, twice."""
        if not shared.is_there():
            say("NOT MEASURED: a shared ledger. That needs PostgreSQL (apt-get install postgresql).")
            return
        load = Load(0, small(), is_storm=False, is_kept_alive=False, callers=CALLERS, seconds=self.seconds)
        noop = self._noop(load).rate
        with shared.database() as server:
            for _ in range(2):
                file = self._service(load, Pace.HANGING)
                yield Row("ledger in a file", "small", "new", Pace.HANGING, file, noop)
                for number in (1, 2):
                    name = f"PostgreSQL, {number} receiver{'s' * (number - 1)}"
                    say(name)
                    states = [STATE / f"shared-{number}-{each}" for each in range(number)]
                    for state in states:
                        shutil.rmtree(state, ignore_errors=True)
                    with PretendGitHub(Pace.HANGING) as github:
                        answers = shared.called(load, server, states, github.environ)
                    yield Row(name, "small", "new", Pace.HANGING, answers, noop, file=file.rate)

    def slow_disk(self) -> Iterator[Row]:
        """Measure with 3 ms added to each fsync, while GitHub hangs."""
        library = measures.slow_disk(STATE)
        if library is None:
            say("NOT MEASURED: a slow disk. That needs a C compiler (apt-get install gcc).")
            return
        load = Load(0, django(), is_storm=False, is_kept_alive=True, callers=CALLERS, seconds=self.seconds)
        noop = self._noop(load).rate
        for what in ("distinct", "storm"):
            for is_kept_alive in (True, False):
                case = replace(load, is_storm=what == "storm", is_kept_alive=is_kept_alive)
                answers = self._service(case, Pace.HANGING, preload=library)
                kept = "kept" if is_kept_alive else "new"
                yield Row(f"{what}, fsync + 3 ms", "django", kept, Pace.HANGING, answers, noop)

    def hostile(self) -> Iterator[Row]:
        """Measure an honest alert every 100 ms, alone and beside six senders of the slowest body there is."""
        kind, slowest = slow_bodies.slowest()
        say(f"hostile: the slowest kind is {kind}")
        load = Load(0, slowest, is_storm=False, is_kept_alive=False, callers=HOSTILE, seconds=self.seconds)
        for name, beside in (("honest, alone", None), ("honest, beside hostile", load)):
            say(name)
            with PretendGitHub(Pace.FAST) as github, _running("service", github.environ) as service:
                answers = measures.honest(
                    service, django(), beside and replace(beside, port=service.port), self.seconds
                )
            yield Row(name, "django", "new", "fast", answers)

    def at_rest(self) -> dict[str, float]:
        """Measure memory before and after a load, and an alert's way to its issue."""
        body = django()
        with PretendGitHub(Pace.FAST) as github, _running("rest", github.environ) as service:
            waits = measures.way_to_the_issue(service, github, body)
            fresh = measures.memory(service)
            load = Load(service.port, body, is_storm=False, is_kept_alive=True, callers=CALLERS, seconds=self.seconds)
            call(load)
            loaded = measures.memory(service)
            return {
                "memory_mib_at_rest": round(fresh, 1),
                "memory_mib_after_load": round(loaded, 1),
                "memory_mib_at_most": round(measures.memory_at_most(service, slow_bodies.largest(LARGEST)), 1),
                "issue_after_ms_median": round(waits[len(waits) // 2], 1),
                "issue_after_ms_max": round(waits[-1], 1),
            }

    def _noop(self, load: Load) -> Answers:
        return self._yardstick("noop", load)

    def _by_hand(self, load: Load) -> Answers:
        return self._yardstick("by_hand", load)

    def _yardstick(self, module: str, load: Load) -> Answers:
        say(f"{module}, {'storm' if load.is_storm else 'distinct'}, {load.body.name}")
        environ = {"PYTHONPATH": f"{ROOT}:{ROOT / 'bench'}"}
        with _running(module, environ, arguments=(f"{module}:app",)) as service:
            return call(replace(load, port=service.port))

    def _service(self, load: Load, pace: Pace, *, filled: Path | None = None, preload: Path | None = None) -> Answers:
        kind = "storm" if load.is_storm else "distinct"
        say(f"{kind}, {load.body.name}, {'kept' if load.is_kept_alive else 'new'}, GitHub {pace}")
        extra = {"LD_PRELOAD": str(preload)} if preload else {}
        with PretendGitHub(pace) as github, _running("service", github.environ | extra, filled=filled) as service:
            return call(replace(load, port=service.port))


@contextmanager
def _running(
    name: str, environ: dict[str, str], *, arguments: tuple[str, ...] = (), filled: Path | None = None
) -> Iterator[Service]:
    """Run a service on a new state directory, or on a copy of one that is filled."""
    state = STATE / name
    shutil.rmtree(state, ignore_errors=True)
    if filled is not None:
        shutil.copytree(filled, state)
        os.sync()  # the copy's own writing must not be measured
    with Service(state, environ, arguments=arguments) as service:
        yield service


def say(words: str) -> None:
    """Report on stderr what is being done."""
    print(f"bench: {words}", file=sys.stderr, flush=True)


def table(rows: list[Row]) -> str:
    """Return the rows as a Markdown table, readable as text."""
    lines = [HEADINGS, *(row.cells for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    texts = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    return "\n".join([texts[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *texts[1:]])


def is_sound(row: Row) -> bool:
    """Return whether every alert was acknowledged: 202, or 200 in a storm; an honest one within Sentry's second."""
    if row.what.startswith("honest") and row.answers.percentile(1.0) > SENTRYS_PATIENCE:
        return False
    return set(row.answers.statuses) <= ({200, 202} if row.what.startswith("storm") else {202})


def main() -> int:
    """Run it; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="script/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="1 s a case and 10,000 fingerprints: a glance, no figures")
    parser.add_argument("--json", action="store_true", help="print the figures for a machine")
    options = parser.parse_args()
    bench = Bench(1.0, 10_000) if options.quick else Bench(3.0, FINGERPRINTS)
    shutil.rmtree(STATE, ignore_errors=True)
    STATE.mkdir(parents=True)
    begun_at, load_before = time.monotonic(), os.getloadavg()[0]
    rows = [*bench.rounds(), *bench.one_core(), *bench.ledgers(), *bench.shared(), *bench.slow_disk(), *bench.hostile()]
    rest = (
        bench.at_rest()
        | {
            "machine_load_before": round(load_before, 2),
            "cores": float(os.cpu_count() or 0),
            "took_seconds": round(time.monotonic() - begun_at),
        }
        | {f"cpu_ms_{name}": round(spent, 1) for name, spent in slow_bodies.costliest()}
        | {f"body_bytes_{body.name}": body.size for body in (django(), middle(), small())}
    )
    if options.json:
        named = [dict(zip(HEADINGS, row.cells, strict=True)) | {"statuses": row.answers.statuses} for row in rows]
        print(json.dumps({"rows": named} | rest))
    else:
        print(table(rows), *(f"{name}: {figure}" for name, figure in rest.items()), sep="\n")
    for row in (wrong := [row for row in rows if not is_sound(row)]):
        say(f"WRONG answers: {' '.join(row.cells[:4])}: {row.answers.statuses}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
