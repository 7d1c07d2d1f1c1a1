"""The alert rules in docs/operating.md are YAML that Prometheus takes, about metrics that there are."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from support.pages import codes, page, rows, section

from booty.observability.ledger.watch.counters import Reading
from booty.observability.ledger.watch.vitals import Vitals
from booty.observability.ops.metrics.exposition import OUTCOMES, LedgerCollector, exposition

SECTION = section(page("docs/operating.md"), "Metrics")
((TEXT),) = re.findall(r"```yaml\n(.*?)```", SECTION, re.DOTALL)
RULES: list[dict[str, Any]] = [rule for group in yaml.safe_load(TEXT)["groups"] for rule in group["rules"]]
READING = Reading({}, Vitals(oldest_at=1.0), 0, 0, heard_at=1.0, expires_at=1.0, free_bytes=1)
TOLD = exposition(LedgerCollector(lambda: READING, release=None), "")[1].decode()
NAMES = set(re.findall(r"^(booty_\w+?)(?:\{| )", TOLD, re.MULTILINE))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_has_what_prometheus_asks_for(rule: dict[str, Any]) -> None:
    assert set(rule) <= {"alert", "expr", "for", "annotations", "labels"}
    assert re.fullmatch(r"[A-Za-z_]\w*", rule["alert"])
    assert isinstance(rule["expr"], str)
    assert re.fullmatch(r"\d+[smhd]", rule.get("for", "0s"))
    assert set(rule["annotations"]) == {"summary"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_is_about_metrics_and_outcomes_that_there_are(rule: dict[str, Any]) -> None:
    outcomes = {word for words in re.findall(r'outcome=~?"([^"]*)"', rule["expr"]) for word in words.split("|")}

    assert set(re.findall(r"booty_\w+", rule["expr"])) <= NAMES
    assert outcomes <= {*OUTCOMES["webhooks"], *OUTCOMES["deliveries"]}
    assert rule["expr"].count("(") == rule["expr"].count(")")


def test_every_metric_is_listed_and_no_other() -> None:
    listed = {name.partition("{")[0] for names, _ in rows(SECTION, "metric") for name in codes(names)}

    assert listed == NAMES


@pytest.mark.parametrize("kind", OUTCOMES)
def test_every_outcome_is_listed_and_no_other(kind: str) -> None:
    ((_, meaning),) = [row for row in rows(SECTION, "metric") if f"booty_{kind}_total" in row[0]]

    assert tuple(codes(meaning)) == OUTCOMES[kind]
