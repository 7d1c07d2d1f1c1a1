"""The page's HTML: whatever is put into it is escaped, with every character spelt out that is not simply shown."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.ledger.journal.entries import Refusals
from booty.observability.ledger.repositories.names import issue_shown, repository_in
from booty.observability.ledger.repositories.names import shown as named
from booty.observability.ops.console.moments import moment
from booty.observability.ops.journal.line_text import decision_text, outcome_text, refusals_text, story_lines
from booty.observability.ops.journal.story_text import UNKNOWN, short_id
from booty.observability.ops.page.plot import DAY, DAYS, OUTCOMES
from booty.observability.ops.page.style import STYLE
from booty.observability.ops.page.view import View
from booty.observability.ops.status_text import CANDIDATE, remarks
from booty.observability.text.moments import iso
from booty.observability.text.terminal import plain

MOST_NAMED = 100


def shown(value: object) -> object:
    """Return what is put into the page in place of `value`."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


ENVIRONMENT = Environment(
    autoescape=True, finalize=shown, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
TEMPLATE = ENVIRONMENT.from_string(
    Path(__file__).with_name("page.html").read_text(encoding="utf-8"),
    globals={
        "STYLE": Markup(STYLE),  # noqa: S704 - a file of ours
        "CANDIDATE": CANDIDATE,
        "UNKNOWN": UNKNOWN,
        "OUTCOMES": OUTCOMES,
        "DAY": DAY,
        "DAYS": DAYS,
        "MOST_NAMED": MOST_NAMED,
        "iso": iso,
        "quoted": partial(quote, safe="", errors="replace"),
        "short_id": short_id,
        "outcome_text": outcome_text,
        "named": named,
        "remarks": remarks,
        "issue_shown": issue_shown,
        "is_refusals": lambda row: isinstance(row, Refusals),
    },
)


def render(view: View, pages: SentryPages, *, repository_url: str) -> str:
    """Return the page; only pages of that Sentry are linked, and issues of the GitHub that `repository_url` is on."""
    return TEMPLATE.render(
        view=view,
        repository_url=repository_url,
        issue_url=partial(_issue_url, view.home, repository_url),
        sentry_page=lambda url: pages.link(url) if url else None,
        moment=partial(moment, now=view.now),
        decision_text=partial(decision_text, now=view.now),
        refusals_text=partial(refusals_text, now=view.now),
        story_lines=partial(story_lines, now=view.now),
    )


def _issue_url(home: str | None, repository_url: str, name: str, number: int) -> str:
    """Return the address of the issue of the problem of that name; `home` is the ledger's, if that is known."""
    server, owner, repository = repository_url.rsplit("/", 2)
    own = f"{owner}/{repository}"
    named = repository_in(name) or home or own
    return f"{server}/{own if named == own.lower() else named}/issues/{number}"
