"""What is kept of an alert: nothing secret, nothing personal, and no more than can be looked at in time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from time import thread_time
from types import UnionType
from typing import get_args

import pytest
from pydantic import BaseModel
from support.alerts import alert

from booty.observability.alerts.alert import Alert, Frame, Raised
from booty.observability.alerts.keeping.fields import LIMITS, PLAIN
from booty.observability.alerts.keeping.kept import ROOM, kept
from booty.observability.alerts.keeping.safe import LEFT_OUT, identifier
from booty.observability.alerts.limits import cut, cut_start
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.engines.records import Record

PASSWORD = "hunter2" * 2 + "zq"
MAIL = "jane.doe@mail.acme-shop.com"
TOKEN = "gh" + "s_123456_" + "ey" + "J" + "aB3dE6gH9jK2mN5pQ8rS1tU4" * 20
KEEPS = range(1, 120, 7)
SHORT = {"NAME": 120}


def record_of(**fields: object) -> Record:
    return kept(alert(**fields).model_dump(mode="json", exclude_defaults=True))


def test_keeps_a_plain_alert_as_it_is() -> None:
    plain = alert(title="KeyError: 'basket'", tags=(("browser", "Chrome 120.0.0.0"),), message="no basket for user 7")
    record = plain.model_dump(mode="json", exclude_defaults=True)

    assert Alert.model_validate(kept(record)) == plain


def text_fields(model: type[BaseModel]) -> Iterator[str]:
    """Yield the name of every field of `model`, and of the models inside it, that can hold a text from outside."""
    for name, field in model.model_fields.items():
        inner = list(_types(field.annotation))
        yield from [name] if str in inner and name not in PLAIN else []
        for each in inner:
            if isinstance(each, type) and issubclass(each, BaseModel):
                yield from text_fields(each)


def _types(annotation: object) -> Iterator[object]:
    arguments = get_args(annotation)
    if not arguments or isinstance(annotation, UnionType):
        yield annotation
    for each in arguments:
        yield from _types(each)


TEXTS = sorted({*text_fields(Alert), *text_fields(StatusChange)})


def filled(model: type[BaseModel], text: str) -> Record:
    """Return JSON of `model` with `text` in every field that takes one."""
    return {name: _filled(field.annotation, text) for name, field in model.model_fields.items() if name not in PLAIN}


def _filled(annotation: object, text: str) -> object:
    arguments = get_args(annotation)
    if annotation is str:
        return text
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return filled(annotation, text)
    if isinstance(annotation, UnionType):
        return _filled(arguments[0], text)
    return [_filled(each, text) for each in arguments if each is not ...]


@pytest.mark.parametrize("model", [Alert, StatusChange])
@pytest.mark.parametrize("text", [f"password={PASSWORD}", f"to {TOKEN}", f"pass\u200bword={PASSWORD}"], ids=ascii)
def test_no_text_field_keeps_a_secret(model: type[BaseModel], text: str) -> None:
    written = json.dumps(kept(filled(model, text)))

    assert PASSWORD not in written
    assert TOKEN[:40] not in written
    assert len(TEXTS) > 25


def test_a_value_whose_name_tells_that_it_is_secret_is_not_kept() -> None:
    record = record_of(tags=(("password", "correct horse"), ("browser", "Firefox")), contexts=(("api_key", "horse"),))

    assert record["tags"] == [["password", "[redacted]"], ["browser", "Firefox"]]
    assert record["contexts"] == [["api_key", "[redacted]"]]


def test_personal_data_is_kept_only_where_it_is_told_to() -> None:
    fields = alert(message=f"no mail for {MAIL}").model_dump(mode="json", exclude_defaults=True)

    assert kept(dict(fields), is_masked=False)["message"] == f"no mail for {MAIL}"
    assert kept(dict(fields))["message"] == "no mail for [email]"


@pytest.mark.parametrize("field", ["release", "environment", "sentry_url"])
def test_no_personal_data_is_looked_for_in_identifiers(field: str) -> None:
    assert record_of(**{field: f"shop@{MAIL}"})[field] == f"shop@{MAIL}"


def test_a_projects_number_is_no_card_number() -> None:
    assert record_of(project="4111111111111111")["project"] == "4111111111111111"


def test_no_secret_is_kept_in_identifiers() -> None:
    assert identifier(f"shop@{TOKEN}", "release") == "shop@[redacted github token]"


@pytest.mark.parametrize("field", ["title", "message", "culprit", "rule", "release"])
@pytest.mark.parametrize("kept_of_it", KEEPS)
@pytest.mark.parametrize("filler", ["x", "\u00e9", "\x1b", "\u200b"], ids=ascii)
def test_no_half_of_a_secret_stands_where_a_text_is_cut(field: str, kept_of_it: int, filler: str) -> None:
    limit = LIMITS.get(field, SHORT["NAME"])
    record = record_of(**{field: cut(f"{filler * (limit - kept_of_it)} {TOKEN}", limit)})

    assert TOKEN[4:10] not in record[field]
    assert len(record[field].encode()) <= limit


@pytest.mark.parametrize("kept_of_it", KEEPS)
def test_no_half_of_a_secret_stands_where_reading_ends(kept_of_it: int) -> None:
    key = "-----BEGIN PRIVATE KEY-----MIIE-----END PRIVATE KEY----- "
    text = f"{key * 8}{'x' * (556 - 8 * len(key) - kept_of_it)} {TOKEN}"

    assert TOKEN[4:10] not in record_of(title=cut(text, 300))["title"]


@pytest.mark.parametrize("kept_of_it", KEEPS)
def test_no_half_of_a_secret_stands_where_a_path_begins(kept_of_it: int) -> None:
    path = cut_start(f"/srv/{TOKEN}/{'d' * (199 - kept_of_it)}", 200)
    record = record_of(stack=({"path": path},))

    assert TOKEN[-6:] not in record["stack"][0]["path"]


def test_the_end_of_a_path_is_kept_and_the_beginning_of_a_requests() -> None:
    long = "/a" * 200
    record = record_of(stack=({"path": f"{long}/cart.py"},), request={"path": f"/cart{long}"})

    assert record["stack"][0]["path"] == f"{long}/cart.py"[-200:]
    assert record["request"]["path"] == f"/cart{long}"[:200]


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


def test_of_a_text_that_takes_long_to_look_at_the_beginning_is_kept() -> None:
    message = record_of(message=f"no basket: {'&a==' * 1000}")["message"]

    assert message.startswith("no basket: ")
    assert message.endswith(LEFT_OUT)


def test_a_long_text_of_a_plain_kind_is_kept_whole() -> None:
    dump = json.dumps({f"name{number}": "some value of it" for number in range(100)}, indent=1)[:4000]
    query = "&".join(f"name{number}=value" for number in range(240))[:3900]

    assert record_of(message=dump)["message"] == dump
    assert LEFT_OUT not in record_of(message=f"GET /?{query}")["message"]


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
