"""What is measured, part by part: which variants are up, how they are called, what they are compared with."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from statistics import median

import figures
import slow_bodies
from bodies import Body, django, middle, small, unique
from callers import Load
from comparison import Comparison, Turn
from comparison import figures as figures_of
from full_ledger import fill
from pretend_github import Pace, PretendGitHub
from report import Cell
from servers import STATE, Server, Variant, slow_disk
from support import postgres

NOOP, BY_HAND, SERVICE = "no-op", "by hand", "service"
APPS = {NOOP: "noop", BY_HAND: "by_hand", SERVICE: ""}
HOSTILE = 6
HONEST_TURNS = 3
"""An honest alert comes every 100 ms, so that it takes longer than a turn to see some."""
SENTRYS_PATIENCE = 1_000.0
"""Milliseconds."""


class NotMeasured(Exception):
    """Something that it needs is not there; says what."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What all parts need: `environ` is of a service whose GitHub never answers."""

    comparison: Comparison
    fingerprints: int
    environ: Mapping[str, str]

    def compare(self, part: str, loads: Sequence[Load], variants: Sequence[Variant], *yardsticks: str) -> None:
        """Compare variants that were just started, under each of the loads."""
        self.comparison.warm(loads[0], variants)
        for load in loads:
            self.comparison.run(part, load, variants, yardsticks)

    def progress(self, words: str) -> None:
        """Show what is being done."""
        self.comparison.report.progress(words)


@contextmanager
def up(*servers: Server) -> Iterator[list[Variant]]:
    """Start servers, all at once, each a variant of its own. Raises `NotUp`."""
    with ExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(len(servers)))  # a server ends with the thread that started it
        for server in servers:
            stack.push(server)
        yield [Variant(server.name, [server]) for server in threads.map(Server.__enter__, servers)]


def three(environ: Mapping[str, str]) -> list[Server]:
    """Return no-op, by hand and the service."""
    return [Server(name, environ, app=app) for name, app in APPS.items()]


def alerts(bench: Bench, loads: Sequence[Load]) -> None:
    """Compare no-op view, by hand, service: each body, distinct and a storm, new and kept connections, on one core."""
    _against_both(bench, "alerts", bench.environ, loads)


def disk(bench: Bench, loads: Sequence[Load]) -> None:
    """Compare the same with 3 ms more for each fsync."""
    library = slow_disk()
    if library is None:
        raise NotMeasured("a slow disk needs a C compiler (apt-get install gcc)")
    _against_both(bench, "disk", {**bench.environ, **library}, loads)


def _against_both(bench: Bench, part: str, environ: Mapping[str, str], loads: Sequence[Load]) -> None:
    with up(*three(environ)) as variants:
        bench.compare(part, loads, variants, NOOP, BY_HAND)


def locked(bench: Bench, loads: Sequence[Load]) -> None:
    """Compare two ways by hand: without a lock around the commit, with one."""
    other = Server("by hand, locked", {**bench.environ, "BY_HAND": "locked"}, app="by_hand")
    with up(Server(BY_HAND, bench.environ, app="by_hand"), other, Server(SERVICE, bench.environ)) as variants:
        bench.compare("locked", loads, variants, BY_HAND, other.name)


def github(bench: Bench, loads: Sequence[Load]) -> None:
    """Compare a GitHub that answers at once, after 300 ms, never."""
    with ExitStack() as stack:
        servers = [Server(f"GitHub {pace}", stack.enter_context(PretendGitHub(pace)).environ) for pace in Pace]
        variants = stack.enter_context(up(*servers))
        bench.compare("github", loads, variants, variants[0].name)


def ledger(bench: Bench, loads: Sequence[Load]) -> None:
    """Compare an empty ledger, one with very many fingerprints."""
    state = STATE / "full"
    bench.progress(f"ledger: filling one with {bench.fingerprints:,} fingerprints")
    size = fill(state, bench.fingerprints)
    os.sync()  # what filling it wrote must not be measured
    full = Server(f"{bench.fingerprints:,}, {size / 2**20:.0f} MiB", bench.environ, state=state)
    with up(Server("empty", bench.environ), full) as variants:
        bench.compare("ledger", loads, variants, "empty")


def shared(bench: Bench, loads: Sequence[Load]) -> None:
    """Compare a ledger in a file, in PostgreSQL with one receiver, with two; each has two workers."""
    with ExitStack() as stack:
        try:
            database = postgres.Server.begun(is_durable=True)
        except (AssertionError, subprocess.CalledProcessError) as error:
            raise NotMeasured(f"a shared ledger: {error}") from error
        stack.callback(database.end)
        postmaster = int((database.data / "postmaster.pid").read_text().split()[0])
        urls = [{"BOOTY_LEDGER_URL": database.url(database.new_database())} for _ in range(2)]
        environs = [{**bench.environ, **url} for url in ({}, urls[0], urls[1], urls[1])]
        servers = [Server(f"shared-{number}", environ) for number, environ in enumerate(environs)]
        file, one, two, other = (started.servers[0] for started in stack.enter_context(up(*servers)))
        variants = [
            Variant("file", [file]),
            Variant("PostgreSQL, 1 receiver", [one], postmaster),
            Variant("PostgreSQL, 2 receivers", [two, other], postmaster),
        ]
        bench.compare("shared", loads, variants, "file")


