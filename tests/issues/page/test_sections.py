"""Each section says what its reader asks, in few words, and is silent when there is nothing to say."""

from __future__ import annotations

import re

import pytest
from support import alerts
from support.alerts import AT, alert, crumbs, frame
from support.sentry_events import alert_of

from booty.observability.alerts.alert import Alert, Breadcrumb, Frame, Raised, Request
from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.issues.page.body import PAGE
from booty.observability.issues.page.context import ALONE, Context
from booty.observability.issues.page.notice import OF_AN_ISSUE
from booty.observability.issues.page.sections import breadcrumbs, exceptions, facts, message, notice, ran_on


def test_lists_the_facts_that_no_other_part_tells() -> None:
    assert facts(alerts.python_chained()).splitlines() == [
        "- **Severity:** error",
        "- **Request:** `GET /orders/99`",
        "- **Culprit:** `order`",
        "- **Project:** `shop`",
        "- **Alert rule:** `Errors in production`",
        "- **Sentry:** [open in Sentry](https://acme.sentry.io/issues/6123456789/)",
    ]


@pytest.mark.parametrize(
    "told",
    [
        alert(culprit="/orders", detected="Slow DB Query"),
        alert(culprit="shop.cart in total", stack=(Frame(path="shop/cart.py", function="total", module="shop.cart"),)),
        alert(culprit="shop/cart.py in total", stack=(frame("shop/cart.py", 9, "total"),)),
        alert(culprit="POST /q", request=Request(method="POST", path="/q"), stack=(frame("a.py", 3, "f"),)),
        alert(culprit="/q", request=Request(method="GET", path="/q"), stack=(frame("a.py", 3, "f"),)),
        alert(culprit="Cart(src/Cart)", stack=(Frame(path="src/Cart.tsx", function="Cart", module="src/Cart"),)),
        alert(kind="metric", rule="Too many 500s"),
    ],
)
def test_does_not_list_what_the_first_sentence_says(told: Alert) -> None:
    assert not re.search("Culprit|Alert rule", facts(told))


@pytest.mark.parametrize(
    ("request_", "shown"),
    [
        (Request(method="GET", path="/cart"), "- **Request:** `GET /cart`"),
        (Request(path="/cart"), "- **Request:** `/cart`"),
        (Request(method="POST"), "- **Request:** `POST`"),
        (Request(), None),
        (None, None),
    ],
)
def test_shows_of_the_request_what_is_known(request_: Request | None, shown: str | None) -> None:
    rows = facts(alert(request=request_)).splitlines()

    assert [row for row in rows if "Request" in row] == ([shown] if shown else [])


def test_links_to_sentry_or_shows_the_whole_address_as_code() -> None:
    address = "http://sentry.lan:9000/organizations/acme/issues/8/"
    told = alert(sentry_url=address)

    assert f"- **Sentry:** `{address}`" in facts(told).splitlines()
    at_home = Context(sentry=SentryPages("http://sentry.lan:9000"))
    assert f"- **Sentry:** [open in Sentry]({address})" in facts(told, at_home).splitlines()


def test_the_notice_is_part_of_every_issue() -> None:
    assert notice(alert()) == OF_AN_ISSUE
    assert notice in PAGE
    assert "\n" not in OF_AN_ISSUE


def test_shows_the_raised_exception_first_and_then_its_causes() -> None:
    assert exceptions(alerts.python_chained()) == (
        "### Exception\n```\nOrderMissing: no order '99'\n```\n\n**Caused by** at `shop/store.py:13` in `total`\n\n"
        "```\nKeyError: '99'\n    return ORDERS[number]['total']\n```"
    )


@pytest.mark.parametrize(
    "group", ["ExceptionGroup", "BaseExceptionGroup", "AggregateError", "System.AggregateException"]
)
def test_does_not_call_the_members_of_a_group_causes(group: str) -> None:
    shown = exceptions(alert(raised=(Raised(type=group), Raised(type="KeyError")))) or ""

    assert "**In the group**" in shown
    assert "Caused by" not in shown


@pytest.mark.parametrize(
    ("raised", "shown"),
    [
        (Raised(type="ValueError"), "ValueError"),
        (Raised(message="no type"), "no type"),
        (Raised(), "no type, no message"),
        (Raised(type="ValueError", message="two\nlines"), "ValueError: two\nlines"),
        (Raised(type="Assertion failed", message="Assertion failed: at >= 0"), "Assertion failed: at >= 0"),
    ],
)
def test_shows_of_an_exception_what_is_known(raised: Raised, shown: str) -> None:
    assert exceptions(alert(raised=(raised,))) == f"### Exception\n```\n{shown}\n```"


