"""What became of a test alert, for people, or for a machine."""

from __future__ import annotations

from dataclasses import dataclass

from booty.observability.ops.doctor.check import Check
from booty.observability.ops.doctor.report import as_text as checks_as_text


@dataclass(frozen=True, slots=True)
class Report:
    """The answer's status, how long it took, then the issue's; seconds count from the sending.

    `missing` are labels; `failures` are what a person has to put right.
    """

    status: int
    answered_in: float
    number: int | None
    filed_in: float | None
    missing: tuple[str, ...]
    failures: tuple[Check, ...]

    @property
    def is_seen(self) -> bool:
        """All went well, and the issue was seen on GitHub."""
        return self.number is not None and not self.failures


def as_text(report: Report) -> str:
    """Return one line of what happened, then one for each failure."""
    words = [f"{report.status} in {_length(report.answered_in)}"]
    if report.number is not None and report.filed_in is not None:
        words.append(f"filed #{report.number} in {report.filed_in:.1f} s")
    if report.missing:
        words.append(f"labels: {', '.join(report.missing)} missing")
    return "\n".join((", ".join(words), *((checks_as_text(report.failures),) if report.failures else ())))


def as_json(report: Report) -> dict[str, object]:
    """Return the same for a machine; names are only ever added."""
    return {
        "status": report.status,
        "milliseconds": round(report.answered_in * 1000),
        "issue": report.number,
        "seconds": None if report.filed_in is None else round(report.filed_in, 1),
        "missing_labels": list(report.missing),
        "failures": [{"check": each.name, "seen": each.seen, "next": each.then} for each in report.failures],
    }


def _length(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
