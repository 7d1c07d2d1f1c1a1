"""Each of the app's own frames links to its line, once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import alerts
from support.alerts import alert, frame
from support.repository_stand_in import SHA
from support.sentry_events import body_of, sample

from booty.observability.alerts.alert import Alert, Frame, Raised
from booty.observability.issues.code import permalinks
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.code.permalinks import MOST_LINKS, Found
from booty.observability.issues.code.source_tree import SourceTree
from booty.observability.sentry.payload import parse

BLOB = f"https://github.com/acme/shop/blob/{SHA}"
TREE = SourceTree(["src/shop/store.py", "src/shop/web.py", "src/a/models.py", "src/b/models.py", "flask/app.py"])


def find(told: Alert, tree: SourceTree = TREE) -> Found:
    return permalinks.find(told, tree=tree, commit=SHA, web=WebLinks("https://github.com/acme/shop"))


def lines(found: Found) -> list[str]:
    return [link.url.removeprefix(f"{BLOB}/") for link in found.calls]


def test_links_the_crash_then_the_calls_then_the_causes() -> None:
    found = find(alerts.python_chained())

    assert found.crash_path == "src/shop/store.py"
    assert found.crash is not None
    assert found.crash.url == f"{BLOB}/src/shop/store.py#L13-L17"
    assert lines(found) == ["src/shop/web.py#L17", "src/shop/store.py#L13"]


def test_links_no_library_even_where_the_repository_has_such_a_file() -> None:
    found = find(alert(stack=(frame("flask/app.py", 3, "f", in_app=False),)))

    assert found == Found(None, None, ())


def test_leaves_what_is_ambiguous_as_text() -> None:
    found = find(alert(stack=(frame("models.py", 1, "f"), frame("shop/web.py", 2, "g"), frame("models.py", 3, "h"))))

    assert (found.crash_path, found.crash) == (None, None)
    assert lines(found) == ["src/shop/web.py#L2"]


def test_links_one_line_once() -> None:
    walk = frame("shop/web.py", 31, "walk")
    found = find(alert(raised=(Raised(frames=(walk, frame("shop/store.py", 2, "f"), walk)), Raised(frames=(walk,)))))

    assert found.crash is not None
    assert lines(found) == ["src/shop/store.py#L2"]


def test_links_the_calls_of_a_cause_too_and_no_more_than_a_reader_bears() -> None:
    cause = Raised(frames=(frame("shop/web.py", 4, "f"), frame("shop/store.py", 5, "g")))
    deep = Raised(frames=tuple(frame("shop/web.py", line, "f") for line in range(1, 40)))

    assert lines(find(alert(raised=(Raised(frames=(frame("shop/store.py", 1, "h"),)), cause)))) == [
        "src/shop/store.py#L5",
        "src/shop/web.py#L4",
    ]
    assert lines(find(alert(raised=(deep,)))) == [f"src/shop/web.py#L{line}" for line in range(38, 38 - MOST_LINKS, -1)]


def test_knows_the_file_of_a_crash_without_a_line() -> None:
    found = find(alert(stack=(Frame(path="shop/web.py", in_app=True),)))

    assert found == Found("src/shop/web.py", None, ())


@pytest.mark.parametrize("told", [alerts.message_only(), alerts.metric(), alerts.native(), alert(raised=(Raised(),))])
def test_links_nothing_without_files(told: Alert) -> None:
    assert find(told) == Found(None, None, ())


OWN = ["shop/store.py", "/srv/x/current/shop/web.py", "models.py", "/b/models.py", "other.py", None]
FRAME = st.builds(
    Frame, path=st.sampled_from(OWN), line=st.none() | st.integers(1, 5), in_app=st.just(value=True)
) | st.builds(Frame, path=st.sampled_from(["flask/app.py", "lib.py"]), line=st.integers(1, 5))
FILES = {
    "shop/store.py": "src/shop/store.py",
    "/srv/x/current/shop/web.py": "src/shop/web.py",
    "/b/models.py": "src/b/models.py",
}


@given(st.lists(FRAME, max_size=MOST_LINKS))
def test_every_frame_of_the_app_with_one_file_links_to_its_line_and_no_other_does(frames: list[Frame]) -> None:
    found = find(alert(stack=tuple(frames)))

    own = {
        f"{BLOB}/{FILES[each.path]}#L{each.line}" for each in frames if each.in_app and each.line and each.path in FILES
    }
    crash = [found.crash.frame] if found.crash else []
    linked = {link.url for link in found.calls}
    assert linked | {f"{BLOB}/{FILES[each.path or '']}#L{each.line}" for each in crash} == own
    assert len(linked) == len(found.calls)


@pytest.mark.parametrize(
    ("body", "files", "links"),
    [
        (
            "event_alert.triggered.python-flask",
            ["backend/shop/store.py", "backend/shop/web.py", "docs/store.py", "shop/other.py"],
            ["backend/shop/store.py#L13-L15", "backend/shop/web.py#L17", "backend/shop/store.py#L13"],
        ),
        ("error.created.python", ["services/api/stats.py", "stats.py/readme"], ["services/api/stats.py#L5-L9"]),
        (
            "event_alert.triggered.php",
            ["src/Controller/OrderController.php", "public/index.php", "tests/Controller/OrderController.php"],
            ["src/Controller/OrderController.php#L39-L43", "public/index.php#L25"],
        ),
        (
            "event_alert.triggered.ruby",
            ["web/app/controllers/members_controller.rb"],
            ["web/app/controllers/members_controller.rb#L10-L13"],
        ),
        ("event_alert.triggered.javascript-browser", ["src/checkout.ts"], []),
        ("event_alert.triggered.javascript-aggregate", ["a/src/jobs/import.ts", "b/src/jobs/import.ts"], []),
    ],
)
def test_links_captured_bodies_by_the_end_of_their_paths(body: str, files: list[str], links: list[str]) -> None:
    told = parse(body_of(sample(body)), body.split(".", maxsplit=1)[0])
    found = find(told, SourceTree(files))

    crash = [found.crash.url.removeprefix(f"{BLOB}/")] if found.crash else []
    assert crash + lines(found) == links
