"""What the page of an issue still tells of its problem."""

from __future__ import annotations

import pytest
from support import hostile

from booty.observability.alerts.severity import Severity
from booty.observability.issues.life.counter import counter, read_counter
from booty.observability.issues.life.memory import recall

MARKER = "<!-- booty:fingerprint=42:1 event=e1 -->"
MADE, NOW = 1_795_000_000.0, 1_795_100_000.0


def test_a_page_that_nobody_wrote_to_tells_of_one_alert_and_its_release() -> None:
    memory = recall(f"`KeyError` raised, in release `booty@abc`, on `web`.\n\n{MARKER}", (), created_at=MADE, now=NOW)

    assert memory is not None
    assert (memory.marker.fingerprint, memory.marker.event) == ("42:1", "e1")
    assert (memory.count, memory.first_seen, memory.last_seen) == (1, MADE, MADE)
    assert (memory.severity, memory.releases) == (None, ("booty@abc",))


def test_the_counter_is_read_as_it_was_written() -> None:
    block = counter(count=12_345, first_seen=MADE, last_seen=NOW, releases=["a", "b"])

    assert read_counter(f"It broke.\r\n\r\n{block}\r\n") == (12_345, MADE // 60 * 60, NOW // 60 * 60)
    assert read_counter(f"```\n{block}\n```") is None
    assert read_counter(counter(count=1, first_seen=MADE, last_seen=MADE, releases=[])) is None


@pytest.mark.parametrize("count", ["9" * 15, "1,,,2", "0"])
@pytest.mark.parametrize("day", ["2026-99-99", "2026-11-18", "0000-00-00"])
def test_what_people_made_of_the_counter_breaks_nothing(count: str, day: str) -> None:
    said = f"**Seen {count} times** since {day} 10:00 UTC, last on {day} 10:00 UTC."
    body = f"<!-- booty:counter -->\n{said}\n<!-- /booty:counter -->\n{MARKER}"

    memory = recall(body, (), created_at=MADE, now=NOW)

    assert memory is not None
    assert memory.count >= 1
    assert memory.first_seen <= memory.last_seen <= NOW


def test_the_worst_label_counts() -> None:
    memory = recall(MARKER, ("severity:info", "Severity:Error", "severity:x", "bug"), created_at=MADE, now=NOW)

    assert memory is not None
    assert memory.severity is Severity.ERROR


@pytest.mark.parametrize("text", [*(text for text in hostile.TEXTS if "booty:fingerprint" not in text), ""])
def test_a_page_without_our_marker_at_its_end_is_not_ours(text: str) -> None:
    assert recall(f"{MARKER}\n{text or 'x'}", (), created_at=MADE, now=NOW) is None
