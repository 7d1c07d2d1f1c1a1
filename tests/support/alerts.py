"""Alerts as the renderer gets them, built by hand: what a test does not name is left at a plain value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from booty.observability.alerts.alert import Alert, Breadcrumb, Frame, Raised, Request
from booty.observability.alerts.severity import Severity

RELEASE = "booty@3f6c1d0e9b8a7f6e5d4c3b2a19081726354453f2"
AT = datetime(2026, 11, 23, 9, 48, 11, 632939, tzinfo=UTC)


def alert(**changes: object) -> Alert:
    """Build the alert of a plain event, with `changes` to its fields."""
    plain = {
        "fingerprint": "4507012345678848:6123456789",
        "event": "50541c551ea5498d86368552b327a978",
        "severity": Severity.ERROR,
        "project": "shop",
        "occurred_at": AT,
    }
    return Alert.read(plain | changes)


def frame(path: str, line: int, function: str, source: str | None = None, *, in_app: bool = True) -> Frame:
    """Build one frame of a language with files."""
    return Frame(path=path, line=line, function=function, source=source, in_app=in_app)


def crumbs(*texts: str, category: str = "query", level: str = "info") -> tuple[Breadcrumb, ...]:
    """Build breadcrumbs, one a second, the last one at the time of the crash."""
    return tuple(
        Breadcrumb(at=AT - timedelta(seconds=len(texts) - number), category=category, level=level, text=text)
        for number, text in enumerate(texts, start=1)
    )


FLASK = (
    frame("flask/app.py", 1511, "wsgi_app", "response = self.full_dispatch_request()", in_app=False),
    frame("flask/app.py", 919, "full_dispatch_request", "rv = self.handle_user_exception(e)", in_app=False),
    frame("flask/app.py", 917, "full_dispatch_request", "rv = self.dispatch_request()", in_app=False),
    frame("flask/app.py", 902, "dispatch_request", "return self.view_functions[rule.endpoint](**args)", in_app=False),
    frame("flask_login/utils.py", 290, "decorated_view", "return func(*args, **kwargs)", in_app=False),
)


def python_chained() -> Alert:
    """Build a web request that failed: one exception raised from another."""
    store = Frame(
        path="shop/store.py",
        line=15,
        function="total",
        before=("    try:", "        return ORDERS[number]['total']", "    except KeyError as error:"),
        source='        raise OrderMissing(f"no order {number!r}") from error',
        after=("", "", "def cancel(number: str) -> None:"),
        in_app=True,
    )
    cause = frame("shop/store.py", 13, "total", "        return ORDERS[number]['total']")
    view = frame("shop/web.py", 17, "order", "    return str(store.total(number))")
    return alert(
        environment="production",
        release=RELEASE,
        culprit="order",
        rule="Errors in production",
        sentry_url="https://acme.sentry.io/issues/6123456789/",
        is_handled=False,
        request=Request(method="GET", path="/orders/99"),
        raised=(
            Raised(type="OrderMissing", message="no order '99'", frames=(*FLASK, view, store)),
            Raised(type="KeyError", message="'99'", frames=(cause,)),
        ),
        breadcrumbs=(
            *crumbs(*(f"cache miss for order:{number}" for number in range(90, 99)))[2:],
            *crumbs("looking for order 99", category="shop.web"),
        ),
        breadcrumbs_before=2,
    )


def message_only() -> Alert:
    """Build a warning that was logged, without any exception."""
    return alert(
        severity=Severity.WARNING,
        message="Queue depth 5120 over limit 5000",
        title="Queue depth 5120 over limit 5000",
        culprit="shop.tasks in drain",
        environment="staging",
        rule="Warnings",
        breadcrumbs=crumbs("worker 3 started", "worker 3 stopped", category="celery"),
    )


def javascript() -> Alert:
    """Build a browser's error in bundled files, with a fetch before it."""
    source = "{snip} t.summary.total.toFixed(2)),e.append(n) {snip}"
    vendor = frame("assets/vendor-1c22de.js", 2, "HTMLButtonElement.dispatch", in_app=False)
    return alert(
        project="storefront",
        environment="production",
        release="storefront@4.18.2",
        culprit="render(assets/checkout-9f2b41.js)",
        sentry_url="https://acme.sentry.io/issues/5012345678/",
        request=Request(path="/checkout"),
        raised=(
            Raised(
                type="TypeError",
                message="Cannot read properties of undefined (reading 'total')",
                frames=(vendor, frame("assets/checkout-9f2b41.js", 1, "render", source)),
            ),
        ),
        breadcrumbs=crumbs("GET https://api.example.com/v2/cart?token=4f2a99 [200]", category="fetch"),
    )


