"""A pause of all deliveries, for every worker."""

from __future__ import annotations

from pathlib import Path

from support.ledger_steps import DAY, NOW, alert, claim, lease, ledger

from booty.observability.ledger.schedule.jobs import FilingJob, Idle, Pause


def test_a_pause_holds_for_every_worker_and_counts_the_failures(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())
    of.queue.postpone(lease(of), due_at=NOW, attempt=None, pause=Pause(NOW + 60, "rate limit"), now=NOW)

    assert ledger(tmp_path).queue.take(now=NOW + 59) == Idle(NOW + 60, is_closed=True)
    assert lease(ledger(tmp_path), NOW + 60).failures == 1


def test_a_pause_written_under_a_wrong_clock_does_not_stop_deliveries_for_ever(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())
    of.queue.postpone(lease(of), due_at=NOW, attempt=None, pause=Pause(NOW + 10, "503"), now=NOW)

    assert isinstance(of.queue.take(now=NOW - 365 * DAY), FilingJob)
