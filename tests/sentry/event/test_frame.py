"""One call of a stack, as each platform reports it."""

from __future__ import annotations

import pytest
from support.sentry_events import Json, alert_in, alert_of, stacktrace

from booty.observability.alerts.alert import Frame


def test_a_native_frame_has_at_least_its_address_and_binary() -> None:
    frame = alert_in("native-addresses").raised[0].frames[-1]

    assert frame == Frame(address="0x7ff6a1b2f001", package="D:\\games\\engine\\engine.exe")


def test_names_a_dotnet_assembly_without_its_version_and_key() -> None:
    package = "Acme.Shop.Web, Version=1.0.1.0, Culture=neutral, PublicKeyToken=7cec85d7bea7798e"
    native = "/usr/lib/libshop, Version.so"

    frames = alert_of(stacktrace=stacktrace({"package": package}, {"package": native})).stack

    assert [frame.package for frame in frames] == ["Acme.Shop.Web", native]


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

    assert {name: getattr(read, name) for name in expected} == expected


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
