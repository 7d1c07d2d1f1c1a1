"""The crash is named and shown with its lines; the stack is short and begins with the app's own code."""

from __future__ import annotations

from support import alerts
from support.alerts import FLASK, alert, frame

from booty.observability.alerts.alert import Alert, Frame, Raised
from booty.observability.issues.page.stack import crash, in_words, libraries, stack

OWN = frame("shop/cart.py", 118, "checkout", "    total = sum(prices)")


def raising(*frames: Frame) -> Alert:
    return alert(raised=(Raised(type="ValueError", frames=frames),))


def test_names_the_crash_and_shows_its_line() -> None:
    assert crash(raising(*FLASK, OWN)) == (
        "### Crash\n\nCrashed at `shop/cart.py:118` in `checkout`:\n\n```\n> 118  total = sum(prices)\n```"
    )


def test_shows_the_lines_around_the_crash_with_their_numbers() -> None:
    crashed = OWN.but(line=9, before=("def checkout():", ""), after=("    return total",))

    assert (crash(raising(crashed)) or "").splitlines()[4:] == [
        "```",
        "   7  def checkout():",
        "   8",
        ">  9      total = sum(prices)",
        "  10      return total",
        "```",
    ]


def test_shows_lines_without_numbers_where_the_line_is_unknown() -> None:
    assert "```\n>   total = sum(prices)\n```" in (crash(raising(OWN.but(line=None))) or "")


def test_a_key_over_many_source_lines_is_redacted_as_one() -> None:
    body = "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zC" * 2
    crashed = Frame(
        path="shop/keys.py",
        line=4,
        before=('KEY = """-----BEGIN RSA PRIVATE KEY-----', body),
        source=body,
        after=(body, '-----END RSA PRIVATE KEY-----"""'),
    )

    shown = crash(raising(crashed)) or ""
    assert "[redacted private key]" in shown
    assert body[:16] not in shown


def test_a_function_that_is_unknown_is_left_out() -> None:
    assert "Crashed at `shop/cart.py:3`:" in (crash(raising(Frame(path="shop/cart.py", line=3, source="x()"))) or "")


def test_names_function_binary_and_address_of_a_native_frame() -> None:
    assert in_words(alerts.native().raised[0].frames[-1]) == (
        "in `world::Player::move` of `engine.exe` at `0x7ff6a1b2f001`"
    )
    assert in_words(Frame(package="/usr/lib/libc.so.6")) == "in `libc.so.6`"
    assert in_words(Frame()) == "at an unknown place"


def test_says_nothing_more_of_a_crash_whose_code_nobody_has() -> None:
    assert crash(alerts.native()) is None


def test_does_not_say_that_a_message_crashed() -> None:
    assert (crash(alert(message="slow", stack=(OWN,))) or "").startswith("### Origin\n\nReported at `shop/cart.py:118`")


def test_is_silent_without_frames() -> None:
    assert crash(alert()) is None
    assert stack(alert()) is None


def test_does_not_repeat_a_lone_frame() -> None:
    assert stack(raising(OWN)) is None


def test_shows_seven_frames_the_apps_own_first() -> None:
    own = [frame("shop/web.py", number, "view", f"step({number})") for number in range(1, 4)]
    told = raising(*FLASK, *own)

    assert stack(told) == (
        "### Stack\n\n7 of 8 frames, newest call first.\n\n"
        "- at `shop/web.py:3` in `view`\n"
        "- at `shop/web.py:2` in `view`: `step(2)`\n"
        "- at `shop/web.py:1` in `view`: `step(1)`"
    )
    assert libraries(told) == (
        "### Libraries\n\n"
        "```\nflask_login/utils.py:290 in decorated_view\n    return func(*args, **kwargs)\n"
        "flask/app.py:902 in dispatch_request\n    return self.view_functions[rule.endpoint](**args)\n"
        "flask/app.py:917 in full_dispatch_request\n    rv = self.dispatch_request()\n"
        "flask/app.py:919 in full_dispatch_request\n    rv = self.handle_user_exception(e)\n```"
    )


def test_the_line_of_the_crash_stands_once() -> None:
    told = raising(*FLASK, frame("shop/web.py", 3, "view", "checkout()"), OWN)
    page = f"{crash(told)}{stack(told)}{libraries(told)}"

    assert page.count("total = sum(prices)") == 1


def test_the_line_of_the_crash_stands_once_where_all_frames_are_libraries() -> None:
    told = raising(*FLASK)
    page = f"{crash(told)}{stack(told)}{libraries(told)}"

    assert FLASK[-1].source
    assert page.count(FLASK[-1].source.strip()) == 1


def test_leaves_libraries_out_where_the_app_fills_the_stack() -> None:
    told = raising(*FLASK, *(frame("shop/web.py", number, "view") for number in range(1, 9)))

    assert libraries(told) is None
    assert "7 of 13 frames" in (stack(told) or "")


def test_says_so_where_no_frame_is_marked_as_the_apps_own() -> None:
    shown = stack(raising(*FLASK)) or ""

    assert libraries(raising(*FLASK)) is None
    assert shown.startswith("### Stack\n\nNewest call first; none is marked as the app's own.\n\n```\nflask_login")


def test_counts_the_frames_that_the_alert_left_out() -> None:
    shown = stack(alert(stack=(Frame(path="main.py", line=9), Frame(path="a.py", line=3, left_out=80)))) or ""

    assert "2 of 82 frames, newest call first" in shown


def test_shows_a_recursion_that_is_all_of_the_stack() -> None:
    shown = stack(alert(stack=(Frame(path="a.py", line=3, function="again", times=980),))) or ""

    assert "a.py:3 in again (the same call 980 times)" in shown


def test_counts_a_recursion_once() -> None:
    assert "at `shop/cart.py:118` in `checkout` (the same call 970 times)" in (stack(raising(OWN.but(times=970))) or "")
