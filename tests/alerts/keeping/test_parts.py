"""The parts of an alert are kept as `kept` keeps them, whether they are remembered or not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json
from support.alerts import FLASK, alert
from support.keeping import MAIL, PASSWORD, TOKEN

from booty.observability.alerts.alert import Alert, Frame, Raised
from booty.observability.alerts.keeping.kept import ROOM, kept, kept_alert
from booty.observability.alerts.keeping.safe import LEFT_OUT

TEXTS = st.sampled_from(
    [
        "shop/cart.py",
        "total",
        f"password={PASSWORD}",
        f"to {TOKEN}",
        MAIL,
        "\ud800",
        "",
        "pass\u200bword = 1",
        "ü" * 300,
    ]
)
WORDS = st.none() | TEXTS | st.text(max_size=20)
LINES = st.lists(TEXTS, max_size=3).map(tuple)
FRAMES = st.builds(
    Frame,
    path=WORDS,
    absolute_path=WORDS,
    module=WORDS,
    function=WORDS,
    line=st.none() | st.integers(1, 9),
    source=WORDS,
    before=LINES,
    after=LINES,
    locals=st.lists(st.tuples(st.sampled_from(["user", "password"]), TEXTS), max_size=2).map(tuple),
    in_app=st.booleans(),
    times=st.integers(1, 2),
    left_out=st.integers(0, 1),
)
STACKS = st.lists(FRAMES, max_size=4).map(tuple)
PAIRS = st.lists(st.tuples(st.sampled_from(["user", "password", MAIL]), TEXTS), max_size=4).map(tuple)
LARGE = tuple(Frame(path=f"{number}/{'a' * 180}.py", source="b" * 190) for number in range(40))


Pairs = tuple[tuple[str, str], ...]


def is_kept_alike(sent: Alert, *, is_masked: bool = True) -> bool:
    """Return whether `kept_alert` comes to what `kept` does."""
    return written(sent, is_masked=is_masked) == kept(sent.record(), is_masked=is_masked)


def written(sent: Alert, *, is_masked: bool = True) -> object:
    return json.decode(json.encode(kept_alert(sent, is_masked=is_masked)))


def with_frames(*frames: Frame) -> Alert:
    return alert().but(raised=(Raised(type="KeyError", message="'basket'", frames=frames), Raised(type="Cause")))


def test_keeps_the_calls_of_a_plain_alert_as_they_are() -> None:
    sent = alert().but(raised=(Raised(type="KeyError", frames=FLASK),), stack=FLASK)

    assert Alert.read(written(sent)) == sent


@given(frames=STACKS, stack=STACKS, is_masked=st.booleans())
def test_keeps_any_calls_as_they_are_kept_one_by_one(
    *, frames: tuple[Frame, ...], stack: tuple[Frame, ...], is_masked: bool
) -> None:
    assert is_kept_alike(with_frames(*frames).but(stack=stack), is_masked=is_masked)


@given(tags=PAIRS, contexts=PAIRS, details=PAIRS, is_masked=st.booleans())
def test_keeps_any_pairs_as_they_are_kept_one_by_one(
    *, tags: Pairs, contexts: Pairs, details: Pairs, is_masked: bool
) -> None:
    assert is_kept_alike(alert().but(tags=tags, contexts=contexts, details=details), is_masked=is_masked)


def test_a_pair_is_cut_to_the_length_of_its_own_list_when_another_list_has_the_same_one() -> None:
    pair = (("query", "q" * 500),)

    kept_pairs = written(alert().but(tags=pair, details=pair))

    assert is_kept_alike(alert().but(tags=pair, details=pair))
    assert isinstance(kept_pairs, dict)
    assert len(kept_pairs["tags"][0][1]) < len(kept_pairs["details"][0][1])


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_call_that_comes_again_is_kept_the_same(times: int) -> None:
    frame = Frame(path="a.py", before=("password: |",), source=f"  {PASSWORD}", after=(f"mail({MAIL!r})",), line=7)

    assert [is_kept_alike(with_frames(*[frame] * each)) for each in range(times)] == [True] * times
    assert PASSWORD.encode() not in json.encode(kept_alert(with_frames(frame)))


def test_personal_data_of_a_call_is_kept_only_where_it_is_told_to() -> None:
    sent = with_frames(Frame(path="a.py", source=f"send({MAIL!r})"))

    kept_whole, masked = (json.encode(kept_alert(sent, is_masked=is_masked)) for is_masked in (False, True))

    assert MAIL.encode() in kept_whole
    assert MAIL.encode() not in masked


def test_calls_take_of_the_room_that_an_alert_has_even_when_they_are_remembered() -> None:
    short = with_frames(*LARGE[:20])
    sent = with_frames(*LARGE[:20]).but(stack=LARGE, message="m" * 3000, tags=(("a", "b" * 100),))

    assert is_kept_alike(short)
    assert sum(len(frame.path or "") + len(frame.source or "") for frame in (*LARGE, *LARGE[:20])) > ROOM
    assert is_kept_alike(sent)


def test_what_is_too_much_only_together_is_left_out_as_without_parts() -> None:
    fields = alert().but(message="a" * 5000, title="b" * 5000)
    calls = tuple(frame.but(source=f"{at} {frame.source}") for at, frame in enumerate(LARGE))
    both = fields.but(stack=calls)

    assert is_kept_alike(both)
    assert [LEFT_OUT in str(kept(sent.record())) for sent in (fields, alert().but(stack=calls), both)] == [
        False,
        False,
        True,
    ]
