"""The loops that run beside the requests, built where the settings call for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.config import Settings
from booty.observability.config.routes.in_force import routing_of
from booty.observability.delivery.closings.loop import ClosingsLoop
from booty.observability.delivery.closings.renaming import Renaming
from booty.observability.delivery.closings.resolutions import Resolutions
from booty.observability.delivery.courier import Courier
from booty.observability.issues.life.step import Rules
from booty.observability.ledger.claims import Claims
from booty.observability.ledger.closings import ClosingBook
from booty.observability.ledger.engines.engine import Engine
from booty.observability.ledger.queue import Queue
from booty.observability.ledger.releases.own import OwnRelease
from booty.observability.ledger.repositories.followed import left_behind
from booty.observability.ledger.repositories.home import Home
from booty.observability.ledger.spool.claims import SpoolingClaims
from booty.observability.ledger.spool.emptying import Emptying
from booty.observability.ledger.storm.book import StormBook
from booty.observability.ledger.watch.notes import Notes
from booty.observability.ledger.watch.watched_queue import WatchedQueue
from booty.observability.ledger.with_sentry.absences import LifeSign
from booty.observability.places import Places
from booty.observability.remotes import (
    research_for,
    resolver_for,
    searching,
    sentry_for,
    sightings_for,
    source_for,
    tracker_for,
    web_for,
)
from booty.observability.watches import exporter_for, noticing, watch_for
from booty.observability.webhook.service import Loop

DAY_SECONDS, HOUR_SECONDS = 24 * 3600.0, 3600.0


def loops_for(
    settings: Settings, engine: Engine, claims: Claims, notes: Notes | None, *, keep_seconds: float
) -> tuple[Loop, ...]:
    """Return all of them, not started; none in a release on trial, which must not file anything.

    `notes` is where they note what the watch wants to know, None when nobody does.
    """
    return () if settings.candidate else tuple(_loops(settings, engine, claims, notes, keep_seconds))


def _loops(
    settings: Settings, engine: Engine, claims: Claims, notes: Notes | None, keep_seconds: float
) -> Iterator[Loop]:
    places = Places(settings, noticing(engine, is_watched=notes is not None))
    github = places.github(None)
    queue = _queue(settings, engine, notes, keep_seconds)
    if settings.metrics_bind is not None and notes is not None:
        yield exporter_for(settings, engine, claims, notes, places)  # stops last: the others count
    turns = (*_signs_of_life(settings, engine, keep_seconds), Renaming(engine, Home(settings.repository), github).look)
    courier = _courier(settings, engine, queue, places, on_turn=lambda now: [turn(now) for turn in turns])
    yield courier
    if settings.follow and github is not None:
        yield _closings(settings, engine, places)
    if settings.sentry_auth_token is not None:
        yield _with_sentry(settings, engine, courier, keep_seconds=keep_seconds)
    if settings.is_watched and notes is not None:
        yield watch_for(settings, engine, notes, places)
    if isinstance(claims, SpoolingClaims):
        yield Emptying(claims, routing_of(settings), on_claim=courier.wake)


def _queue(settings: Settings, engine: Engine, notes: Notes | None, keep_seconds: float) -> Queue:
    is_linking = settings.sentry_auth_token is not None and not settings.preview
    home = Home(settings.repository)
    if notes is None:
        return Queue(engine, keep_seconds=keep_seconds, is_linking=is_linking, home=home)
    return WatchedQueue(engine, keep_seconds=keep_seconds, is_linking=is_linking, home=home, noted=notes)


def _signs_of_life(settings: Settings, engine: Engine, keep_seconds: float) -> tuple[Callable[[float], None], ...]:
    """Return what notes, with every turn, that the service lives, in which release."""
    is_reconciling = settings.sentry_auth_token is not None and settings.reconcile != "0"
    own = OwnRelease(engine, settings.sentry_release, settings.sentry_environment, keep_seconds=keep_seconds)
    return (LifeSign(engine).give, own.give) if is_reconciling else (own.give,)


def _courier(
    settings: Settings, engine: Engine, queue: Queue, places: Places, *, on_turn: Callable[[float], object]
) -> Courier:
    github = places.github(None)
    rules = Rules(window_seconds=settings.reopen_window_days * DAY_SECONDS, web=web_for(settings))
    research = research_for(settings, github, engine) if github else None
    return Courier(
        queue,
        tracker_for(settings, github, is_news=queue.handover.is_news),
        trigger_label=settings.trigger_label,
        terms=settings.terms,
        rules=rules if settings.follow else None,
        code_context=research,
        sentry=SentryPages(settings.sentry_url),
        gates_of=places.gates_of,
        elsewhere=places.elsewhere(engine, queue.handover.is_news),
        storm=_storm(settings, engine, places),
        on_turn=on_turn,
    )


def _storm(settings: Settings, engine: Engine, places: Places) -> StormBook:
    return StormBook(engine, settings.storm, gates_of=places.gates_of, home=Home(settings.repository))


def _with_sentry(settings: Settings, engine: Engine, courier: Courier, *, keep_seconds: float) -> Loop:
    """Return what asks Sentry; who has no token for it does not import it."""
    from booty.observability.delivery.with_sentry.parts import loop_for  # noqa: PLC0415 - see above

    return loop_for(settings, sentry_for(settings), engine, on_claim=courier.wake, keep_seconds=keep_seconds)


def _closings(settings: Settings, engine: Engine, places: Places) -> ClosingsLoop:
    home, resolver = Home(settings.repository), resolver_for(settings)

    def cycles(repository: str | None) -> Iterator[Callable[[], None]]:
        github, gates = places.github(repository), places.gates_of(repository)
        book = ClosingBook(engine, home=home, repository=repository, gates=gates)
        tracker = tracker_for(settings, github, repository=repository)
        if not settings.verify_days or github is None:
            yield Resolutions(book, tracker, resolver).cycle
            return
        from booty.observability.delivery.verified.proof import Proof  # noqa: PLC0415 - only where it is wanted
        from booty.observability.delivery.verified.verifier import Verifier  # noqa: PLC0415 - the same
        from booty.observability.ledger.releases.verifying import VerifyingBook  # noqa: PLC0415 - the same

        source, seconds = source_for(settings, github, repository), settings.verify_seconds
        proof = Proof(source, searching(settings, source, engine, repository), sightings_for(settings))
        closed = VerifyingBook(engine, verify_seconds=seconds, home=home, repository=repository, gates=gates)
        verifier = Verifier(closed, tracker, proof, web_for(settings, repository), settings.verify_days)
        yield Resolutions(book, tracker, resolver, on_read=verifier.note).cycle
        yield verifier.cycle

    def find() -> Iterator[tuple[str | None, Callable[[], None]]]:
        others = engine.transact(lambda shelf: left_behind(shelf, home, places.names), is_lasting=False)
        return ((each, cycle) for each in (None, *places.names, *others) for cycle in cycles(each))

    return ClosingsLoop(find)
