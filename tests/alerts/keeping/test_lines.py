"""The lines around a call are redacted together."""

from __future__ import annotations

import json

import pytest
from support.keeping import record_of

from booty.observability.alerts.alert import Frame, Raised


@pytest.mark.parametrize(
    "written",
    [
        "password: |\n  {}\n",
        "<key>password</key>\n<string>{}</string>",
        '["password"]=>\n  string(16) "{}"',
        "Password:\n{}",
    ],
)
def test_redacts_the_lines_of_a_call_together_and_keeps_each_a_line(written: str) -> None:
    secret = "hX7" * 4 + "tQ9z"
    first, *rest = written.format(secret).split("\n")
    frame = Frame(path="app.py", line=8, before=("a = 1",), source=first, after=(*rest, "b = 2"), in_app=True)

    record = record_of(raised=(Raised(type="E", frames=(frame,)),))

    kept_frame = record["raised"][0]["frames"][0]
    assert secret not in json.dumps(record)
    assert (kept_frame["before"], kept_frame["source"]) == (["a = 1"], first)
    assert len(kept_frame["after"]) == len(frame.after)
    assert kept_frame["after"][-1] == "b = 2"


def test_a_key_of_many_lines_leaves_the_lines_around_it_at_their_places() -> None:
    words = "PRIVATE KEY"
    body = ["aB3dE6gH9jK2mN5p" * 4] * 3
    lines = ["a = 1", f'KEY = """-----BEGIN {words}-----', *body, f'-----END {words}-----"""', "b = 2"]
    frame = Frame(path="app.py", line=8, before=tuple(lines[:5]), source=lines[5], after=(lines[6],), in_app=True)

    told = record_of(raised=(Raised(type="E", frames=(frame,)),))["raised"][0]["frames"][0]

    assert told["before"][0] == "a = 1"
    assert told["after"] == ["b = 2"]
    assert len(told["before"]) == 5
    assert body[0] not in json.dumps(told)
