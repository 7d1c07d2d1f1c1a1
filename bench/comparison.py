"""What is compared is up at the same time, called in turns: only ratios within a round say anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from callers import CORES, Answers, Callers, Load
from report import Cell, Report, Row
from servers import Variant, busy

WARM_UP, FIRST = 0.3, 0.5
"""Seconds of calls that are not looked at: before each turn, and to a server that was just started."""
LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Turn:
    """What was seen of a variant in one round: memory in MiB, cores that were busy with neither it nor its callers."""

    answers: Answers
    seconds: float
    memory: float
    others: float

    @property
    def cpu(self) -> float:
        """Microseconds of CPU that an answer took, its caller's included."""
        return self.answers.spent / max(self.answers.rate * self.seconds, 1) * 1e6

    def compared(self, other: Turn) -> tuple[float, float, float]:
        """Return rate, CPU and p99 as shares of another's; CPU the other way round, so that more is better."""
        slowest = max(other.answers.percentile(0.99), LEAST)
        rate = self.answers.rate / max(other.answers.rate, LEAST)
        return rate, other.cpu / max(self.cpu, LEAST), self.answers.percentile(0.99) / slowest


@dataclass(slots=True)
class Comparison:
    """Calls variants in turns, in `rounds` of `seconds` each; `wrong` is what was not answered as it should be."""

    callers: Callers
    report: Report
    rounds: int
    seconds: float
    wrong: int = 0

    def run(self, part: str, case: Load, variants: Sequence[Variant], yardsticks: Sequence[str]) -> None:
        """Tell a row for each variant, with its ratios to those that are yardsticks."""
        for variant in variants:
            variant.run_on(CORES[:1] if case.is_on_one_core else CORES)
        turns: dict[str, list[Turn]] = {variant.name: [] for variant in variants}
        for number in range(self.rounds):
            first, step = number % len(variants), -1 if number % 2 else 1  # nobody always follows the same one
            for variant in (*variants[first:], *variants[:first])[::step]:
                self.report.progress(f"{part}: {case.name}: round {number + 1} of {self.rounds}: {variant.name}")
                turns[variant.name].append(self._turn(case, variant, self.seconds))
        for name, seen in turns.items():
            ratios = {yardstick: (turns[yardstick] if yardstick != name else None) for yardstick in yardsticks}
            row: Row = {"part": part, "case": case.name, "variant": name, **figures(seen, ratios)}
            self.report.row(row)
            self.check(f"{part}: {case.name}: {name}", seen, {200, 202} if case.is_storm else {202})

    def warm(self, case: Load, variants: Sequence[Variant]) -> None:
        """Call servers that were just started."""
        for variant in variants:
            self._turn(case, variant, min(FIRST, self.seconds))

    def check(self, what: str, turns: Sequence[Turn], right: set[int]) -> None:
        """Count, and say, what was not answered as it should be."""
        statuses = sum((Counter(turn.answers.statuses) for turn in turns), Counter())
        if wrong := {status: number for status, number in statuses.items() if status not in right}:
            self.wrong += 1
            self.report.say(f"WRONG answers: {what}: {wrong} (0: none within ten seconds) of {statuses.total()}")

    def _turn(self, case: Load, variant: Variant, seconds: float) -> Turn:
        case = replace(case, seconds=seconds, warm_up=WARM_UP, callers=case.callers // len(variant.servers))
        loads = [replace(case, port=server.port) for server in variant.servers]
        answers, everybody = self.callers.call(loads, variant.spent, busy)
        return Turn(answers, seconds, variant.memory(), max(everybody - answers.spent, 0.0) / seconds)


def figures(turns: Sequence[Turn], yardsticks: Mapping[str, Sequence[Turn] | None]) -> Row:
    """Return the medians of the rounds, and of each round's ratios to each yardstick; the longest wait of all."""
    ratios: dict[str, Cell] = {}
    for name, others in yardsticks.items():
        compared = zip(*(mine.compared(other) for mine, other in zip(turns, others or (), strict=False)), strict=True)
        rate, cpu, slowest = (round(median(each), 2) for each in compared) if others else (None, None, None)
        ratios |= {f"of {name}": rate, f"CPU of {name}": cpu, f"p99 of {name}": slowest}
    ratios.pop("p99 of no-op", None)  # who does nothing has nothing to wait for
    answers = [turn.answers for turn in turns]
    p50, p99 = (round(median(each.percentile(share) for each in answers)) for share in (0.5, 0.99))
    return {
        "ack/s": round(median(each.rate for each in answers)),
        **ratios,
        "p50 ms": p50,
        "p99 ms": p99,
        "max ms": round(max(each.percentile(1.0) for each in answers)),
        "CPU us": round(median(turn.cpu for turn in turns)),
        "MiB": round(median(turn.memory for turn in turns), 1),
        "others": round(median(turn.others for turn in turns), 1),
    }
