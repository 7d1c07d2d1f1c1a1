"""A place is written so that its reader finds the file, and the frames shown are those worth reading."""

from __future__ import annotations

import pytest
from support import alerts
from support.alerts import frame

from booty.observability.alerts.alert import Frame, Raised
from booty.observability.alerts.stack.frames import called, choose, crash_frame, crash_stack, module_of, place, shorten

OWN = frame("shop/cart.py", 118, "checkout")
LIBRARY = frame("flask/app.py", 902, "dispatch_request", in_app=False)


def test_writes_a_place_as_path_and_line() -> None:
    assert place(OWN, limit=90) == "shop/cart.py:118"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("shop/cart.py", "shop/cart.py"),
        ("./src/cart.ts", "src/cart.ts"),
        ("src/current/cart.py", "src/current/cart.py"),
        ("/srv/booty/releases/3f6c1d0e9b8a/shop/cart.py", "shop/cart.py"),
        ("/srv/booty/current/shop/cart.py", "shop/cart.py"),
        ("/usr/lib/python3.11/site-packages/flask/app.py", "flask/app.py"),
        ("/app/node_modules/@sentry/core/index.js", "@sentry/core/index.js"),
        ("/app/shop/cart.py", "shop/cart.py"),
        ("/usr/src/app/src/cart.js", "src/cart.js"),
        ("/srv/app/shop/cart.py", "srv/app/shop/cart.py"),
        ("/home/me/code/shop/cart.py", "me/code/shop/cart.py"),
        ("/home/runner/deploy/shop/cart/total.py", "deploy/shop/cart/total.py"),
        ("C:\\build\\agent\\src\\Shop\\Cart.cs", "agent/src/Shop/Cart.cs"),
        ("https://cdn.example.com/assets/main.js", "assets/main.js"),
        ("webpack:///src/cart.ts", "src/cart.ts"),
        ("app:///main.jsbundle", "main.jsbundle"),
        ("http://localhost:5000/", "/"),
        ("Cart.java", "Cart.java"),
        ("<anonymous>", "<anonymous>"),
        ("node:internal/process/task_queues", "node:internal/process/task_queues"),
    ],
)
def test_shortens_a_path_to_what_says_which_file_it_is(path: str, shown: str) -> None:
    assert shorten(path, limit=90) == shown


def test_a_path_that_counts_from_the_projects_root_keeps_all_its_folders() -> None:
    inside = Frame(path="/app/Http/Cart.php", absolute_path="/var/www/html/app/Http/Cart.php", line=40)
    deep = Frame(path="/vendor/acme/pay/src/Api/Client.php", absolute_path="/srv/x/vendor/acme/pay/src/Api/Client.php")

    assert place(inside, limit=90) == "app/Http/Cart.php:40"
    assert place(deep, limit=90) == "vendor/acme/pay/src/Api/Client.php"
    assert place(Frame(path="/app/shop/cart.py", line=3), limit=90) == "shop/cart.py:3"


def test_cuts_a_long_path_between_folders_and_keeps_its_end() -> None:
    assert shorten("one/two/three/four/five.py", limit=20) == "three/four/five.py"


def test_cuts_a_file_name_that_is_too_long_itself() -> None:
    assert shorten("a" * 100 + "/" + "b" * 100, limit=20) == "b" * 20


def test_no_path_begins_in_the_middle_of_a_secret() -> None:
    token = "gh" + "p_" + "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zCaB3d"

    assert place(frame(f"tmp/{token}", 3, "run"), limit=20) == "acted github token]:3"[-20:]


@pytest.mark.parametrize(
    ("given", "where"),
    [
        (Frame(path="shop/cart.py"), "shop/cart.py"),
        (Frame(package="/usr/lib/libc.so.6", function="raise"), "libc.so.6"),
        (Frame(module="com.example.Cart"), "com.example.Cart"),
        (Frame(address="0x7ff6"), "0x7ff6"),
        (Frame(), None),
    ],
)
def test_falls_back_to_what_a_frame_without_a_file_has(given: Frame, where: str | None) -> None:
    assert place(given, limit=90) == where


def test_names_the_class_where_the_path_is_only_a_file_name() -> None:
    java = Frame(path="Cart.java", module="com.example.Cart", function="total")

    assert called(java) == "com.example.Cart.total"
    assert called(OWN) == "checkout"
    assert called(Frame()) is None


def test_names_the_class_where_only_the_assembly_is_known() -> None:
    frame = Frame(package="Acme.Shop.Web", module="Acme.Shop.CartController", function="Checkout")

    assert place(frame, limit=90) == "Acme.Shop.Web"
    assert called(frame) == "Acme.Shop.CartController.Checkout"
    assert called(Frame(module="Acme.Shop.CartController", function="Checkout")) == "Checkout"


@pytest.mark.parametrize("function", ["UnityEngine.UI.Button.Press ()", "int Button.Press()"])
def test_does_not_name_the_class_twice_where_the_function_brings_it_as_in_unity_and_net(function: str) -> None:
    assert called(Frame(path="<0000>", module="UnityEngine.UI.Button", function=function)) == function


def test_the_crash_is_the_newest_frame_of_the_app() -> None:
    assert crash_frame((frame("shop/web.py", 3, "view"), OWN, LIBRARY)) == OWN


def test_the_crash_is_the_newest_frame_where_none_is_the_apps() -> None:
    assert crash_frame((LIBRARY, frame("werkzeug/serving.py", 1, "run", in_app=False))).path == "werkzeug/serving.py"  # type: ignore[union-attr] # a missing frame fails the test as well


def test_no_frames_make_no_crash() -> None:
    assert crash_frame(()) is None


def test_takes_the_stack_of_the_raised_exception_first() -> None:
    raised = (Raised(type="A", frames=(OWN,)), Raised(type="B", frames=(LIBRARY,)))

    assert crash_stack(alerts.alert(raised=raised)) == (OWN,)


def test_takes_the_stack_of_a_cause_where_the_raised_one_has_none() -> None:
    raised = (Raised(type="A"), Raised(type="B", frames=(LIBRARY,)))

    assert crash_stack(alerts.alert(raised=raised, stack=(OWN,))) == (LIBRARY,)


def test_takes_the_events_own_stack_last() -> None:
    assert crash_stack(alerts.alert(raised=(Raised(type="A"),), stack=(OWN,))) == (OWN,)


def test_chooses_the_apps_own_frames_before_newer_ones_of_libraries() -> None:
    own = [frame("shop/a.py", number, "f") for number in range(1, 6)]
    libraries = [frame("lib/b.py", number, "g", in_app=False) for number in range(1, 6)]

    chosen = choose([*own, *libraries], 7)

    assert [call.line for call in chosen.own] == [5, 4, 3, 2, 1]
    assert [call.line for call in chosen.others] == [5, 4]
    assert (chosen.shown, chosen.frames) == (7, 10)


def test_a_recursion_takes_one_place() -> None:
    recursion, web = OWN.but(times=970), frame("shop/web.py", 4, "view")
    chosen = choose([web, recursion], 7)

    assert chosen.own == (recursion, web)
    assert chosen.shown == 971


def test_a_binary_is_redacted_before_its_folder_is_cut_off() -> None:
    secret = "aB3dE6gH9jK2mN5pQ8r/" + "S1tU4vW7xY0zCaB3dE6g"

    assert secret[-10:] not in (module_of(Frame(package="AK" + f"IAQ7ZD2KX5RVT3MWB6:{secret}")) or "")
