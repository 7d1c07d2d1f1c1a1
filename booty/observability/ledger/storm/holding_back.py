"""Whether a new problem whose turn has come is filed by itself, or shares the digest of a storm.

Decided in the transaction of its lease, so that it is always either owed or in the digest. Never held back: what is
fatal, what came back, what has an issue, what may have been posted, a test.

Every function works on the shelf of one transaction.
"""

from __future__ import annotations

from booty.observability.alerts.severity import Severity
from booty.observability.alerts.storm.limit import StormLimit
from booty.observability.ledger.engines.engine import Shelf, sortable
from booty.observability.ledger.engines.records import HISTORY, Record, shaped
from booty.observability.ledger.journal.outcomes import note_outcome
from booty.observability.ledger.schedule.due import owe
from booty.observability.ledger.schedule.jobs import FilingJob
from booty.observability.ledger.storm import rows
from booty.observability.ledger.storm.state import PERIOD_SECONDS, is_quiet, key_for, lately, next_turn, state_in

COUNTED = "is_counted"
"""The field of a job that was counted as one of those that are filed."""
KEEP_SECONDS = 30 * 24 * 3600.0


def is_held_back(shelf: Shelf, job: FilingJob, record: Record, limit: StormLimit, now: float) -> bool:
    """Return whether the job, taken out of the queue as `record`, is not to be filed now; then all is done with it.

    A problem that is in the digest already, and came again, waits in the queue until the storm is over.
    """
    if job.problem.issue is not None or job.attempt is not None or job.alert.is_test or record.get(COUNTED):
        return False
    key, history = key_for(job.fingerprint), shaped(shelf.get(f"alert/{job.fingerprint}"), HISTORY)
    state = state_in(shelf, key)
    creates = lately(state, limit, now)
    has_room = len(creates) < limit.most
    is_in_it = str(history.get("row")).partition("/")[0] == state.get("digest")
    if _is_urgent(job) or (has_room and (not is_in_it or is_quiet(state, limit, now))):
        shelf[key] = (
            state
            | {"creates": [*creates, now][-limit.most :]}
            | ({"next_at": next_turn(state, now + PERIOD_SECONDS)} if is_in_it else {})
        )
        record[COUNTED] = True
        return False
    if is_in_it:
        history = rows.put(shelf, job.fingerprint, history, job.alert, digest=state["digest"])
        shelf[f"alert/{job.fingerprint}"] = history
        waiting = {name: value for name, value in record.items() if name not in {"since", "lease"}}
        owe(shelf, job.key, waiting, due_at=now + PERIOD_SECONDS)
    else:
        _put(shelf, key, _begun(state, now), job, history=history, now=now)
    return True


def _is_urgent(job: FilingJob) -> bool:
    is_fatal = Severity.FATAL in {job.alert.severity, job.problem.worst}
    return is_fatal or job.alert.is_regression or job.problem.is_back


def _begun(state: Record, now: float) -> Record:
    """Return the state with a digest that takes another row: the same one, unless it is over or a person closed it."""
    if "digest" in state and not (state.get("is_over") or state.get("is_dismissed")):
        return state
    return {"creates": state.get("creates", []), "digest": sortable(now), "total": 0}


def _put(shelf: Shelf, key: str, state: Record, job: FilingJob, *, history: Record, now: float) -> None:  # noqa: PLR0913 - what is known of both
    """Put a new problem into the digest; the next alert of it is waited for, to make an issue of it."""
    history = rows.put(shelf, job.fingerprint, history, job.alert, digest=state["digest"])
    forget_at = now + KEEP_SECONDS
    ended = {"state": "digest", "settled_at": now, "forget_at": forget_at, "is_awaited": True}
    shelf[f"alert/{job.fingerprint}"] = history | ended
    shelf[f"forget/{sortable(forget_at)}/{job.fingerprint}"] = 1
    next_at = {} if "next_at" in state else {"next_at": next_turn(state, now)}
    shelf[key] = state | {"total": state.get("total", 0) + 1, "last_at": now, "is_over": False} | next_at
    note_outcome(shelf, job.key, "digest", now=now, issue=state.get("issue"))
