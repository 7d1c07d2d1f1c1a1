"""What is kept of an alert: nothing secret, nothing personal, and no more than can be looked at in time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from time import thread_time
from types import UnionType
from typing import get_args

import pytest
from msgspec.structs import fields
from support.alerts import alert
from support.keeping import MAIL, PASSWORD, TOKEN, record_of

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.keeping.fields import PLAIN
from booty.observability.alerts.keeping.kept import ROOM, kept
from booty.observability.alerts.keeping.value import Value
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.engines.records import Record


def test_keeps_a_plain_alert_as_it_is() -> None:
    plain = alert(title="KeyError: 'basket'", tags=(("browser", "Chrome 120.0.0.0"),), message="no basket for user 7")
    record = plain.record()

    assert Alert.read(kept(record)) == plain


def text_fields(model: type[Value]) -> Iterator[str]:
    """Yield the name of every field of `model`, and of the models inside it, that can hold a text from outside."""
    for field in fields(model):
        inner = list(_types(field.type))
        yield from [field.name] if str in inner and field.name not in PLAIN else []
        for each in inner:
            if isinstance(each, type) and issubclass(each, Value):
                yield from text_fields(each)


def _types(annotation: object) -> Iterator[object]:
    arguments = get_args(annotation)
    if not arguments or isinstance(annotation, UnionType):
        yield annotation
    for each in arguments:
        yield from _types(each)


TEXTS = sorted({*text_fields(Alert), *text_fields(StatusChange)})


def filled(model: type[Value], text: str) -> Record:
    """Return JSON of `model` with `text` in every field that takes one."""
    return {field.name: _filled(field.type, text) for field in fields(model) if field.name not in PLAIN}


def _filled(annotation: object, text: str) -> object:
    arguments = get_args(annotation)
    if annotation is str:
        return text
    if isinstance(annotation, type) and issubclass(annotation, Value):
        return filled(annotation, text)
    if isinstance(annotation, UnionType):
        return _filled(arguments[0], text)
    return [_filled(each, text) for each in arguments if each is not ...]


@pytest.mark.parametrize("model", [Alert, StatusChange])
@pytest.mark.parametrize("text", [f"password={PASSWORD}", f"to {TOKEN}", f"pass\u200bword={PASSWORD}"], ids=ascii)
def test_no_text_field_keeps_a_secret(model: type[Value], text: str) -> None:
    written = json.dumps(kept(filled(model, text)))

    assert PASSWORD not in written
    assert TOKEN[:40] not in written
    assert len(TEXTS) > 25


def test_a_value_whose_name_tells_that_it_is_secret_is_not_kept() -> None:
    record = record_of(tags=(("password", "correct horse"), ("browser", "Firefox")), contexts=(("api_key", "horse"),))

    assert record["tags"] == [["password", "[redacted]"], ["browser", "Firefox"]]
    assert record["contexts"] == [["api_key", "[redacted]"]]


def test_personal_data_is_kept_only_where_it_is_told_to() -> None:
    fields = alert(message=f"no mail for {MAIL}").record()

    assert kept(dict(fields), is_masked=False)["message"] == f"no mail for {MAIL}"
    assert kept(dict(fields))["message"] == "no mail for [email]"


@pytest.mark.parametrize("text", ["&a==", "a=", "://a@", "a.b ", '"', "password:", "eyJ", "\\", "<a>", "@a.b", "1 "])
def test_looking_at_a_record_takes_a_bounded_time(text: str) -> None:
    many = [text * 1000] * 1000
    seconds = []
    for _ in range(3):  # the quickest tells the work; another thread can only add to it
        record = {"message": text * 3000, "notes": [*many], "tags": [[text * 9, each] for each in many]}
        began_at = thread_time()
        kept(record)
        seconds.append(thread_time() - began_at)

    assert min(seconds) < ROOM * 10e-6