def native() -> Alert:
    """Build a crash of a binary without files or lines."""
    addresses = ("0x7ffa3c1e7374", "0x7ff6a1b2c3d4", "0x7ff6a1b2f001")
    engine = "C:\\Program Files\\Engine\\engine.exe"
    frames = (
        Frame(function="BaseThreadInitThunk", package="C:\\Windows\\System32\\kernel32.dll", address=addresses[0]),
        Frame(package=engine, address=addresses[1], in_app=True),
        Frame(function="world::Player::move", package=engine, address=addresses[2], in_app=True),
    )
    return alert(
        severity=Severity.FATAL,
        project="engine",
        release="engine@3.2.1",
        raised=(Raised(type="EXCEPTION_ACCESS_VIOLATION_READ", message="Fatal Error: read of 0x18", frames=frames),),
    )


def metric() -> Alert:
    """Build a metric alert: no event, no stack."""
    return alert(
        kind="metric",
        fingerprint="metric:4031:8812",
        severity=Severity.FATAL,
        title="Critical: Too many 500s",
        message="143 events in the last 10 minutes\nFilter: http.status_code:500",
        details=(("Threshold", "above 100 (critical)"), ("Metric", "count()"), ("Window", "10 minutes")),
        environment="production",
        rule="Too many 500s",
        sentry_url="https://sentry.io/organizations/acme/alerts/rules/details/4031/?alert=214&referrer=metric_alert",
    )


def huge() -> Alert:
    """Build an endless recursion with an endless message."""
    walk = frame("shop/tree.py", 31, "walk", "    return [walk(child) for child in node]")
    walk = walk.but(times=970)
    return alert(
        environment="production",
        release=RELEASE,
        raised=(
            Raised(
                type="RecursionError",
                message="maximum recursion depth exceeded\n" + "node → " * 20_000,
                frames=(
                    *FLASK,
                    frame("shop/web.py", 44, "tree", "    return walk(root)"),
                    walk.but(times=970),
                ),
            ),
            *(Raised(type=f"Cause{number}", message="long " * 4_000) for number in (*range(6), 39)),
        ),
        raised_left_out=33,
        breadcrumbs=crumbs(*("a very long breadcrumb " * 50 for _ in range(100)))[-8:],
        breadcrumbs_before=92,
    )


def hostile(texts: Sequence[str]) -> Alert:
    """Build an alert that holds all of `texts`, joined by line ends, in every field that takes text."""
    evil = "\n".join(texts)
    where = Frame(
        path=evil, absolute_path=evil, module=evil, function=evil, line=7, before=(evil, evil), source=evil,
        after=(evil,), locals=((evil, evil),), in_app=True, package=evil, address=evil,
    )  # fmt: skip
    bare = Frame(function=evil, package=evil, address=evil)
    raised = Raised(type=evil, message=evil, frames=(bare, where))
    crumb = Breadcrumb(at=AT, category=evil, level=evil, text=evil)
    return alert(
        project=evil, title=evil, message=evil + "!", detected=evil, culprit=evil, environment=evil,
        release=evil, rule=evil, sentry_url=evil, raised=(raised, raised), stack=(where,), breadcrumbs=(crumb,) * 8,
        breadcrumbs_before=1,
        request=Request(method=evil, path="/" + evil), contexts=((evil, evil),), tags=((evil, evil + "!"),),
        details=((evil, evil),),
    )  # fmt: skip