@pytest.mark.parametrize(("kept", "left_out"), [(8, 32), (3, 5)])
def test_says_how_many_of_a_chain_are_left_out(kept: int, left_out: int) -> None:
    chain = tuple(Raised(type=f"E{number}") for number in range(kept))
    shown = exceptions(alert(raised=chain, raised_left_out=left_out)) or ""

    assert f"*{left_out} between these and the last are left out.*\n\n**Caused by**\n\n```\nE{kept - 1}\n```" in shown


@pytest.mark.parametrize("number", [251, 5_000])
def test_names_no_number_of_exceptions_that_it_cannot_know(number: int) -> None:
    told = alert_of(exception={"values": [{"type": f"E{at}", "value": "[,]" * 20} for at in range(number)]})

    assert "*Many between these and the last are left out.*" in (exceptions(told) or "")


def test_shows_the_message_of_an_event_without_exception() -> None:
    assert message(alert(message="Queue depth 5120", title="Queue")) == "### Message\n\n```\nQueue depth 5120\n```"


def test_shows_no_title_beside_details_which_say_more() -> None:
    assert message(alert(title="N+1 Query: SELECT 1", details=(("Repeated", "SELECT 1"),))) is None


def test_shows_the_title_where_there_is_no_message() -> None:
    assert message(alert(title="Blocked 'script'")) == "### Message\n\n```\nBlocked 'script'\n```"


def test_shows_what_was_logged_beside_an_exception_only_if_it_says_more() -> None:
    raised = (Raised(type="ValueError", message="could not post 17"),)

    assert message(alert(raised=raised, message="Posting failed")) == "### Logged message\n\n```\nPosting failed\n```"
    assert message(alert(raised=raised, message="could not post 17")) is None
    assert message(alert(raised=raised, title="ValueError: could not post 17")) is None


@pytest.mark.parametrize("logged", ["ValueError", "ValueError: no price", "no price"])
def test_does_not_repeat_as_logged_what_the_exception_says(logged: str) -> None:
    raised = (Raised(type="ValueError", message="no price\nof line 3"),)

    assert message(alert(message=logged, raised=raised)) is None


def test_shows_what_a_metric_alert_says() -> None:
    assert message(alerts.metric()) == (
        "### What the alert says\n\n```\n143 events in the last 10 minutes\nFilter: http.status_code:500\n```"
    )


def test_shows_the_breadcrumbs_oldest_first() -> None:
    shown = breadcrumbs(alert(breadcrumbs=crumbs("step 1", "step 2"))) or ""

    rows = [line for line in shown.splitlines() if "step" in line]
    assert rows == ["09:48:10  info     query  step 1", "09:48:11  info     query  step 2"]
    assert "Newest at the bottom, times in UTC." in shown


def test_says_of_how_many_breadcrumbs_it_shows_the_last() -> None:
    shown = breadcrumbs(alert(breadcrumbs=crumbs(*"abcdefgh"), breadcrumbs_before=92)) or ""

    assert "The last 8 of 100, newest at the bottom" in shown


def test_shows_160_characters_of_a_breadcrumb_on_one_line() -> None:
    shown = breadcrumbs(alert(breadcrumbs=(Breadcrumb(text="two\nlines " + "a" * 300),))) or ""

    assert shown.splitlines()[-2] == f"--:--:--  {'two lines ' + 'a' * 149}…"


def test_shows_no_secret_of_a_breadcrumb() -> None:
    text = "GET https://bob:hunter2@api.example.com/cart?session=4711&page=2 [200]"
    shown = breadcrumbs(alert(breadcrumbs=(Breadcrumb(at=AT, text=text),))) or ""

    assert "GET https://[redacted]@api.example.com/cart?session=[redacted]&page=2 [200]" in shown


def test_is_silent_about_what_an_alert_does_not_have() -> None:
    bare = alert(project=None, occurred_at=None)

    assert [section(bare, ALONE) for section in PAGE if section(bare, ALONE)] == [
        "Message logged.",
        OF_AN_ISSUE,
        "- **Severity:** error",
    ]


def test_folds_away_what_it_ran_on_with_the_tags_that_say_something_new() -> None:
    told = alert(
        contexts=(("runtime", "CPython 3.11.7"), ("os", "Debian 12")),
        tags=(
            ("environment", "production"),
            ("level", "error"),
            ("release", "shop@1"),
            ("runtime", "CPython 3.11.7"),
            ("transaction", "/cart"),
            ("logger", "shop.orders"),
        ),
        culprit="shop.orders",
    )

    assert ran_on(told) == (
        "<details>\n<summary>What it ran on, and its tags</summary>\n\n"
        "- `runtime`: `CPython 3.11.7`\n- `os`: `Debian 12`\n- `transaction`: `/cart`\n\n</details>"
    )


def test_folds_nothing_away_when_there_is_nothing() -> None:
    assert ran_on(alert(tags=(("level", "error"),))) is None
