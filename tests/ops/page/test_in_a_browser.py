"""The page of a real service in a real Chromium: nothing in it acts; it fits a phone, the dark, a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest
from support.browser import Browser, Tab
from support.github_stand_in import GitHubStandIn
from support.hostile import TEXTS
from support.page_reader import PASSWORD, PATH, key
from support.sentry_events import body_of
from support.service import Service, eventually
from support.stand_in import Fault, says

ACTIVE = (
    '"><script>window.ran = 1</script>',
    "<img src=x onerror='window.ran = 1'>",
    "<svg onload=window.ran=1><style>*{display:none}</style>",
    "<a href='javascript:window.ran=1' id=q autofocus onfocus=window.ran=1>x</a>",
    "</title></style><base href=https://evil.example/><meta http-equiv=refresh content='0;url=https://evil.example'>",
    "W" * 300,
    "{{ 7 * 7 }}{% raw %}",
)
HOSTILE = (*ACTIVE, *TEXTS)
RATIO = 4.5
"""The least contrast of text (https://www.w3.org/TR/WCAG22/#contrast-minimum)."""
OVERFLOW = """[...document.querySelectorAll('body *')].filter(each => {
  const box = each.getBoundingClientRect();
  return box.right > innerWidth + 0.5 || box.left < -0.5;
}).map(each => each.outerHTML.slice(0, 200))"""
SQUEEZED = """[...document.querySelectorAll('body *')].filter(each => {
  const own = [...each.childNodes].filter(child => child.nodeType === Node.TEXT_NODE).map(child => child.data).join('');
  return own.trim().length > 20 && each.getClientRects().length && each.getBoundingClientRect().width < 80;
}).map(each => each.outerHTML.slice(0, 200))"""
COLOURS = """[...document.querySelectorAll('body *')].filter(each => [...each.childNodes].some(
  child => child.nodeType === Node.TEXT_NODE && child.data.trim()
)).map(each => [getComputedStyle(each).color, each.outerHTML.slice(0, 100)])"""
ATTACK = """(() => {
  document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}));
  document.body.append(Object.assign(document.createElement('img'), {src: 'http://127.0.0.1:9/beacon'}));
  document.body.append(Object.assign(document.createElement('div'), {innerHTML: '<b style="color: red">x</b>'}));
  return getComputedStyle(document.querySelector('b')).color;
})()"""


def alert(number: int, text: str) -> bytes:
    """Return the body of an alert that says the same everywhere."""
    frame = {"filename": text, "function": text, "module": text, "abs_path": text, "context_line": text, "lineno": 1}
    event = {
        "issue_id": str(number),
        "event_id": f"{number:032x}",
        "level": "error",
        "project_slug": text,
        "web_url": f"https://acme.sentry.io/issues/{number}/",
        **dict.fromkeys(("title", "culprit", "message", "release", "environment", "platform", "transaction"), text),
        "exception": {"values": [{"type": text, "value": text, "stacktrace": {"frames": [frame]}}]},
        "tags": [[text, text]],
    }
    return body_of({"action": "triggered", "data": {"event": event, "triggered_rule": text}})


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Run a service that got hostile alerts: one is refused in hostile words, the others wait for the same reason."""
    with GitHubStandIn() as github:
        github.fail(says(422, {"message": " ".join(ACTIVE)}), path="/issues", times=1)
        github.fail(Fault(503, {}, says(503, {"message": " ".join(ACTIVE)}).body), path="/issues")
        state = tmp_path_factory.mktemp("hostile") / "state"
        with Service(state, github.environ | {"OBSV_PAGE_PASSWORD": PASSWORD}) as service:
            for number, text in enumerate(HOSTILE):
                assert service.post(alert(number, text)).status == 202
                assert service.post(alert(number, text)).status == 200
            assert service.post(b"{}", headers={"Sentry-Hook-Signature": "nobody's"}).status == 401
            assert eventually(lambda: bool(service.events("delivery_refused") and service.events("delivery_postponed")))
            yield service


def opened(browser: Browser, service: Service, asked: str | None = None, **look: object) -> Tab:
    query = "" if asked is None else f"?q={quote(asked)}#why"
    return browser.open(f"http://127.0.0.1:{service.port}{PATH}{query}", headers=key(), **look)


def luminance(colour: tuple[float, ...]) -> float:
    """Return the relative luminance of a colour (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def rgb(colour: str) -> tuple[float, ...]:
    return tuple(float(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(rgb(one)), luminance(rgb(other))))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("asked", [None, "unknown:0", " ".join(ACTIVE)])
def test_nothing_of_the_text_acts_and_no_request_leaves(browser: Browser, service: Service, asked: str | None) -> None:
    tab = opened(browser, service, asked)

    foreign = "script, img, iframe, object, embed, base, meta[http-equiv], link, [onerror], [onload], [style], b, s"
    assert tab.run("document.title") == "Sentry to GitHub"
    assert tab.run("typeof window.ran") == "undefined"
    assert tab.run(f"document.querySelectorAll({foreign!r}).length") == 0
    assert {urlsplit(url).netloc for url in tab.requests()} == {f"127.0.0.1:{service.port}"}
    assert len(tab.requests()) == 1
    assert tab.events("Log.entryAdded") == []
    assert "window.ran = 1" in tab.run("document.body.textContent")


def test_even_what_got_into_the_page_could_not_act(browser: Browser, service: Service) -> None:
    tab = opened(browser, service)

    colour = tab.run(ATTACK)

    assert colour != "rgb(255, 0, 0)"
    assert tab.run("typeof window.ran") == "undefined"
    assert not [url for url in tab.requests() if "beacon" in url and not blocked(tab, url)]


def blocked(tab: Tab, url: str) -> bool:
    failed = {event["requestId"]: event.get("blockedReason") for event in tab.events("Network.loadingFailed")}
    asked = [event for event in tab.events("Network.requestWillBeSent") if event["request"]["url"] == url]
    return all(failed.get(event["requestId"]) == "csp" for event in asked)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("asked", [None, "unknown:0", "W" * 500])
def test_fits_the_width_of_a_phone(browser: Browser, service: Service, asked: str | None, scheme: str) -> None:
    tab = opened(browser, service, asked, width=360, scheme=scheme)
    tab.run("document.querySelector('details').open = true")

    assert tab.run("document.documentElement.scrollWidth") == 360
    assert tab.run(OVERFLOW) == []
    assert tab.run(SQUEEZED) == []


def test_is_dark_where_that_is_preferred_and_its_text_stands_out_in_both(browser: Browser, service: Service) -> None:
    papers = {}
    for scheme in ("light", "dark"):
        tab = opened(browser, service, "unknown:0", scheme=scheme)
        papers[scheme] = tab.run("getComputedStyle(document.body).backgroundColor")
        faint = [what for colour, what in tab.run(COLOURS) if contrast(colour, papers[scheme]) < RATIO]
        assert faint == []

    assert luminance(rgb(papers["dark"])) < 0.05
    assert luminance(rgb(papers["light"])) > 0.9


@pytest.mark.parametrize("width", [360, 1000])
def test_is_told_by_a_screen_reader(browser: Browser, service: Service, width: int) -> None:
    tab = opened(browser, service, "unknown:0", width=width)
    tab.run("document.querySelector('details').open = true")

    tree = tab.tree()

    named = {(role, name) for role, name in tree if role in {"heading", "columnheader", "searchbox", "button"}}
    headings = ["Sentry to GitHub", "A person is needed", "Alerts an hour", "What waits", "What GitHub refused"]
    assert {("heading", name) for name in [*headings, "Why is there no issue?", "What was decided"]} <= named
    assert {
        ("columnheader", name) for name in ("day", "filed", "since", "problem", "decision", "GitHub's words")
    } <= named
    assert ("button", "Tell") in named
    assert [name for role, name in tree if role == "searchbox"] == [
        "A problem's page in Sentry or on GitHub, its short id, its fingerprint, the id of an event, or #12"
    ]
    (plot,) = [name for role, name in tree if role == "image"]
    assert plot.startswith(f"{2 * len(HOSTILE) + 1} alerts in 7 days, at most ")
    assert sum(role in {"table", "LayoutTable"} for role, _ in tree) == 4
    assert sum(role == "main" for role, _ in tree) == 1


def test_its_box_tells_what_is_asked(browser: Browser, service: Service) -> None:
    tab = opened(browser, service)

    tab.submit(q="https://acme.sentry.io/issues/0/")

    assert tab.run("location.search + location.hash").endswith("#why")
    assert "GitHub refused it" in tab.run("document.querySelector('section[aria-labelledby=why]').textContent")
