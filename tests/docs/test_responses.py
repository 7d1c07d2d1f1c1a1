"""The responses that docs/operating.md lists are those that the service can give."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import get_args

from support.pages import codes, page, rows, section
from support.service import ROOT

from booty.observability.alerts.filters import Verdict
from booty.observability.ledger.schedule.hold_up import HoldUp
from booty.observability.webhook.routes import ACCEPTED

WEBHOOK = ROOT / "booty" / "observability" / "webhook"
LISTED = "\n".join(response for _, response in rows(section(page("docs/operating.md"), "Responses"), "request"))
WITH_BODY = re.compile(r"(\d{3}) `(\{.*?\})`")

Response = tuple[int, frozenset[tuple[str, str | None]]]
"""A status, and what its JSON holds: words as they are, anything else as None."""


def listed() -> set[Response]:
    """Return the responses of the table."""
    read = [
        (int(status), json.loads(re.sub(r"\[…\]|…", "null", body)).items())
        for status, body in WITH_BODY.findall(LISTED)
    ]
    return {(status, frozenset((key, as_word(value)) for key, value in body)) for status, body in read}


def as_word(value: object) -> str | None:
    return value if isinstance(value, str) else None


def given() -> Iterator[Response]:
    """Return the responses that the routes can give: each is `return jsonify(...), status`, but for the ready one."""
    accepted = json.loads(ACCEPTED.replace(b'"%b"', b"null"))
    yield 202, frozenset((key, as_word(value)) for key, value in accepted.items())
    for module in WEBHOOK.rglob("*.py"):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        pairs = [node for node in ast.walk(tree) if isinstance(node, ast.Tuple) and any(map(is_jsonify, node.elts))]
        assert len(pairs) == sum(is_jsonify(node) for node in ast.walk(tree)), module
        for pair in pairs:
            body, status = pair.elts
            assert isinstance(body, ast.Call)
            words = {word.arg: as_word(getattr(word.value, "value", None)) for word in body.keywords if word.arg}
            yield ast.literal_eval(status), frozenset(words.items())


def is_jsonify(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "jsonify"


def test_every_response_is_listed_and_no_other() -> None:
    assert listed() == set(given())


def test_every_status_is_listed_with_its_body() -> None:
    assert set(re.findall(r"\b[2345]\d\d\b", LISTED)) == {str(status) for status, _ in listed()}


def test_every_reason_to_ignore_is_listed_and_no_other() -> None:
    (row,) = [line for line in LISTED.splitlines() if '"ignored"' in line]

    assert set(codes(row)[1:]) == {verdict.reason for verdict in Verdict if not verdict.is_accepted}


def test_everything_that_holds_deliveries_up_is_listed_and_nothing_else() -> None:
    (row,) = [line for line in LISTED.splitlines() if '"deliveries"' in line]

    assert set(re.findall(r'`"(\w+)"`', row)) - {"deliveries"} == set(get_args(HoldUp))
