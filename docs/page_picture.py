#!/usr/bin/env python3
"""Draw docs/page.png: the operator's page of a real service, after a week of alerts and the demo's story of today.

The six days before today go through the ledger's own doors, with the clock of then: an alert is decided about as the
webhook does it, and settled as the courier does. Today's alerts are real webhooks to a real gunicorn, which files them
with a stand-in for GitHub. The picture is taken by Debian's Chromium (`apt-get install chromium fonts-liberation`).

    PYTHONPATH=.:tests:script python docs/page_picture.py docs/page.png
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

import story
from support.alerts import alert
from support.browser import Browser
from support.ledger_doors import Ledger
from support.ledger_steps import DAY, HOUR, claim
from support.page_reader import PASSWORD, PATH, key
from support.sentry_events import RELEASE
from support.service import Service, eventually

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.issue import IssueRef, Standing
from booty.observability.alerts.severity import Severity
from booty.observability.ledger.schedule.jobs import FilingJob, Outcome

DAYS = 6
EARLIER = f"booty@{'9d4e1b07' * 5}"
WIDTH, HEIGHT = 900, 1000
"""CSS pixels."""
PROBLEMS = (
    ("KeyError: 'total'", Severity.ERROR, 5),
    ("TimeoutError: the warehouse does not answer", Severity.ERROR, 9),
    ("OperationalError: too many connections", Severity.FATAL, 3),
    ("DeprecationWarning: use order.lines", Severity.WARNING, 6),
    ("ValueError: not a postal code", Severity.ERROR, 1),
)
"""Title, level, alerts a day."""
WORDS = "422 Validation Failed: body is too long (maximum is 65536 characters)"


def week(ledger: Ledger, *, now: float) -> None:
    """Have alerts decided about and settled, up to yesterday; GitHub refuses one of them."""
    chance = random.Random(13)  # noqa: S311 - a picture, the same each time
    came = sorted(
        (now - DAYS * DAY + chance.betavariate(2, 2) * DAY + day * DAY, number)
        for day in range(DAYS)
        for number, (_, _, often) in enumerate(PROBLEMS)
        for _ in range(chance.randrange(often * 2))
    )
    for count, (at, number) in enumerate(at for at in came if at[0] < now - HOUR):
        release = EARLIER if at < now - 3.4 * DAY else RELEASE
        if claim(ledger, problem(number, event=f"{count:032x}", release=release), now=at).is_accepted:
            settle(ledger, number, now=at + 2)


def problem(number: int, *, event: str, release: str) -> Alert:
    """Return an alert of one of the problems."""
    title, severity, _ = PROBLEMS[number]
    return alert(fingerprint=f"shop:{number + 10}", event=event, title=title, severity=severity, release=release)


def settle(ledger: Ledger, number: int, *, now: float) -> None:
    """Do what is owed."""
    job = ledger.queue.take(now=now)
    if not isinstance(job, FilingJob):
        return
    if number == len(PROBLEMS) - 1:
        ledger.queue.refuse(job, WORDS, attempt=None, now=now)
    elif job.problem.issue is None:
        issue = number + 10
        ledger.queue.settle(job, IssueRef(issue, f"https://github.com/acme/shop/issues/{issue}"), now=now)
    else:
        ledger.queue.settle(job, None, now=now, outcome=Outcome(Standing(as_of=now)))


def main(out: Path) -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as folder, story.repository() as github, Browser() as browser:
        state = Path(folder) / "state"
        week(Ledger(state), now=time.time())
        with Service(state, github.environ | {"OBSV_PAGE_PASSWORD": PASSWORD}) as service:
            story.Story(service, github).birth()
            service.post(b"{}", headers={"Sentry-Hook-Signature": "of somebody else"})
            eventually(lambda: False, within=2)  # what was turned away is counted a moment later
            page = browser.open(f"http://127.0.0.1:{service.port}{PATH}", width=WIDTH, headers=key())
            page.picture(out, height=HEIGHT)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
