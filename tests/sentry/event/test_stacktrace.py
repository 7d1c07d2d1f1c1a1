"""What broke, told from the exceptions and stacks of many platforms."""

from __future__ import annotations

import pytest
from support.sentry_events import Json, alert_of, body_of, capture, delivered, sample

from booty.observability.alerts.alert import Alert, Frame
from booty.observability.sentry.payload import parse


def alert_in(name: str) -> Alert:
    return parse(body_of(sample(f"event_alert.triggered.{name}")), "event_alert")


def thrown(type_: str, *, number: int | None = None, **more: object) -> Json:
    return {"type": type_, "value": f"of {type_}", "mechanism": {"type": "chained", "exception_id": number}, **more}


def stacktrace(*frames: object) -> Json:
    return {"frames": list(frames)}


def test_puts_the_raised_exception_first_and_its_root_cause_last() -> None:
    raised = alert_of(exception={"values": [thrown("Root"), thrown("Middle"), thrown("Raised")]}).raised

    assert [each.type for each in raised] == ["Raised", "Middle", "Root"]
    assert raised[0].message == "of Raised"


def test_reads_line_function_and_source_of_the_crash_in_every_platform() -> None:
    crashes = {
        name: (frame.path, frame.line, frame.function)
        for name in ("python-flask", "java", "php", "ruby", "unity", "go-cause-without-stack", "javascript-browser")
        for frame in [alert_in(name).raised[0].frames[-1]]
    }

    assert crashes == {
        "python-flask": ("shop/store.py", 15, "total"),
        "java": ("InvoicePoster.java", 87, "post"),
        "php": ("/src/Controller/OrderController.php", 41, "App\\Controller\\OrderController::show"),
        "ruby": ("app/controllers/members_controller.rb", 12, "show"),
        "unity": (
            "Assets/Scripts/PlayerController.cs",
            118,
            "PlayerController.OnCollisionEnter (UnityEngine.Collision collision)",
        ),
        "go-cause-without-stack": ("main.go", 61, "syncAll"),
        "javascript-browser": ("/assets/checkout-9f2b41.js", 1, "render"),
    }


def test_keeps_a_cause_without_a_stack() -> None:
    raised = alert_in("go-cause-without-stack").raised

    assert [(each.type, len(each.frames)) for each in raised] == [("*sync.Failure", 2), ("*errors.errorString", 0)]
    assert not any(frame.in_app for frame in raised[0].frames)


def test_a_native_frame_has_at_least_its_address_and_binary() -> None:
    frame = alert_in("native-addresses").raised[0].frames[-1]

    assert frame == Frame(address="0x7ff6a1b2f001", package="D:\\games\\engine\\engine.exe")


def test_names_a_dotnet_assembly_without_its_version_and_key() -> None:
    package = "Acme.Shop.Web, Version=1.0.1.0, Culture=neutral, PublicKeyToken=7cec85d7bea7798e"
    native = "/usr/lib/libshop, Version.so"

    frames = alert_of(stacktrace=stacktrace({"package": package}, {"package": native})).stack

    assert [frame.package for frame in frames] == ["Acme.Shop.Web", native]


def test_a_group_comes_before_its_members_as_python_reports_it() -> None:
    def fail() -> None:
        raise ExceptionGroup(
            "two of three", [ValueError("a"), ExceptionGroup("inner", [KeyError("c")]), TypeError("b")]
        )

    raised = parse(body_of(delivered(capture(fail))), None).raised

    assert [each.type for each in raised] == ["ExceptionGroup", "ValueError", "ExceptionGroup", "KeyError", "TypeError"]


def test_a_group_comes_before_its_members_as_javascript_reports_it() -> None:
    raised = alert_in("javascript-aggregate").raised

    assert [each.type for each in raised] == ["AggregateError", "TimeoutError", "SyntaxError"]


@pytest.mark.parametrize("numbers", [(0, 1, 2), (7, None, 5), (1, 1, 0), (None, None, None), (None, 0, 1)])
def test_believes_the_order_of_the_list_when_the_numbers_contradict_it(numbers: tuple[int | None, ...]) -> None:
    values = [thrown(name, number=number) for name, number in zip("cba", numbers, strict=True)]

    assert [each.type for each in alert_of(exception={"values": values}).raised] == ["a", "b", "c"]


