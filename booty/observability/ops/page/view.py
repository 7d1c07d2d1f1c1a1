"""What the page shows, as it is found in the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.config import Settings
from booty.observability.ledger.engines.engine import NoAccess, NotStored, Shelf
from booty.observability.ledger.engines.ports.store import Store
from booty.observability.ledger.inspection import Inspection, look_into
from booty.observability.ledger.journal.entries import Line, Refusals
from booty.observability.ledger.journal.reading import each_line, put_together, refusals_in
from booty.observability.ledger.journal.story import Story, story_of
from booty.observability.ledger.problems.seen_releases import first_seen
from booty.observability.ledger.repositories.home import KEY as HOME
from booty.observability.ops.journal.outlook import Outlook, outlook
from booty.observability.ops.journal.story_text import causes
from booty.observability.ops.page.plot import DAY, Plot, plot_of
from booty.observability.ops.status import Status
from booty.observability.ops.status_text import hold_ups

MOST_ROWS = 100
LONGEST_QUESTION = 500
WEEK_SECONDS = 7 * DAY


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of what was asked: the story with what it comes to, or the causes why there is none."""

    story: Story | None
    outlook: Outlook | None
    page: str | None
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class View:
    """All that the page shows at `now` (unix seconds); `fault` says why nothing could be read.

    `home` is the repository whose problems have no mark, where the ledger says.
    """

    now: float
    status: Status | None
    hold_ups: tuple[str, ...]
    plot: Plot
    rows: tuple[Line | Refusals, ...]
    is_cut: bool
    asked: str
    answer: Answer | None
    fault: str | None = None
    home: str | None = None


def look(settings: Settings, store: Store, asked: str, *, now: float) -> View:
    """Return what there is to show, with what is known of the problem that is `asked` for; empty: none is."""
    asked = asked.strip()[:LONGEST_QUESTION]
    try:
        status = _status(settings, store, now=now)
        found = look_into(store, lambda shelf: _read(shelf, asked, now=now))
    except (NoAccess, NotStored, OSError) as error:
        empty = plot_of((), (), (), now=now)
        return View(now, None, (), empty, (), is_cut=False, asked=asked, answer=None, fault=str(error))
    plot, lines, refusals, story, home = found or (plot_of((), (), (), now=now), [], [], None, None)
    everything: tuple[Line | Refusals, ...] = (*lines, *refusals)
    rows = sorted(everything, key=lambda row: row.at, reverse=True)
    return View(
        now,
        status,
        tuple(hold_ups(status.findings)),
        plot,
        tuple(rows[:MOST_ROWS]),
        is_cut=len(rows) > MOST_ROWS,
        asked=asked,
        answer=_answer(story, refusals, settings, now=now) if asked else None,
        home=home,
    )


def _status(settings: Settings, store: Store, *, now: float) -> Status:
    return Status(
        settings.state_dir,
        Inspection(store).look(now=now),
        unknown_names=settings.unknown_names,
        pages=SentryPages(settings.sentry_url),
        is_candidate=settings.candidate,
        now=now,
    )


def _read(shelf: Shelf, asked: str, *, now: float) -> tuple[Plot, list[Line], list[Refusals], Story | None, str | None]:
    """Return the plot, the newest lines, what was turned away, the story that is asked for, the ledger's home."""
    refusals, newest = refusals_in(shelf, since=now - WEEK_SECONDS), list[tuple[float, int, Line]]()
    plot = plot_of(_noting(each_line(shelf, now=now), newest), refusals, first_seen(shelf), now=now)
    story = story_of(shelf, asked, now=now) if asked else None
    return plot, put_together(line for _, _, line in sorted(newest)), refusals, story, shelf.get(HOME)


def _noting(lines: Iterable[Line], newest: list[tuple[float, int, Line]]) -> Iterator[Line]:
    """Yield all lines; have the newest of them in a heap afterwards."""
    for number, line in enumerate(lines):
        heappush(newest, (line.at, number, line))
        if len(newest) > MOST_ROWS + 1:
            heappop(newest)
        yield line


def _answer(story: Story | None, refusals: Iterable[Refusals], settings: Settings, *, now: float) -> Answer:
    if story is None:
        return Answer(None, None, None, tuple(causes(tuple(refusals))))
    urls = (line.sentry_url for line in reversed(story.lines) if line.sentry_url)
    page = next(filter(None, map(SentryPages(settings.sentry_url).link, urls)), None)
    return Answer(story, outlook(story, settings, now=now), page, ())
