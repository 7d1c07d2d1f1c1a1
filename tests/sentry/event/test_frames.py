"""The frames that are kept of a stack: the newest, the app's own before others."""

from __future__ import annotations

import pytest
from support.sentry_events import alert_of, stacktrace, thrown


@pytest.mark.parametrize(
    "frames",
    [{}, None, {"frames": None}, {"frames": {}}, {"frames": [None, 3, {}]}, {"frames": [{"lineno": 3}]}],
    ids=str,
)
def test_a_stack_that_says_nothing_is_none(frames: object) -> None:
    alert = alert_of(exception={"values": [thrown("Raised", stacktrace=frames)]}, stacktrace=frames, threads=frames)

    assert alert.raised[0].frames == ()
    assert alert.stack == ()


def test_keeps_the_newest_frames_oldest_call_first() -> None:
    frames = [{"function": str(number)} for number in range(500)]
    raised = alert_of(exception={"values": [thrown("Raised", stacktrace=stacktrace(*frames))]}).raised

    assert [frame.function for frame in raised[0].frames] == [str(number) for number in range(460, 500)]


def test_of_a_deep_stack_the_apps_own_frames_stay_with_the_newest() -> None:
    frames = [{"function": str(number), "in_app": number in {0, 1, 2, 30}} for number in range(100)]
    values = [thrown("Cause", stacktrace=stacktrace(*frames)), thrown("Raised")]

    cause = alert_of(exception={"values": values}).raised[1]

    assert [frame.function for frame in cause.frames] == ["0", "1", "2", "30", "94", "95", "96", "97", "98", "99"]


def test_a_recursion_does_not_push_out_who_called_it() -> None:
    recursion = [{"filename": "a.py", "function": "again", "lineno": 3, "in_app": True}] * 980
    frames = alert_of(stacktrace=stacktrace({"filename": "a.py", "function": "main", "lineno": 9}, *recursion)).stack

    assert [(frame.function, frame.times, frame.left_out) for frame in frames] == [("main", 1, 0), ("again", 980, 0)]


def test_counts_what_is_left_out_of_a_deep_stack() -> None:
    deep = [{"filename": "Chain.java", "function": f"call{number}", "in_app": number == 5} for number in range(120)]
    frames = alert_of(stacktrace=stacktrace(*deep)).stack

    assert len(frames) == 40
    assert sum(frame.times + frame.left_out for frame in frames) == 120
    assert [(frame.function, frame.left_out) for frame in frames[:3]] == [("call5", 5), ("call81", 75), ("call82", 0)]


def test_the_lines_around_come_with_the_newest_frame_of_the_app_alone() -> None:
    around = {"pre_context": ["a", None, "b  "], "context_line": "crash()\n", "post_context": ["", "c"]}
    frames = [{"function": name, "in_app": name != "library", **around} for name in ("main", "app", "library")]
    main, app, library = alert_of(exception={"values": [thrown("E", stacktrace=stacktrace(*frames))]}).raised[0].frames

    assert (app.before, app.source, app.after) == (("a", "b"), "crash()", ("", "c"))
    assert (main.before, main.after, library.before, library.after) == ((), (), (), ())
    assert main.source == library.source == "crash()"


def test_a_frame_tells_the_same_whatever_stack_it_was_in_before() -> None:
    shared = {"filename": "shop/cart.py", "function": "total", "lineno": 9, "context_line": "x()", "pre_context": ["a"]}
    last = {"filename": "shop/view.py", "function": "view", "in_app": True}
    stacks = {
        "crash": ([shared | {"in_app": True}], [(True, ("a",), 1, 0)]),
        "caller": ([shared, last], [(False, (), 1, 0), (True, (), 1, 0)]),
        "recursion": ([shared, shared, last], [(False, (), 2, 0), (True, (), 1, 0)]),
        "other lines": ([shared | {"in_app": True, "pre_context": ["b"]}], [(True, ("b",), 1, 0)]),
    }
    for frames, told in [*stacks.values(), *reversed(stacks.values())]:
        kept = alert_of(stacktrace=stacktrace(*frames)).stack

        assert [(each.in_app, each.before, each.times, each.left_out) for each in kept] == told
        assert (kept[0].path, kept[0].function, kept[0].source) == ("shop/cart.py", "total", "x()")


CACHE = {"filename": "/root/go/pkg/mod/github.com/other/conc@v0.3.0/server.go", "function": "Serve", "in_app": True}


def test_a_package_that_the_sdk_calls_the_apps_own_is_none_and_not_the_crash() -> None:
    frames = [{"filename": "cmd/app/main.go", "function": "main", "in_app": True}, CACHE]
    around = [frame | {"pre_context": ["a"]} for frame in frames]
    main, package = alert_of(exception={"values": [thrown("E", stacktrace=stacktrace(*around))]}).raised[0].frames

    assert (main.in_app, package.in_app) == (True, False)
    assert (main.before, package.before) == (("a",), ())


@pytest.mark.parametrize("name", ["native", "app:///native", "[native code]", "[internal]", "<anonymous>"])
def test_what_is_not_a_file_is_neither_the_apps_own_nor_the_crash(name: str) -> None:
    pressed = {"filename": "src/Cart.tsx", "lineno": 31, "function": "onPress", "in_app": True, "pre_context": ["a"]}
    frames = [pressed, {"filename": name, "function": "apply", "in_app": True}]
    ours, engine = alert_of(exception={"values": [thrown("E", stacktrace=stacktrace(*frames))]}).raised[0].frames

    assert (ours.in_app, ours.before, engine.in_app) == (True, ("a",), False)


def test_a_stack_of_packages_alone_stays_as_the_sdk_marked_it() -> None:
    frames = [CACHE, {"filename": "runtime/panic.go", "function": "panic"}]
    told = alert_of(exception={"values": [thrown("E", stacktrace=stacktrace(*frames))]})

    assert [frame.in_app for frame in told.raised[0].frames] == [True, False]