def test_of_a_very_long_chain_the_raised_exception_and_the_root_cause_stay() -> None:
    alert = alert_of(exception={"values": [thrown(str(depth)) for depth in reversed(range(40))]})
    raised = alert.raised

    assert alert.raised_left_out == 32
    assert [each.type for each in raised] == ["0", "1", "2", "3", "4", "5", "6", "39"]


@pytest.mark.parametrize(
    "exception",
    [None, {}, [], "x", {"values": None}, {"values": []}, {"values": {}}, {"values": [None, {}, 7, {"type": None}]}],
    ids=str,
)
def test_an_exception_that_says_nothing_is_none(exception: object) -> None:
    assert alert_of(exception=exception).raised == ()


def test_reads_exceptions_that_come_as_a_plain_list() -> None:
    assert [each.type for each in alert_of(exception=[None, thrown("Raised")]).raised] == ["Raised"]


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


CACHE = {"filename": "/root/go/pkg/mod/github.com/other/conc@v0.3.0/server.go", "function": "Serve", "in_app": True}


def test_a_package_that_the_sdk_calls_the_apps_own_is_none_and_not_the_crash() -> None:
    frames = [{"filename": "cmd/app/main.go", "function": "main", "in_app": True}, CACHE]
    around = [frame | {"pre_context": ["a"]} for frame in frames]
    main, package = alert_of(exception={"values": [thrown("E", stacktrace=stacktrace(*around))]}).raised[0].frames

    assert (main.in_app, package.in_app) == (True, False)
    assert (main.before, package.before) == (("a",), ())


@pytest.mark.parametrize("name", ["native", "app:///native", "[native code]", "[internal]", "<anonymous>"])
def test_what_is_no_file_is_not_the_apps_own_and_not_the_crash(name: str) -> None:
    pressed = {"filename": "src/Cart.tsx", "lineno": 31, "function": "onPress", "in_app": True, "pre_context": ["a"]}
    frames = [pressed, {"filename": name, "function": "apply", "in_app": True}]
    ours, engine = alert_of(exception={"values": [thrown("E", stacktrace=stacktrace(*frames))]}).raised[0].frames

    assert (ours.in_app, ours.before, engine.in_app) == (True, ("a",), False)


def test_a_stack_of_packages_alone_stays_as_the_sdk_marked_it() -> None:
    frames = [CACHE, {"filename": "runtime/panic.go", "function": "panic"}]
    told = alert_of(exception={"values": [thrown("E", stacktrace=stacktrace(*frames))]})

    assert [frame.in_app for frame in told.raised[0].frames] == [True, False]


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ({"function": None}, {"function": None}),
        ({"function": ""}, {"function": None}),
        ({"in_app": None}, {"in_app": False}),
        ({"in_app": True}, {"in_app": True}),
        ({"in_app": "x"}, {"in_app": False}),
        ({"lineno": 12, "colno": 3}, {"line": 12}),
        ({"lineno": "12"}, {"line": 12}),
        ({"line": 12}, {"line": None}),
        ({"lineno": 0}, {"line": None}),
        ({"lineno": -1}, {"line": None}),
        ({"lineno": 10**30}, {"line": None}),
        ({"lineno": 1.5}, {"line": None}),
        ({"lineno": float("nan")}, {"line": None}),
        ({"lineno": None}, {"line": None}),
        ({"module": "com.example.Cart"}, {"module": "com.example.Cart"}),
    ],
    ids=str,
)
def test_a_frame_bears_what_does_not_fit(frame: Json, expected: Json) -> None:
    [read] = alert_of(stacktrace=stacktrace({"filename": "a.py", **frame})).stack

    assert read.model_dump(include=set(expected)) == expected


