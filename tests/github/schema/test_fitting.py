"""Whatever GitHub, or what stands in its place, answers: a value of the type, or nothing; never half of one."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from booty.observability.github.schema import agent, app, commits, issues, refusal, setup, timeline
from booty.observability.github.schema.fitting import MOST_PARTS, fitted
from booty.observability.typed_json.decoding import UNFIT

SHA, TIME = "c" * 40, "2026-11-23T10:00:05Z"
ANA = {"login": "ana", "type": "User", "id": 1, "site_admin": False}
ISSUE: dict[str, Any] = {
    "number": 7,
    "html_url": "https://github.com/acme/shop/issues/7",
    "title": "[error] KeyError in cart.py:3",
    "labels": [{"name": "agent:builder", "color": "ff0000", "description": None}, "severity:error"],
    "assignees": [ANA],
    "body": "text",
    "user": ANA,
    "state": "closed",
    "state_reason": "completed",
    "created_at": TIME,
    "updated_at": TIME,
    "closed_at": TIME,
    "closed_by": None,
}
REPOSITORY = {"full_name": "acme/shop", "archived": False, "has_issues": True, "permissions": {"push": True}}
COMMIT = {"message": "Total the cart", "author": {"name": "Ana"}, "committer": {"name": "GitHub", "date": TIME}}
MENTION = {"number": 12, "repository_url": "r", "pull_request": {"merged_at": TIME}}
REVIEWERS = {"type": "required_reviewers", "reviewers": [{"type": "User", "reviewer": ANA}]}
SENT: tuple[tuple[Any, Any], ...] = (
    (issues.Issue, ISSUE),
    (issues.Written, ISSUE),
    (list[issues.Issue], [ISSUE, ISSUE]),
    (list[issues.Label], [{"name": "bug"}]),
    (list[issues.Comment], [{"body": "text", "user": ANA}, {"body": None}]),
    (issues.Account, ANA),
    (issues.Repository, REPOSITORY),
    (setup.Repository, REPOSITORY),
    (setup.Environment, {"protection_rules": [REVIEWERS], "deployment_branch_policy": {"protected_branches": True}}),
    (list[setup.BranchRule], [{"type": "pull_request", "parameters": {"require_code_owner_review": True}}]),
    (app.App, {"slug": "booty", "id": 1}),
    (app.Installation, {"id": 5, "account": ANA, "suspended_at": None, "permissions": {"issues": "write"}}),
    (app.InstallationToken, {"token": "ghs_1_a.b-c", "expires_at": TIME}),
    (agent.Answer, {"data": {"repository": {"viewerPermission": "WRITE", "suggestedActors": {"nodes": [ANA]}}}}),
    (commits.Tree, {"tree": [{"path": "src/cart.py", "type": "blob"}], "truncated": False}),
    (commits.CommitContent, COMMIT),
    (list[commits.Commit], [{"sha": SHA, "commit": COMMIT, "author": ANA}]),
    (commits.Compared, {"status": "ahead"}),
    (commits.Tag, {"object": {"type": "commit", "sha": SHA}}),
    (list[commits.Pull], [{"number": 3, "merged_at": TIME, "base": {"ref": "main", "repo": {"full_name": "a/s"}}}]),
    (list[timeline.Event], [{"event": "closed", "created_at": TIME, "source": {"issue": MENTION}}]),
    (refusal.Refusal, {"message": "Validation Failed", "errors": [{"code": "missing_field"}, "text"]}),
)
ODD = [
    *(
        "null",
        "true",
        "0",
        "-1",
        "7.5",
        "1e400",
        "9" * 30,
        "9" * 5000,
        '"x"',
        '"\\u0000"',
        '"\\ud83d\\ude00"',
        "[]",
        "{}",
    ),
    *(
        "[null]",
        "[[]]",
        '{"name":null}',
        '{"login":[]}',
        "[" * 90 + "]" * 90,
        f'"{"x" * 2000}"',
        '"2026-11-26T12:00:00"',
    ),
]
BROKEN = ["NaN", "-Infinity", '"\\ud800"', '"\n"', "", "[" * 10_000, "[" * 10_000 + "]" * 10_000]
odd = st.sampled_from(ODD) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "login", "x"]), inner),
    max_leaves=5,
).map(json.dumps)


def with_keys(sent: dict[str, Any], **others: str) -> bytes:
    """Return an object as JSON, some of its values as they are given."""
    return ("{" + ",".join(f'"{key}":{value}' for key, value in (_dumped(sent) | others).items()) + "}").encode()


def _dumped(sent: dict[str, Any]) -> dict[str, str]:
    return {key: json.dumps(value) for key, value in sent.items()}


@pytest.mark.parametrize(("kind", "sent"), SENT)
def test_reads_what_github_sends(kind: type[object], sent: object) -> None:
    found = fitted(kind, json.dumps(sent).encode())

    assert msgspec.convert(sent, kind) == found


@given(st.sampled_from(SENT), st.data())
def test_whatever_was_done_to_an_answer_it_is_a_whole_value_or_none(case: tuple[Any, Any], data: st.DataObject) -> None:
    kind, sent = case
    body = json.dumps(sent).encode()
    start, end = sorted((data.draw(st.integers(0, len(body))), data.draw(st.integers(0, len(body)))))
    put = data.draw(odd.map(str.encode) | st.sampled_from(BROKEN).map(str.encode) | st.binary(max_size=4))

    for hurt in (body[:start], body[:start] + put + body[end:], body[:start] + put + body[start:]):
        try:
            found = fitted(kind, hurt)
        except UNFIT:
            continue
        assert msgspec.convert(msgspec.to_builtins(found), kind) == found


@given(html_url=odd, title=odd, labels=odd, assignees=odd)
@example(html_url=f'"{"x" * 1001}"', title="null", labels="null", assignees='[{"login":null},{"login":"ana"}]')
def test_an_issue_is_not_lost_for_what_is_odd_beside_what_decides(
    html_url: str, title: str, labels: str, assignees: str
) -> None:
    found = fitted(issues.Issue, with_keys(ISSUE, html_url=html_url, title=title, labels=labels, assignees=assignees))

    assert (found.number, found.body, found.state, found.user) == (7, "text", "closed", issues.Account("ana", "User"))
    assert all(isinstance(text, str) for text in (found.html_url, found.title, *found.label_names))
    assert all(isinstance(account.login, str) for account in found.assignees)


def test_keeps_the_labels_beside_an_odd_one() -> None:
    found = fitted(issues.Issue, with_keys(ISSUE, labels='[null,"a",{"name":7},{"name":"b"},{}]'))

    assert found.label_names == ("a", "b", "")


@given(odd)
def test_an_issue_that_was_written_is_known_by_its_number_alone(anything: str) -> None:
    others = dict.fromkeys(ISSUE.keys() - {"number"}, anything)

    assert fitted(issues.Written, with_keys(ISSUE, **others)).number == 7


@pytest.mark.parametrize("key", ["number", "body", "state", "state_reason", "user", "created_at", "closed_at"])
@pytest.mark.parametrize("value", ["true", "[]", '{"login":1}', '"\\ud800"', "1e400", "9" * 30])
def test_what_decides_is_never_guessed(key: str, value: str) -> None:
    with pytest.raises(UNFIT):
        fitted(issues.Issue, with_keys(ISSUE, **{key: value}))


@pytest.mark.parametrize("rule", ["null", "7", '[{"reviewers":null}]', '[{"type":7}]', "[null]"])
def test_an_odd_gate_does_not_pass_for_one_without_rules(rule: str) -> None:
    with pytest.raises(UNFIT):
        fitted(setup.Environment, with_keys({}, protection_rules=rule))


@pytest.mark.parametrize("value", ['"7"', "7.0", "7"])
def test_takes_what_means_the_same(value: str) -> None:
    assert fitted(issues.Issue, with_keys(ISSUE, number=value)).number == 7


@pytest.mark.parametrize("kind", [kind for kind, _ in SENT])
@pytest.mark.parametrize("body", [b"null", b"7", b'"text"', b"<html>", b"\xff", b"[" * 10_000, b"NaN"])
def test_something_else_altogether_is_nothing(kind: type[object], body: bytes) -> None:
    with pytest.raises(UNFIT):
        fitted(kind, body)


@pytest.mark.parametrize("labels", [b"0", b"{}", b"[]"])
def test_very_many_odd_values_are_not_looked_at_one_by_one(labels: bytes) -> None:
    many = b'{"number":7,"title":null,"labels":[' + b",".join([labels] * (MOST_PARTS + 2)) + b"]}"

    with pytest.raises(UNFIT):
        fitted(issues.Issue, many)


def test_a_token_is_not_shown() -> None:
    token = fitted(app.InstallationToken, b'{"token":"ghs_hidden","expires_at":"2026-11-23T10:00:05Z"}')

    assert "hidden" not in f"{token} {token!r} {[token]}"
