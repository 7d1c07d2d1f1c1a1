"""A user's feedback is what they wrote, never who they are."""

from __future__ import annotations

import pytest
from support.sentry_events import Json, alert_of

from booty.observability.alerts.alert import Alert
from booty.observability.issues.page.body import render

SENDER = {"contact_email": "jo.person@shop.example", "name": "Jo Person"}


def found(shown: object, **event: object) -> Alert:
    return alert_of(type="generic", occurrence=shown, **event)


def feedback(**shown: object) -> Json:
    rows = {"message": "The pay button does nothing", **SENDER, "source": "new_feedback_envelope"}
    return {
        "issueTitle": "User Feedback: Pay button does nothing",
        "subtitle": "The pay button does nothing",
        "type": 6001,
        "level": "info",
        "culprit": "user",
        "evidenceData": rows,
        "evidenceDisplay": [{"name": name, "value": value, "important": True} for name, value in rows.items()],
    } | shown


def page(alert: Alert) -> str:
    draft = render(alert, trigger_label="agent:builder")
    return f"{draft.title}\n{draft.body}"


def test_a_feedback_is_its_text_and_its_page() -> None:
    told = {**SENDER, "message": "The pay button does nothing", "url": "https://shop.example.com/cart?user=jo"}
    alert = found(
        feedback(), contexts={"feedback": told}, title="User Feedback: Pay button does nothing", culprit="user"
    )

    assert (alert.category, alert.detected, alert.culprit) == (
        "feedback",
        "User Feedback",
        "https://shop.example.com/cart",
    )
    assert alert.message == "The pay button does nothing"
    assert (alert.culprit, alert.details) == ("https://shop.example.com/cart", ())


@pytest.mark.parametrize(
    "event",
    [
        {"occurrence": feedback()},
        {"occurrence": feedback(evidenceDisplay=[{"name": "Email", "value": SENDER["contact_email"]}])},
        {"occurrence": feedback(evidenceData={}, evidenceDisplay=[]), "contexts": {"feedback": SENDER}},
        {"occurrence": feedback(issueTitle="User Feedback: Jo Person cannot pay"), "title": "Jo Person cannot pay"},
        {"occurrence": feedback(subtitle="Help!\n-- Jo Person <JO.PERSON@shop.example>", evidenceDisplay=[])},
        {"occurrence": feedback(), "message": "from Jo Person", "logentry": {"formatted": "by jo.person@shop.example"}},
        {"occurrence": feedback(), "user": {"email": SENDER["contact_email"], "name": SENDER["name"]}},
        {"occurrence": feedback(), "tags": [["user.email", SENDER["contact_email"]], ["contact_email", "jo.person@x"]]},
        {"occurrence": feedback(), "tags": [["name", "Jo Person"], ["page", "asked by Jo Person"]]},
        {"occurrence": feedback(), "contexts": {"feedback": SENDER | {"message": "I am Jo Person, call me"}}},
        {
            "occurrence": feedback(),
            "breadcrumbs": [{"message": "signed in as Jo Person"}, {"data": {"mail": SENDER["contact_email"]}}],
        },
        {"occurrence": feedback(), "request": {"url": "https://shop.example.com/people/Jo Person"}},
        {
            "occurrence": feedback(evidenceData={}, evidenceDisplay=[], subtitle="Jo Person"),
            "user": {"username": "Jo Person"},
        },
        {
            "occurrence": feedback(evidenceData={}, evidenceDisplay=[]),
            "contexts": {"device": {"model": "Jo Person's Phone"}},
            "tags": [["user.name", "Jo Person"]],
        },
        {"occurrence": feedback(), "exception": [{"type": "E", "value": "no cart of jo.person@shop.example"}]},
        {"occurrence": feedback(culprit="Jo Person"), "culprit": "jo.person@shop.example"},
    ],
)
def test_who_gave_a_feedback_is_never_published(event: dict[str, object]) -> None:
    told = page(alert_of(type="generic", **event)).lower()

    assert "jo.person" not in told
    assert "jo person" not in told


def test_a_sender_who_signs_with_one_of_their_names_is_not_published() -> None:
    said = "Jo here. The person at the till cannot pay. Regards, Person"

    assert found(feedback(), contexts={"feedback": SENDER | {"message": said}}).message == (
        "[sender] here. The person at the till cannot pay. Regards, [sender]"
    )


def test_a_short_name_takes_no_words_apart() -> None:
    shown = feedback(
        subtitle="Ann announced: ann@shop.example, an order", evidenceData={"name": "Ann"}, evidenceDisplay=[]
    )

    assert found(shown).message == "[sender] announced: [sender]@shop.example, an order"


@pytest.mark.parametrize(
    "event",
    [
        {"contexts": {"feedback": SENDER | {"message": "The pay button does nothing"}}, "message": "by Jo Person"},
        {"occurrence": feedback(type=None)},
        {
            "occurrence": feedback(type=None, evidenceData={}),
            "contexts": {"feedback": {"url": "https://shop.example/"}},
        },
    ],
)
def test_a_feedback_is_known_without_the_number_of_its_kind(event: dict[str, object]) -> None:
    alert = alert_of(**event)

    assert (alert.category, alert.detected) == ("feedback", "User Feedback")
    assert alert.message == "The pay button does nothing"
    assert "jo person" not in page(alert).lower()


@pytest.mark.parametrize("name", ["error", "feedback", "event", "booty", "(a+)+$", "\\", "unknown"])
def test_no_name_of_a_sender_changes_what_decides(name: str) -> None:
    alert = found(feedback(evidenceData={"name": name}), level="error", release="booty@1", environment="unknown")

    assert (alert.severity, alert.category, alert.kind) == ("error", "feedback", "event")
    assert (alert.release, alert.environment, alert.fingerprint) == ("booty@1", "unknown", "unknown:6123456789")


def test_of_an_error_nobody_is_taken_out() -> None:
    alert = alert_of(exception=[{"type": "E", "value": "no Jo Person"}], contexts={"feedback": SENDER})

    assert alert.raised[0].message == "no Jo Person"
