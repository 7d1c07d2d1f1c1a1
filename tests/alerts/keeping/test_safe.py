"""The safe form of a text holds no secret and no half of one."""

from __future__ import annotations

import json

import pytest
from support.keeping import MAIL, TOKEN, record_of

from booty.observability.alerts.keeping.fields import LIMITS
from booty.observability.alerts.keeping.safe import LEFT_OUT, cost_of, identifier
from booty.observability.alerts.limits import cut, cut_start

KEEPS = range(1, 120, 7)
SHORT = {"NAME": 120}


@pytest.mark.parametrize("field", ["release", "environment", "sentry_url"])
def test_no_personal_data_is_looked_for_in_identifiers(field: str) -> None:
    assert record_of(**{field: f"shop@{MAIL}"})[field] == f"shop@{MAIL}"


def test_a_projects_number_is_not_a_card_number() -> None:
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


def test_of_a_text_that_takes_long_to_look_at_the_beginning_is_kept() -> None:
    message = record_of(message=f"no basket: {'&a==' * 1000}")["message"]

    assert message.startswith("no basket: ")
    assert message.endswith(LEFT_OUT)


def test_a_long_text_of_a_plain_kind_is_kept_whole() -> None:
    dump = json.dumps({f"name{number}": "some value of it" for number in range(100)}, indent=1)[:4000]
    query = "&".join(f"name{number}=value" for number in range(240))[:3900]

    assert record_of(message=dump)["message"] == dump
    assert LEFT_OUT not in record_of(message=f"GET /?{query}")["message"]


def test_many_texts_cost_what_each_of_them_costs() -> None:
    texts = ("", "a=b&c", "plain words", "user@host: \u00e9")

    assert cost_of(*texts) == sum(map(cost_of, texts))
    assert cost_of() == 0
