"""The status as a person reads it.

Texts from outside, such as GitHub's words, are shown with nothing that could steer a terminal.
"""

from __future__ import annotations

from collections.abc import Iterator

from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.ledger.findings import Findings, HeldUp, WaitingJob
from booty.observability.ledger.repositories.names import shown
from booty.observability.ops.console.moments import age
from booty.observability.ops.status import Status
from booty.observability.text.moments import iso
from booty.observability.text.terminal import plain

CANDIDATE = "BOOTY_CANDIDATE is set: this release FILES NOTHING"


def as_text(status: Status) -> str:
    """Return the status for a person."""
    return "\n".join(plain(line) for line in _lines(status))


def _lines(status: Status) -> Iterator[str]:
    found = status.findings
    if found.unreached is None:
        yield f"{found.owed} owed, {len(found.refused)} refused"
    if found.spooled[0]:
        number, oldest = found.spooled
        since = f" since {iso(oldest)} ({age(status.now - oldest)})" if oldest else ""
        yield f"{number} wait on this machine's disk for the ledger's database{since}"
    if found.ledger is None:
        yield f"no ledger yet in {status.directory.absolute()}"
    yield from hold_ups(found)
    yield from remarks(found)
    for owed in found.waiting:
        yield from _owed_lines(owed, status)
    if found.owed > len(found.waiting):
        yield f"and {found.owed - len(found.waiting)} more"
    for letter in found.refused:
        yield f"refused {iso(letter.refused_at)}  {shown(letter.fingerprint)}{_shown(letter.sentry_url, status.pages)}"
        yield f"    {letter.reason}"
    for unknown in status.unknown_names:
        yield f"setting {unknown.name} is not known and does nothing{unknown.hint}"
    if status.is_candidate:
        yield CANDIDATE
    for trouble in status.troubles:
        yield f"! {trouble}"


def remarks(found: Findings) -> Iterator[str]:
    """Yield what is not as on any day, though nobody is needed: storms, what the day's budget did."""
    for repository, issue, problems in found.digests:
        where = f"{repository or ''}#{issue}" if issue else "an issue that is yet to be made"
        yield f"a storm: {problems} problems share {where}"
    if found.handed_over or found.held_back:
        yield f"handed over today (UTC): {found.handed_over}; held back by the day's budget: {found.held_back}"


def hold_ups(found: Findings) -> Iterator[str]:
    """Yield what holds deliveries up."""
    yield from _hold_up(found)
    for held in found.elsewhere:
        of = ", ".join(held.repositories)
        yield from (f"{of}: {line}" for line in _hold_up(held))


def _hold_up(found: Findings | HeldUp) -> Iterator[str]:
    if found.stop is not None:
        again = iso(found.stop.next_at)
        yield f"stopped; GitHub is asked again at {again}, at once with a new token or: booty retry --all"
    elif found.pause is not None:
        failures = f", failures in a row: {found.failures}" if found.failures else ""
        yield f"paused until {iso(found.pause.until)}: {found.pause.reason}{failures}"
    elif found.failures:
        calls = "call" if found.failures == 1 else f"{found.failures} calls"
        yield f"the last {calls} to GitHub failed: {found.failed_for or 'why is not known'}"


def _owed_lines(owed: WaitingJob, status: Status) -> Iterator[str]:
    since = f"{iso(owed.since)} ({age(status.now - owed.since)})" if owed.since else "some time ago"
    yield f"owed since {since}  {shown(owed.fingerprint)}{_shown(owed.sentry_url, status.pages)}"
    if owed.is_doubtful:
        yield "    a call to GitHub was begun, and its outcome is not known yet"


def _shown(url: str | None, pages: SentryPages) -> str:
    link = pages.link(url) if url else None
    return f"  {link}" if link else ""
