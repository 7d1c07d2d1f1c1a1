"""`booty rebuild`: a lost ledger learns from the issues on GitHub which problems have one."""

from __future__ import annotations

import time
from dataclasses import replace

import click

from booty.observability.alerts.handover.terms import AS_EVER, TRIAGE
from booty.observability.alerts.issue import MUTE, SPACING_SECONDS, ListedIssue, Standing
from booty.observability.alerts.routing.destination import destination_of
from booty.observability.alerts.routing.route import Route
from booty.observability.config import Settings
from booty.observability.config.environment import GITHUBS, lacks
from booty.observability.github.own_issues import OwnIssues
from booty.observability.issues.life.memory import recall
from booty.observability.issues.outcomes import Postponed, Refused, Unknown
from booty.observability.ledger.rebuild.door import Rebuild
from booty.observability.ledger.rebuild.histories import Remembered
from booty.observability.ledger.rebuild.place import NotEmpty, Place
from booty.observability.ledger.repositories.home import Home
from booty.observability.ops.console.command import Command, is_json_option
from booty.observability.ops.console.exits import NeedsPerson, Unreachable, reaching_the_ledger
from booty.observability.ops.console.given import Given
from booty.observability.ops.console.output import show, show_json
from booty.observability.ops.console.remarks import remark
from booty.observability.places import Places
from booty.observability.remotes import the_github
from booty.observability.wiring import history_seconds

NEEDED = (
    *("TARGET_REPO_URL", *GITHUBS, "TRIGGER_LABEL"),
    *("OBSV_COOLDOWN_HOURS", "OBSV_REOPEN_WINDOW_DAYS"),
    *("OBSV_HANDOVER", "OBSV_HANDOVER_PER_DAY", "OBSV_PROTECTED_PATHS"),
)
NO_DIRECTORY = "{directory} does not exist: start the service once, or set BOOTY_STATE_DIR."
NOT_EMPTY = """This ledger knows problems already, so nothing was changed: only an empty one is rebuilt.
  Run it before the first alert comes; what a ledger holds by then goes on as it is."""
BROKEN_OFF = """GitHub cannot be read: {error}
  {written} problems are kept. Run it again: it goes on at page {page}."""


@click.command(cls=Command)
@is_json_option
@click.pass_obj
def command(given: Given, *, is_json: bool) -> int:
    """Learn from the issues on GitHub which problems have one, for a ledger that was lost.

    It reads all issues that this token's account made, a page a second, of each repository that routes name as well; it
    can be run again where it was interrupted.
    """
    routed = ("OBSV_ROUTES", "SENTRY_WEBHOOK_SECRET") if not lacks(given.environ, "OBSV_ROUTES") else ()
    settings = given.settings_for(*NEEDED, *routed)
    directory = given.state_directory
    if not directory.is_dir():
        raise Unreachable(NO_DIRECTORY.format(directory=directory))
    ledger = Rebuild(given.store(), keep_seconds=history_seconds(settings), home=Home(settings.repository))
    try:
        with reaching_the_ledger():
            place = ledger.begin()
    except NotEmpty:
        raise NeedsPerson(NOT_EMPTY) from None
    written = _read_all(ledger, settings, place)
    show_json({"rebuilt": written}) if is_json else show(f"{written} problems know their issue again")
    return 0


def _read_all(ledger: Rebuild, settings: Settings, place: Place | None) -> int:
    """Read page after page from `place` on; return how many problems were new."""
    written, places, last = 0, Places(settings), 0
    while place is not None:
        own = _own(settings, places, place.repository)
        try:
            label = _listings(settings, place.repository)[place.listing]
            listed, highest = own.page(place.page, label=label, above=last)
        except (Refused, Postponed, Unknown) as error:
            raise Unreachable(BROKEN_OFF.format(error=error, written=written, page=place.page)) from error
        last = highest or 0
        then = replace(place, page=place.page + 1) if last else _after(place, settings)
        now = time.time()
        problems = [found for each in listed if (found := _remembered(each, now))]
        with reaching_the_ledger():
            written += ledger.keep(problems, repository=place.repository, then=then, now=now)
        remark(f"{len(listed)} issues read, {written} problems so far")
        place = then
        if last:
            time.sleep(SPACING_SECONDS)
    return written


def _own(settings: Settings, places: Places, repository: str | None) -> OwnIssues:
    github = places.github(repository) or the_github(settings)
    return OwnIssues(github, path=f"/repos/{repository or settings.repository}/issues")


def _listings(settings: Settings, repository: str | None) -> tuple[str | None, ...]:
    """Return what the issues of a repository are listed by: labels, then their creator, since either can be missing."""
    routed = (each for each in settings.routes or () if each.trigger_label and _names(each, settings) == repository)
    waiting = (TRIAGE,) if settings.terms != AS_EVER or any(each.handover for each in settings.routes or ()) else ()
    return (*dict.fromkeys((settings.trigger_label, *(each.trigger_label for each in routed), *waiting)), None)


def _after(place: Place, settings: Settings) -> Place | None:
    """Return where to go on when a list is read: the next one, or the next repository; None after the last."""
    if place.listing + 1 < len(_listings(settings, place.repository)):
        return Place(place.listing + 1, repository=place.repository)
    named = {_names(each, settings) for each in settings.routes or () if not each.drop}
    others = sorted(name for name in named if name is not None and name > (place.repository or ""))
    return Place(repository=others[0]) if others else None


def _names(route: Route, settings: Settings) -> str | None:
    """Return the repository of a route in lower case, None where it is that of the settings."""
    repository = destination_of(route, default=settings.repository).repository
    return repository and repository.lower()


def _remembered(listed: ListedIssue, now: float) -> Remembered | None:
    issue = listed.issue
    memory = recall(issue.body, issue.labels, created_at=listed.created_at, now=now)
    if memory is None or memory.marker.fingerprint.startswith("booty:"):  # about the pipe or a storm
        return None
    closed_at = None if issue.is_open else issue.closed_at or now
    return Remembered(
        memory.marker.fingerprint,
        memory.marker.event,
        issue=listed.ref,
        standing=Standing(closed_at, issue.has(MUTE) or issue.is_duplicate, now),
        severity=memory.severity,
        count=memory.count,
        first_seen=memory.first_seen,
        last_seen=memory.last_seen,
        releases=memory.releases,
    )
