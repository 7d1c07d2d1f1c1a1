"""Which crashes lie in a protected path, whatever their frames call themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import alerts, hostile

from booty.observability.alerts.alert import Alert, Frame, Raised
from booty.observability.alerts.handover.protected import LONGEST_PATTERN, is_path, protecting


def crashed(*paths: str, in_app: bool = True) -> Alert:
    return alerts.alert(raised=(Raised(frames=tuple(Frame(path=path, in_app=in_app) for path in paths)),))


def is_protected(path: str, pattern: str) -> bool:
    return protecting((pattern,), (crashed(path),)) is not None


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("payments/**", "payments/api/charge.py"),
        ("payments/", "payments/charge.py"),
        ("payments", "payments/api/charge.py"),
        ("/payments/*", "payments/charge.py"),
        ("auth/*.py", "auth/tokens.py"),
        ("**/secrets.py", "secrets.py"),
        ("**/secrets.py", "a/b/secrets.py"),
        ("src/**/tokens.ts", "src/tokens.ts"),
        ("src/**/tokens.ts", "src/a/b/tokens.ts"),
        ("*.tf", "infra/main.tf"),
        ("payments/charge.py", "payments/charge.py"),
    ],
)
def test_a_pattern_protects_what_is_in_it(pattern: str, path: str) -> None:
    assert is_protected(path, pattern)


@pytest.mark.parametrize(
    "path",
    [
        "/srv/booty/releases/3f6c1d0/payments/charge.py",
        "C:\\app\\payments\\charge.py",
        "app:///payments/charge.js",
        "webpack://shop/./payments/charge.js?a1b2",
        "./payments/charge.py",
        "shop/../payments/charge.py",
        "payments//charge.py",
        "payments/./charge.py",
        "PAYMENTS/Charge.py",
        "%70ayments/charge.py",
        "payments%2Fcharge.py",
        "\uff50ayments/charge.py",
        "x" * 5_000 + "/payments/charge.py",
    ],
)
def test_no_notation_of_a_path_hides_it(path: str) -> None:
    assert is_protected(path, "payments/**")


@pytest.mark.parametrize(
    "path", ["shop/cart.py", "payments.py", "mypayments/charge.py", "paymentsx/a.py", "", "/", "..", "?"]
)
def test_another_path_is_not_protected(path: str) -> None:
    assert not is_protected(path, "payments/**")


def test_a_path_that_counts_from_a_source_folder_is_protected() -> None:
    assert is_protected("com/acme/pay/Charge.java", "src/main/java/com/acme/pay/**")
    assert is_protected("models/user.py", "app/models/user.py")
    assert not is_protected("lib/user.py", "app/models/user.py")


def test_a_java_frame_is_known_by_its_package() -> None:
    frame = Frame(path="Charge.java", module="com.acme.pay.Charge", in_app=True)
    alert = alerts.alert(raised=(Raised(frames=(frame,)),))

    assert protecting(("com/acme/pay/**",), (alert,))
    assert protecting(("src/main/java/com/acme/pay/Charge.java",), (alert,))
    assert not protecting(("com/acme/cart/**",), (alert,))


def test_every_frame_of_the_app_counts_in_every_exception_of_the_chain() -> None:
    deep = crashed("payments/charge.py", "shop/cart.py")
    cause = alerts.alert(raised=(Raised(frames=(alerts.frame("shop/cart.py", 1, "f"),)), *deep.raised))
    stack = alerts.alert(stack=deep.raised[0].frames)

    assert all(protecting(("payments/**",), (each,)) for each in (deep, cause, stack))


def test_a_library_s_frames_count_only_where_no_frame_is_the_app_s() -> None:
    library = Frame(path="site-packages/payments/client.py")
    mixed = alerts.alert(raised=(Raised(frames=(alerts.frame("shop/cart.py", 1, "f"), library)),))

    assert not protecting(("payments/**",), (mixed,))
    assert protecting(("payments/**",), (crashed("payments/charge.py", in_app=False),))


def test_the_first_pattern_that_protects_is_named() -> None:
    assert protecting(("auth/**", "pay*/**", "payments/**"), (crashed("payments/a.py"),)) == "pay*/**"


def test_the_repository_s_own_paths_count_beside_those_of_the_alert() -> None:
    assert protecting(("backend/payments/**",), (crashed("charge.py"), crashed("backend/payments/charge.py")))


def test_an_alert_without_frames_is_not_protected() -> None:
    assert protecting(("**",), (alerts.message_only(), alerts.metric())) is None


@pytest.mark.parametrize("pattern", ["", "/", ".", "../etc", "a/../../b", "a\nb", "x" * (LONGEST_PATTERN + 1)])
def test_a_pattern_that_can_match_nothing_is_not_a_path(pattern: str) -> None:
    assert not is_path(pattern)


@given(st.lists(st.sampled_from([*hostile.TEXTS, *hostile.GRAMMAR]), min_size=1, max_size=4).map("".join))
def test_a_hostile_path_is_decided_about_and_hides_nothing_behind_it(text: str) -> None:
    protecting(("payments/**", "a*b*c*d*/[x-z]*"), (crashed(text),))

    assert is_protected(f"{text.replace('?', '').replace('#', '').replace('%', '')}/payments/charge.py", "payments/**")
