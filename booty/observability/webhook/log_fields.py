"""Why an alert is not filed, as the fields of its log line."""

from __future__ import annotations

from booty.observability.alerts.filters import History, Policy, Verdict
from booty.observability.alerts.occurrence import Occurrence
from booty.observability.text.moments import iso


def why(verdict: Verdict, alert: Occurrence, policy: Policy, history: History | None) -> dict[str, object]:
    """Return what the decision was about: levels, or since when and until when its problem is quiet, and its issue.

    A repeated event is never reported.

    Where the alert before it still waits to be delivered, there is no `until`: the cooldown lasts as long as that.
    """
    if verdict is Verdict.BELOW_SEVERITY:
        return {"severity": alert.severity.value, "threshold": policy.least(alert).value}
    if history is None or verdict.is_accepted:
        return {}
    if verdict is Verdict.REPEATED:
        return {} if history.issue is None else {"issue": history.issue}
    known: dict[str, object] = {"since": iso(history.claimed_at)}
    known |= {"is_waiting": True} if history.is_owed else {"until": iso(history.claimed_at + policy.cooldown_seconds)}
    return known if history.issue is None else known | {"issue": history.issue}
