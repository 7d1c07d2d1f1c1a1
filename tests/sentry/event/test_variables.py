"""The local variables of a crash: short, few, without secrets, and only where they are wanted."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from support.sentry_events import Json, body_of, capture, delivered

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.keeping.kept import kept
from booty.observability.issues.page.body import render
from booty.observability.sentry.event.variables import variables
from booty.observability.sentry.payload import parse


def call(function: str, **more: object) -> Json:
    return {"function": function, "filename": f"{function}.py", "lineno": 7, "in_app": True, **more}


def thrown(type_: str, *frames: Json) -> Json:
    return {"type": type_, "value": "off", "stacktrace": {"frames": list(frames)}}


def alert_of(*exceptions: Json, with_locals: bool = True, **event: object) -> Alert:
    body = body_of({"data": {"event": {"issue_id": "7", "exception": {"values": list(exceptions)}, **event}}})
    return parse(body, None, with_locals=with_locals)


def locals_in(alert: Alert) -> dict[str | None, tuple[tuple[str, str], ...]]:
    frames = [*alert.stack, *(frame for raised in alert.raised for frame in raised.frames)]
    return {frame.function: frame.locals for frame in frames if frame.locals}


def fail() -> None:
    order, total, __hidden__ = "A-7", 3.5, 1
    raise ValueError(f"{order} {total} {__hidden__}")


def test_shows_what_the_crash_had_in_hand_in_the_sdks_words() -> None:
    alert = parse(body_of(delivered(capture(fail))), None, with_locals=True)

    assert dict(alert.raised[0].frames[-1].locals) == {"order": "'A-7'", "total": "3.5"}


def test_reads_none_where_nobody_wants_them() -> None:
    alert = parse(body_of(delivered(capture(fail))), None)

    assert locals_in(alert) == {}
    assert "'A-7'" not in str(alert.record())


def test_takes_those_of_the_crash_alone_which_is_the_apps_own_newest_call() -> None:
    known = {"vars": {"a": 1}}
    app = [call("main", **known), call("save", **known), call("execute", **known | {"in_app": False})]

    assert locals_in(alert_of(thrown("Cause", call("cause", **known)), thrown("E", *app))) == {"save": (("a", "1"),)}


def test_the_crash_may_lie_in_a_cause_or_in_a_thread() -> None:
    known = {"vars": {"a": 1}}
    thread = {"crashed": True, "stacktrace": {"frames": [call("run", **known)]}}

    assert list(locals_in(alert_of(thrown("Cause", call("cause", **known)), thrown("E")))) == ["cause"]
    assert list(locals_in(alert_of(stacktrace={"frames": [call("log", **known)]}))) == ["log"]
    assert list(locals_in(alert_of(threads={"values": [thread]}))) == ["run"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("'A-7'", "'A-7'"),
        (7, "7"),
        (None, "null"),
        (True, "True"),
        ([1, "b", None], "[1, b, null]"),
        ({"id": 7, "lines": [{"sku": "x"}]}, "{id: 7, lines: [{…}]}"),
        ([[[[]]], {}], "[[[…]], {}]"),
        (list(range(100)), "[0, 1, 2, 3, 4, 5, 6, 7, …]"),
        ({"token": "s3cr3t-hunter2", "name": "x"}, "{token: [redacted], name: x}"),
        ({"user": {"password": "hunter2hunter2"}}, "{user: {password: [redacted]}}"),
        (float("nan"), "null"),
        (10**5000, "null"),
    ],
    ids=lambda value: str(value)[:30] if not isinstance(value, int) else "number",
)
def test_writes_any_value_short(value: object, text: str) -> None:
    assert variables({"a": value}) == (("a", text),)


def test_what_is_kept_is_few_and_short_and_without_secrets() -> None:
    known = {"api_token": "s3cr3t-hunter2-xyz", "mail": "'jo@shop.example.com'", "__name__": "x", "": 1}
    known |= {f"v{number}": {"k": ["w" * 5000] * 50} for number in range(50)}
    alert = alert_of(thrown("E", call("save", vars=known)))
    pairs = kept(alert.record())["raised"][0]["frames"][0]["locals"]

    assert len(pairs) == 20
    assert pairs[:2] == [["api_token", "[redacted]"], ["mail", "'[email]'"]]
    assert all(len(name) + len(value) <= 320 for name, value in pairs)


@pytest.mark.parametrize("odd", [None, [], "x", 7, {"a": "\ud800"}, {"a": {"b": {"c": [[[[1]]]]}}}], ids=str)
def test_no_shape_of_them_breaks_an_alert(odd: object) -> None:
    body = json.dumps({"data": {"event": {"issue_id": "7", "exception": [thrown("E", call("f", vars=odd))]}}}).encode()

    assert parse(body, None, with_locals=True).raised[0].type == "E"


def test_the_issue_shows_them_below_the_crash() -> None:
    alert = alert_of(thrown("E", call("save", context_line="x = 1", vars={"order": "'A-7'", "n": 2})))
    body = render(alert, trigger_label="agent:builder").body

    assert "### Local variables\n\n```\norder:  'A-7'\nn:      2\n```" in body
    assert body.index("### Crash") < body.index("### Local variables")


@pytest.mark.parametrize("wrapped", [lambda text: {"a": text}, lambda text: [text], lambda text: {"a": {"b": text}}])
def test_a_secret_within_a_value_is_known_before_the_value_is_shortened(wrapped: Callable[[str], object]) -> None:
    secret = "S" + "G." + "aB3dE6gH9jK2mN5pQ8rS1t." + "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zCaB3dE6gH9jK"

    (told,) = variables({"note": wrapped(f"upstream refused {secret}")})

    assert "aB3d" not in told[1]
    assert "redacted" in told[1]


def test_shortens_no_more_long_values_than_there_is_time_to_look_at() -> None:
    known = variables({f"v{at}": ["word " * 30] * 3 for at in range(20)})

    assert known[0][1].startswith("[word word")
    assert known[-1][1] == "[…, …, …]"


@pytest.mark.parametrize(
    "value",
    [{"key": "'password'", "value": "'horse'"}, [["password", "horse"]], ["psql", "--password", "horse"]],
)
def test_a_secret_is_known_by_the_name_beside_it_in_any_shape(value: object) -> None:
    assert "horse" not in variables({"given": [value]})[0][1]
