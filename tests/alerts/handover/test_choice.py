"""Who gets an issue: nothing that a route sets beside it hands over what is held."""

from __future__ import annotations

import pytest

from booty.observability.alerts.handover.choice import handing_of
from booty.observability.alerts.handover.terms import Terms
from booty.observability.alerts.routing.destination import Destination
from booty.observability.alerts.routing.route import HANDOVERS, Handover


@pytest.mark.parametrize("handover", HANDOVERS)
@pytest.mark.parametrize("path", [None, "payments/**"])
@pytest.mark.parametrize("own", [None, "agent:shop"])
def test_a_trigger_label_among_a_routes_labels_hands_nothing_over(
    handover: Handover, path: str | None, own: str | None
) -> None:
    labels = ("shop", "agent:builder", "Agent:Builder", *(("AGENT:SHOP",) if own else ()))
    place = Destination(labels=labels, trigger_label=own, handover=handover)

    handing = handing_of(Terms(), place, trigger_label="agent:builder", path=path)

    assert set(handing.labels) == {"shop"}
    assert (handing.label == (own or "agent:builder")) == (handover == "label" and path is None)
