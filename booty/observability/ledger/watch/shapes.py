"""What the watch's own records look like, by their fields."""

from __future__ import annotations

from booty.observability.ledger.engines.records import SECONDS, Shape

WATCH: Shape = {
    "heard_at": SECONDS,
    "moved_at": SECONDS,
    "began_at": SECONDS,
    "holder": str,
    "told_at": SECONDS,
    "told": list,
    "again_at": (*SECONDS, type(None)),
    "refused_token": (str, type(None)),
}
PIPE: Shape = {
    "issue": (int, type(None)),
    "shown": str,
    "told": list,
    "is_open": bool,
    "is_dismissed": bool,
    "is_missing": bool,
    "attempted_at": (*SECONDS, type(None)),
    "looks": int,
}
TOKEN: Shape = {"token": str, "expires_at": (*SECONDS, type(None))}
COUNTED: Shape = {"counts": dict, "heard_at": SECONDS}