@pytest.mark.parametrize(
    ("filename", "abs_path", "path", "absolute"),
    [
        ("shop/store.py", "/srv/current/shop/store.py", "shop/store.py", "/srv/current/shop/store.py"),
        ("main.go", "main.go", "main.go", None),
        (None, "/srv/current/shop/store.py", "/srv/current/shop/store.py", None),
        ("", "/srv/a.py", "/srv/a.py", None),
        ("/var/www/src/Cart.php", None, "/var/www/src/Cart.php", None),
        ("C:\\app\\cart.cs", None, "C:\\app\\cart.cs", None),
        ("https://user:pw@cdn.example.com:8443/js/app.min.js?token=1#x", None, "/js/app.min.js", None),
        ("/js/app.js", "https://cdn.example.com/js/app.js?v=1", "/js/app.js", None),
        ("webpack:///./src/cart.js", None, "src/cart.js", None),
        ("webpack://shop/./src/cart.vue?4f2a", None, "src/cart.vue", None),
        ("webpack-internal:///./src/cart.js", None, "src/cart.js", None),
        ("app:///main.jsbundle", None, "/main.jsbundle", None),
        ("file:///opt/app/cart.mjs", None, "/opt/app/cart.mjs", None),
        ("node:internal/timers", None, "node:internal/timers", None),
        ("<anonymous>", "<anonymous>", "<anonymous>", None),
        ("https://cdn.example.com/", None, "https://cdn.example.com/", None),
        ("d/" * 500 + "cart.py", None, ("d/" * 500 + "cart.py")[-800:], None),
    ],
)
def test_names_a_file_as_a_reader_finds_it(
    filename: str | None, abs_path: str | None, path: str, absolute: str | None
) -> None:
    [frame] = alert_of(stacktrace=stacktrace({"filename": filename, "abs_path": abs_path, "function": "f"})).stack

    assert (frame.path, frame.absolute_path) == (path, absolute)


def test_takes_the_events_own_stack_when_no_exception_has_one() -> None:
    alert = alert_in("stack-without-exception")

    assert alert.raised == ()
    assert (alert.stack[-1].path, alert.stack[-1].line) == ("Controllers/ReportsController.cs", 27)


def test_takes_the_current_threads_stack_when_no_thread_crashed() -> None:
    alert = alert_in("threads-only")

    assert [each.type for each in alert.raised] == ["App Hanging"]
    assert (alert.stack[-1].path, alert.stack[-1].line) == ("Sources/ImageCache.swift", 73)


@pytest.mark.parametrize(
    ("threads", "function"),
    [
        ([("first", {}), ("current", {"current": True}), ("crashed", {"crashed": True})], "crashed"),
        ([("first", {}), ("current", {"current": True}), (None, {"crashed": True})], "current"),
        ([(None, {}), ("second", {"crashed": None}), ("third", {"current": False})], "second"),
    ],
)
def test_looks_for_the_stack_where_the_crash_was(threads: list[tuple[str | None, Json]], function: str) -> None:
    values = [{**flags, "stacktrace": name and stacktrace({"function": name})} for name, flags in threads]

    assert [frame.function for frame in alert_of(threads={"values": values}).stack] == [function]


def test_an_exception_with_a_stack_needs_no_other() -> None:
    alert = alert_of(
        exception={"values": [thrown("E", stacktrace=stacktrace({"function": "raising"}))]},
        stacktrace=stacktrace({"function": "logging"}),
    )

    assert alert.stack == ()


@pytest.mark.parametrize(
    ("frame", "path"),
    [
        ({"filename": "res://scripts/player.gd"}, "scripts/player.gd"),
        ({"filename": "cart.dart", "abs_path": "package:shop/src/cart.dart"}, "shop/src/cart.dart"),
        ({"filename": "src/cart.dart", "abs_path": "package:shop/src/cart.dart"}, "src/cart.dart"),
        ({"filename": "package:shop/cart.dart"}, "shop/cart.dart"),
        ({"filename": "list_mixin.dart", "abs_path": "dart:collection/list_mixin.dart"}, "list_mixin.dart"),
    ],
)
def test_a_path_is_as_whole_as_the_frame_knows_it(frame: Json, path: str) -> None:
    frames = {"frames": [{**frame, "function": "f"}]}

    assert alert_of(stacktrace=frames).stack[0].path == path


@pytest.mark.parametrize("name", ["?", "<unknown>", "<redacted>"])
def test_a_function_that_nobody_knows_has_no_name(name: str) -> None:
    assert alert_of(stacktrace={"frames": [{"filename": "a.js", "function": name}]}).stack[0].function is None
