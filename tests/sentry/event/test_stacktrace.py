"""What broke, told from the exceptions and stacks of many platforms."""

from __future__ import annotations

import pytest
from support.sentry_events import Json, alert_in, alert_of, body_of, capture, delivered, stacktrace, thrown

from booty.observability.sentry.payload import parse


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
