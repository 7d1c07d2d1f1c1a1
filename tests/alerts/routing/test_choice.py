"""Every alert has exactly one route: the first that takes it, else the default."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.hostile import TEXTS

from booty.observability.alerts.routing.choice import choose, steps, unmet
from booty.observability.alerts.routing.route import DEFAULT, Condition, Route, Traits
from booty.observability.alerts.severity import Severity

SHOP = Route(line=1, conditions=(Condition("project", ("shop", "4501")),), repository="acme/shop")
STAGING = Route(line=5, conditions=(Condition("environment", ("staging", "dev-*")),), drop=True)
REST = Route(line=9, repository="acme/rest")


def taking(trait: str, *patterns: str) -> Route:
    """Return a route with one condition."""
    return Route(line=1, conditions=(Condition(trait, patterns),))


def takes(route: Route, traits: Traits) -> bool:
    """Return whether a route takes an alert."""
    return unmet(route, traits) is None


def test_the_first_route_that_takes_an_alert_is_its_route() -> None:
    routes = (SHOP, STAGING, REST)

    assert choose(Traits(projects=("shop",), environment="staging"), routes) == SHOP
    assert choose(Traits(projects=("pay",), environment="staging"), routes) == STAGING
    assert choose(Traits(projects=("pay",)), routes) == REST


def test_an_alert_that_no_route_takes_is_as_the_settings_say() -> None:
    assert choose(Traits(projects=("pay",)), (SHOP, STAGING)) == DEFAULT
    assert choose(Traits(), ()) == DEFAULT


def test_all_conditions_of_a_route_must_be_fulfilled() -> None:
    route = Route(conditions=(Condition("project", ("shop",)), Condition("level", ("fatal", "error"))))

    assert takes(route, Traits(projects=("shop",), level=Severity.ERROR))
    assert not takes(route, Traits(projects=("shop",), level=Severity.WARNING))
    assert not takes(route, Traits(projects=("pay",), level=Severity.ERROR))


@pytest.mark.parametrize("projects", [("shop",), ("4501",), ("shop", "4501"), ("4501", "other-slug")])
def test_a_project_is_known_by_its_slug_or_its_number(projects: tuple[str, ...]) -> None:
    assert takes(SHOP, Traits(projects=projects))


@pytest.mark.parametrize(
    ("pattern", "name", "is_taken"),
    [
        ("shop-*", "shop-eu", True),
        ("shop-*", "shop", False),
        ("*", "", True),
        ("shop-?u", "shop-eu", True),
        ("shop-[eu]u", "shop-uu", True),
        ("shop", "Shop", False),
        ("shop", "shop\n", False),
        ("a.c", "abc", False),
        ("*", "two\nlines", True),
    ],
)
def test_a_pattern_is_one_of_a_shell(pattern: str, name: str, is_taken: bool) -> None:  # noqa: FBT001 - a table's column
    assert takes(taking("environment", pattern), Traits(environment=name)) is is_taken


def test_a_tag_is_asked_for_by_its_name() -> None:
    route = taking("tag.team", "pay*")

    assert takes(route, Traits(tags=(("region", "eu"), ("team", "payments"))))
    assert not takes(route, Traits(tags=(("region", "payments"),)))
    assert takes(taking("tag.browser.name", "Firefox"), Traits(tags=(("browser.name", "Firefox"),)))


@pytest.mark.parametrize("trait", ["organization", "project", "environment", "level", "tag.team"])
def test_what_an_alert_does_not_say_fulfils_no_condition(trait: str) -> None:
    assert not takes(taking(trait, "*"), Traits())


def test_a_pattern_of_many_stars_takes_no_time() -> None:
    began = time.process_time()

    assert not takes(taking("environment", "*a" * 50 + "b"), Traits(environment="a" * 5_000))
    assert time.process_time() - began < 1


WORDS = st.sampled_from(["shop", "pay", "4501", "production", "staging", "fatal", "eu", *TEXTS[:20]])
TRAITS = st.sampled_from(["organization", "project", "environment", "level", "tag.team", "tag.a.b"])
PATTERNS = WORDS | st.sampled_from(["*", "s*", "?hop", "[", "[!a]*", "**"])
CONDITIONS = st.builds(Condition, TRAITS, st.lists(PATTERNS, min_size=1, max_size=3).map(tuple))
ROUTES = st.lists(
    st.builds(
        Route, line=st.integers(1, 99), conditions=st.lists(CONDITIONS, max_size=3).map(tuple), drop=st.booleans()
    ),
    max_size=6,
)
ALERTS = st.builds(
    Traits,
    organization=st.none() | WORDS,
    projects=st.lists(WORDS, max_size=2).map(tuple),
    environment=st.none() | WORDS,
    level=st.none() | st.sampled_from(Severity),
    tags=st.lists(st.tuples(st.sampled_from(["team", "a.b", "*"]), WORDS), max_size=3).map(tuple),
)


@given(ALERTS, ROUTES)
def test_every_alert_has_exactly_one_route_whatever_the_file_says(traits: Traits, routes: list[Route]) -> None:
    chosen, asked = choose(traits, routes), list(steps(traits, routes))

    assert [step.route for step in asked] == [*routes, DEFAULT][: len(asked)]
    assert asked[-1].route is chosen
    assert [step.unmet is None for step in asked] == [False] * (len(asked) - 1) + [True]


@given(ALERTS, ROUTES, ROUTES)
def test_a_route_that_stands_later_changes_nothing_for_what_is_taken(
    traits: Traits, routes: list[Route], more: list[Route]
) -> None:
    chosen = choose(traits, routes)

    assert choose(traits, [*routes, *more]) is (choose(traits, more) if chosen is DEFAULT else chosen)
