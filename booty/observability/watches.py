"""The loops that watch over the pipe, with what they are told: imported where the settings call for them."""

from __future__ import annotations

from collections.abc import Callable
from time import time

from booty.observability.config import Settings
from booty.observability.github.access.quota import SharedQuota
from booty.observability.github.access.token_expiry import TokenExpiry
from booty.observability.issues.tracker import Tracker
from booty.observability.ledger.claims import Claims
from booty.observability.ledger.engines.engine import Engine
from booty.observability.ledger.schedule.gates import GATE_KEY, Gates
from booty.observability.ledger.spool.claims import SpoolingClaims
from booty.observability.ledger.watch.notes import Notes
from booty.observability.ledger.watch.quota import QuotaBook
from booty.observability.ledger.watch.token import TokenBook
from booty.observability.places import Notices, Places
from booty.observability.remotes import Notice, tracker_for
from booty.observability.webhook.service import Loop

HOUR_SECONDS = 3600.0


def noticing(engine: Engine, *, is_watched: bool) -> Notices:
    """Return what notes what is left to each token and, where that is watched, when it ends; an App's are renewed."""

    def notice(gates: Gates, is_renewed: bool) -> Notice:  # noqa: FBT001 - as `Notices` has it
        quota = SharedQuota(QuotaBook(engine, gates)).notice
        if not is_watched:
            return quota
        book = TokenBook(engine, token=gates.token, name=gates.shared.removeprefix(GATE_KEY))
        expiry = TokenExpiry(book, is_renewed=is_renewed).notice
        return lambda answer: [quota(answer), expiry(answer)]

    return notice


def watch_for(settings: Settings, engine: Engine, notes: Notes, places: Places) -> Loop:
    """Return the watch over the pipe; whoever does not want it does not import it."""
    from booty.observability.delivery.watch.everywhere import Everywhere  # noqa: PLC0415 - see above
    from booty.observability.delivery.watch.pipe_issue import PipeIssue  # noqa: PLC0415 - the same
    from booty.observability.delivery.watch.watch import Watch  # noqa: PLC0415 - the same
    from booty.observability.ledger.watch.pipe import PipeBook  # noqa: PLC0415 - the same
    from booty.observability.ledger.watch.rounds import Rounds  # noqa: PLC0415 - the same
    from booty.observability.ops.heartbeat import Heartbeat  # noqa: PLC0415 - the same

    token, *others = places.tokens()
    rounds = Rounds(engine, notes, token=token, others=others)

    def asked(repository: str | None) -> tuple[Tracker, Callable[[], bool]]:
        gates = places.gates_of(repository)
        tracker = tracker_for(settings, places.github(repository), repository=repository)
        return tracker, lambda: rounds.is_paused(gates, now=time())

    trackers = [asked(each) for each in (None, *places.names)]
    url = settings.heartbeat_url.reveal() if settings.heartbeat_url else None
    heartbeat = Heartbeat(url, is_checking_in=settings.sentry_dsn is not None)
    return Watch(
        rounds,
        Everywhere(trackers),
        PipeIssue(PipeBook(engine, token=token), trackers[0][0]),
        lambda grave: heartbeat.send([each.words for each in grave]),
        silence_seconds=settings.silence_hours * HOUR_SECONDS,
    )


def exporter_for(settings: Settings, engine: Engine, claims: Claims, notes: Notes, places: Places) -> Loop:
    """Return what serves the metrics, whose address is set; whoever does not want them does not import it."""
    from booty.observability.ledger.watch.counters import Counters  # noqa: PLC0415 - see above
    from booty.observability.ops.metrics.exporter import Exporter  # noqa: PLC0415 - the same

    spool = claims.spool if isinstance(claims, SpoolingClaims) else None
    counters, bind = Counters(engine, notes, tokens=places.tokens()), settings.metrics_bind
    if bind is None:
        raise ValueError("no address for metrics is set")
    return Exporter(counters, bind, release=settings.sentry_release, spool=spool)