def hostile(bench: Bench, _: Sequence[Load]) -> None:
    """Send an honest alert every 100 ms, alone, beside six senders of the slowest body there is."""
    comparison = bench.comparison
    bench.progress("hostile: looking for the body that costs most")
    costliest = slow_bodies.costliest()
    seconds = comparison.seconds * HONEST_TURNS
    beside = Load(slow_bodies.of(costliest[0][0]), seconds=seconds, callers=HOSTILE)
    turns: dict[str, list[Turn]] = {"alone": [], BY_HAND: [], SERVICE: []}
    with up(Server(BY_HAND, bench.environ, app="by_hand"), Server(SERVICE, bench.environ)) as (by_hand, service):
        for number in range(comparison.rounds):
            for name, variant in (("alone", service), (BY_HAND, by_hand), (SERVICE, service)):
                bench.progress(f"hostile: round {number + 1} of {comparison.rounds}: {name}")
                load = None if name == "alone" else replace(beside, port=variant.servers[0].port)
                turns[name].append(_honest(bench, variant, DJANGO, load, seconds))
    for name, seen in turns.items():
        others = {other: turns[other] if other != name else None for other in ("alone", BY_HAND)}
        row = {key: cell for key, cell in figures_of(seen, others).items() if key.startswith(("p", "max", "MiB"))}
        case = "honest, alone" if name == "alone" else f"honest, beside {HOSTILE} hostile"
        comparison.report.row({"part": "hostile", "case": case, "variant": name.replace("alone", SERVICE), **row})
        is_late = name != BY_HAND and max(turn.answers.percentile(1.0) for turn in seen) > SENTRYS_PATIENCE
        comparison.check(f"hostile: {name}{', over a second' * is_late}", seen, set() if is_late else {202})
    for kind, spent in costliest:
        comparison.report.row({"part": "hostile", "figure": f"CPU ms of a body of {kind}", SERVICE: round(spent, 1)})


def _honest(bench: Bench, variant: Variant, body: Body, beside: Load | None, seconds: float) -> Turn:
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(bench.comparison.callers.call, [beside]) if beside else None
        answers = figures.honest(variant.servers[0], body, seconds)
        if running is not None:
            running.result()
    return Turn(answers, seconds, variant.memory(), 0.0)


def memory(bench: Bench, _: Sequence[Load]) -> None:
    """Measure memory at rest, after 42 kB alerts, after bodies of 2 MB: what master and workers share counts once."""
    seconds = 2 * bench.comparison.seconds  # what is free is given back once a second
    large = slow_bodies.largest(figures.LARGE_AT_ONCE * bench.comparison.rounds)
    seen: dict[str, tuple[float, ...]] = {}
    for server in three(bench.environ):
        bench.progress(f"memory: {server.name}")
        with server:
            rest = server.memory(after=seconds)
            load = Load(DJANGO, is_kept_alive=True, seconds=2 * seconds, port=server.port)
            bench.comparison.callers.call([load])
            loaded = server.memory(after=seconds)
            most = figures.memory_of_large(server, large)
            seen[server.name] = (rest, loaded, server.memory(after=seconds), most)
    whats = (
        "at rest",
        "after 42 kB alerts",
        f"after {len(large)} bodies of 2 MB",
        "amid those, 8 at once",
    )
    for what, *each in zip(whats, *seen.values(), strict=True):
        bench.comparison.report.row({"part": "memory", "figure": f"{what}, MiB", **_side_by_side(each)})


def start(bench: Bench, _: Sequence[Load]) -> None:
    """Time the start until the first answer, the way from an answer to its issue."""
    seen: dict[str, list[float]] = {name: [] for name in APPS}
    for number in range(bench.comparison.rounds):
        bench.progress(f"start: {number + 1} of {bench.comparison.rounds}")
        for server in three(bench.environ):
            began_at = time.monotonic()
            with server:  # a request waits from the beginning
                seen[server.name].append((server.answered_at - began_at) * 1000)
    each = [median(times) for times in seen.values()]
    bench.comparison.report.row({"part": "start", "figure": "to the first answer, ms", **_side_by_side(each)})
    with PretendGitHub(Pace.FAST) as fast, Server("filing", fast.environ) as server:
        wait = figures.way_to_the_issue(server, fast, DJANGO, bench.comparison.rounds)
    row: dict[str, Cell] = dict.fromkeys(_side_by_side(each)) | {SERVICE: round(wait, 1)}
    bench.comparison.report.row({"part": "start", "figure": "from the answer to the issue, ms", **row})


def _side_by_side(each: list[float]) -> dict[str, Cell]:
    noop, by_hand, service = each
    ratios = {f"of {NOOP}": round(service / noop, 2), f"of {BY_HAND}": round(service / by_hand, 2)}
    return {**{name: round(figure, 1) for name, figure in zip(APPS, each, strict=True)}, **ratios}


SMALL, MIDDLE, DJANGO, UNIQUE = small(), middle(), django(), unique()
KINDS = (False, True)
"""Distinct, and a storm."""
EVERYWHERE = [
    Load(body, is_storm, connection == "kept", is_on_one_core=connection == "one-core")
    for body in (SMALL, MIDDLE, DJANGO)
    for connection in ("new", "kept", "one-core")
    for is_storm in KINDS
]
PARTS: dict[str, tuple[Callable[[Bench, Sequence[Load]], None], list[Load]]] = {
    "alerts": (alerts, [*EVERYWHERE, Load(UNIQUE)]),
    "disk": (disk, [Load(body, is_storm) for body in (SMALL, DJANGO) for is_storm in KINDS]),
    "locked": (locked, [Load(SMALL), Load(DJANGO)]),
    "github": (github, [Load(SMALL, is_storm) for is_storm in KINDS]),
    "ledger": (ledger, [Load(SMALL), Load(DJANGO)]),
    "shared": (shared, [Load(SMALL), Load(MIDDLE)]),
    "hostile": (hostile, []),
    "memory": (memory, []),
    "start": (start, []),
}
"""What measures a part, and its cases."""
