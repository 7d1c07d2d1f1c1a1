"""The loops that run beside the requests, built where the settings call for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.config import Settings
from booty.observability.config.bind import Bind
from booty.observability.config.routes.in_force import routing_of
from booty.observability.delivery.courier import Courier
from booty.observability.delivery.resolutions import Resolutions
from booty.observability.github.access.token_expiry import TokenExpiry
from booty.observability.github.client import GitHub
from booty.observability.github.issues import GitHubIssues
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.life.step import Rules
from booty.observability.ledger.claims import Claims
from booty.observability.ledger.closings import ClosingBook
from booty.observability.ledger.engines.engine import Engine
from booty.observability.ledger.queue import Queue
from booty.observability.ledger.releases.own import OwnRelease
from booty.observability.ledger.repositories.home import Home
from booty.observability.ledger.schedule.gates import one_token
from booty.observability.ledger.spool.claims import SpoolingClaims
from booty.observability.ledger.spool.emptying import Emptying
from booty.observability.ledger.watch.notes import Notes
from booty.observability.ledger.watch.token import TokenBook
from booty.observability.ledger.watch.watched_queue import WatchedQueue
from booty.observability.ledger.with_sentry.absences import LifeSign
from booty.observability.remotes import github_for, mark_of, research_for, resolver_for, sentry_for, tracker_for
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
    if notes is None:
        github = github_for(settings)
    else:
        book = TokenBook(engine, token=mark_of(settings))
        github = github_for(settings, TokenExpiry(book, is_renewed=settings.github_app_id is not None).notice)
    queue = _queue(settings, engine, notes, keep_seconds)
    if settings.metrics_bind is not None and notes is not None:
        yield _exporter(settings, engine, claims, notes, settings.metrics_bind)  # stops last: the others count
    courier = _courier(settings, engine, queue, github, on_turn=_signs_of_life(settings, engine, keep_seconds))
    yield courier
    if settings.follow and github is not None:
        yield _resolutions(settings, engine, github)
    if settings.sentry_auth_token is not None:
        yield _with_sentry(settings, engine, courier, keep_seconds=keep_seconds)
    if settings.is_watched and notes is not None:
        yield _watch(settings, engine, notes, github)
    if isinstance(claims, SpoolingClaims):
        yield Emptying(claims, routing_of(settings), on_claim=courier.wake)


def _queue(settings: Settings, engine: Engine, notes: Notes | None, keep_seconds: float) -> Queue:
    is_linking = settings.sentry_auth_token is not None and not settings.preview
    home = Home(settings.repository)
    if notes is None:
        return Queue(engine, keep_seconds=keep_seconds, is_linking=is_linking, home=home)
    return WatchedQueue(engine, keep_seconds=keep_seconds, is_linking=is_linking, home=home, noted=notes)


def _signs_of_life(settings: Settings, engine: Engine, keep_seconds: float) -> Callable[[float], None]:
    """Return what notes, with every turn, that the service lives, in which release."""
    is_reconciling = settings.sentry_auth_token is not None and settings.reconcile != "0"
    own = OwnRelease(engine, settings.sentry_release, settings.sentry_environment, keep_seconds=keep_seconds)
    signs = (LifeSign(engine).give, own.give) if is_reconciling else (own.give,)

    def give(now: float) -> None:
        for each in signs:
            each(now)

    return give


def _courier(
    settings: Settings, engine: Engine, queue: Queue, github: GitHub | None, *, on_turn: Callable[[float], None]
) -> Courier:
    rules = Rules(
        window_seconds=settings.reopen_window_days * DAY_SECONDS,
        web=WebLinks(settings.web_url),
    )
    research = research_for(settings, github, engine) if github else None
    return Courier(
        queue,
        tracker_for(settings, github, queue.handover.is_news),
        trigger_label=settings.trigger_label,
        terms=settings.terms,
        rules=rules if settings.follow else None,
        code_context=research,
        sentry=SentryPages(settings.sentry_url),
        gates_of=one_token(mark_of(settings)),
        on_turn=on_turn,
    )


def _with_sentry(settings: Settings, engine: Engine, courier: Courier, *, keep_seconds: float) -> Loop:
    """Return what asks Sentry; who has no token for it does not import it."""
    from booty.observability.delivery.with_sentry.parts import rounds_for  # noqa: PLC0415 - see above

    return rounds_for(settings, sentry_for(settings), engine, on_claim=courier.wake, keep_seconds=keep_seconds)


def _resolutions(settings: Settings, engine: Engine, github: GitHub) -> Resolutions:
    tracker = GitHubIssues(github, repository=settings.repository)
    return Resolutions(ClosingBook(engine, home=Home(settings.repository)), tracker, resolver_for(settings))


def _watch(settings: Settings, engine: Engine, notes: Notes, github: GitHub | None) -> Loop:
    """Return the watch over the pipe; whoever does not want it does not import it."""
    from booty.observability.delivery.watch.pipe_issue import PipeIssue  # noqa: PLC0415 - see above
    from booty.observability.delivery.watch.watch import Watch  # noqa: PLC0415 - the same
    from booty.observability.ledger.watch.pipe import PipeBook  # noqa: PLC0415 - the same
    from booty.observability.ledger.watch.rounds import Rounds  # noqa: PLC0415 - the same
    from booty.observability.ops.heartbeat import Heartbeat  # noqa: PLC0415 - the same

    tracker, token = tracker_for(settings, github), mark_of(settings)
    url = settings.heartbeat_url.get_secret_value() if settings.heartbeat_url else None
    heartbeat = Heartbeat(url, is_checking_in=settings.sentry_dsn is not None)
    return Watch(
        Rounds(engine, notes, token=token),
        tracker,
        PipeIssue(PipeBook(engine, token=token), tracker),
        lambda grave: heartbeat.send([each.words for each in grave]),
        silence_seconds=settings.silence_hours * HOUR_SECONDS,
    )


def _exporter(settings: Settings, engine: Engine, claims: Claims, notes: Notes, bind: Bind) -> Loop:
    """Return what serves the metrics; whoever does not want them does not import it."""
    from booty.observability.ledger.watch.counters import Counters  # noqa: PLC0415 - see above
    from booty.observability.ops.metrics.exporter import Exporter  # noqa: PLC0415 - the same

    spool = claims.spool if isinstance(claims, SpoolingClaims) else None
    return Exporter(Counters(engine, notes), bind, release=settings.sentry_release, spool=spool)
