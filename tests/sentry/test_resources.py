"""A resource is known by what the body holds; the header only names one that is not filed."""

from __future__ import annotations

import pytest
from support.sentry_events import PASSED_OVER, body_of, sample

from booty.observability.sentry.payload import parse
from booty.observability.sentry.resources import NotHandled


@pytest.mark.parametrize("name", PASSED_OVER)
def test_passes_over_every_other_recorded_resource(name: str) -> None:
    with pytest.raises(NotHandled) as caught:
        parse(body_of(sample(name)), name.partition(".")[0])

    assert caught.value.resource == name.partition(".")[0]


def test_names_a_resource_that_it_does_not_know_by_the_header() -> None:
    with pytest.raises(NotHandled) as caught:
        parse(b'{"action":"size_analysis_completed","data":{"buildId":"1"}}', "preprod_artifact")

    assert caught.value.resource == "preprod_artifact"


def test_a_name_that_a_log_cannot_bear_is_never_passed_on() -> None:
    with pytest.raises(NotHandled) as caught:
        parse(body_of(sample("issue.created")), "issue\nalert_accepted fingerprint=forged")

    assert caught.value.resource == "issue"
