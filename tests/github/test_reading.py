"""Lists that GitHub gives page by page."""

from __future__ import annotations

from support.github_issues import draft, tracker
from support.github_stand_in import GitHubStandIn

from booty.observability.github.reading import PER_PAGE

LONG_AGO = 1_000_000_000.0


def test_finds_its_issue_on_a_later_page(real: GitHubStandIn) -> None:
    of = tracker(real.api_url)
    filing = of.create(draft())
    for number in range(2 * PER_PAGE):
        of.create(draft(event=f"{number:032}"))

    assert of.find(draft(), since=LONG_AGO) == filing
