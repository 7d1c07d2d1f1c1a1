"""The texts of a record, in the order in which a reader misses them."""

from __future__ import annotations

from support.keeping import record_of

from booty.observability.alerts.keeping.safe import LEFT_OUT

FULL = "word " * 60
FRAMES = tuple(
    {"path": f"{at}.py", "function": f"{at} {FULL[:100]}", "source": f"{at} {FULL[:190]}"} for at in range(120)
)


def test_what_finds_no_room_is_left_out_and_says_so() -> None:
    first = {"type": "KeyError", "message": "basket", "frames": (*FRAMES, {"path": "own.py", "in_app": True})}
    record = record_of(raised=(first, {"type": "OSError"}), message="hello", tags=(("size", "large"),))

    assert record["raised"][0]["message"] == "basket"
    assert record["raised"][0]["frames"][-1]["path"] == "own.py"
    assert record["raised"][0]["frames"][0]["path"] == LEFT_OUT
    assert record["raised"][1]["type"] == "OSError"
    assert record["message"] == "hello"
    assert record["tags"] == [[LEFT_OUT, LEFT_OUT]]
