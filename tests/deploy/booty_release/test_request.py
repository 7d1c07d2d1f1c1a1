"""The grammar of the one line that the deploy key may say."""

from __future__ import annotations

import string

import pytest
from booty_release.outcome import ExitCode, Stopped
from booty_release.request import Request, parse
from hypothesis import given
from hypothesis import strategies as some

SHA = "0123456789abcdef0123456789abcdef01234567"
RUN = "https://github.com/owner/repo/actions/runs/123/attempts/2"
ALLOWED = set(string.ascii_letters + string.digits + " ._@[]:/-")


def test_parses_a_deploy() -> None:
    request = parse(f"deploy {SHA} none dependabot[bot] {RUN}")

    assert request == Request(verb="deploy", sha=SHA, seen=None, actor="dependabot[bot]", run=RUN)


def test_parses_a_rollback_to_the_release_before() -> None:
    assert parse("rollback previous octocat -") == Request(verb="rollback", actor="octocat")


def test_parses_what_a_rollback_assumes() -> None:
    assert parse(f"rollback previous {SHA} octocat -") == Request(verb="rollback", seen=SHA, actor="octocat")
    assert parse(f"rollback {SHA} {SHA} -") == Request(verb="rollback", sha=SHA, actor=SHA)


def test_parses_questions() -> None:
    assert parse("status --json") == Request(verb="status", json=True)
    assert parse("current") == Request(verb="current")
    assert parse(f"plan {SHA}") == Request(verb="plan", sha=SHA)


@pytest.mark.parametrize(
    "words",
    [
        "status",
        "status --json",
        "retry --all",
        "retry python:7",
        "why #12",
        "why https://acme.sentry.io/issues/7/?project=1&query=x --json",
        "log --since 24h --reason=cooldown",
    ],
)
def test_parses_the_services_own_commands(words: str) -> None:
    assert parse(f"booty {words}") == Request(verb="booty", words=tuple(words.split()))


@pytest.mark.parametrize(
    "line",
    [
        "booty",
        "booty status;id",
        "booty retry --all x",
        "booty retry -x",
        "booty retry $HOME",
        "booty why $HOME",
        "booty why %h",
        "booty why a\tb",
        "booty why -x",
        "booty why " + "a" * 400,
        "booty why" + " a" * 10,
        "logs --since=now",
        "logs --grep=$(id)",
        "logs --grep=a --follow",
        "cancel all octocat -",
    ],
)
def test_refuses_words_beyond_the_grammar(line: str) -> None:
    with pytest.raises(Stopped) as stopped:
        parse(line)

    assert stopped.value.code == ExitCode.BAD_INPUT


def test_parses_what_to_show_of_the_log() -> None:
    request = parse("logs --follow --since=2026-01-31T12:00 --grep=JChpZCkgJ3gn")

    assert request == Request(verb="logs", follow=True, since="2026-01-31T12:00", grep="$(id) 'x'")


@pytest.mark.parametrize("line", ["", "id", "Deploy", "deploy\n", "\ndeploy", "status\t", "settle", "statusx"])
def test_refuses_what_is_no_verb(line: str) -> None:
    with pytest.raises(Stopped) as stopped:
        parse(line)

    assert stopped.value.code == ExitCode.REFUSED


@pytest.mark.parametrize(
    "line",
    ["deploy", "deploy ", f"deploy {SHA}", "status --json\n", "status  --json", "current x", f"rollback {SHA}\n a -"],
)
def test_refuses_a_verb_with_wrong_arguments(line: str) -> None:
    with pytest.raises(Stopped) as stopped:
        parse(line)

    assert stopped.value.code == ExitCode.BAD_INPUT


@given(some.text())
def test_whatever_is_accepted_has_no_character_that_means_something_to_a_shell_or_a_path(tail: str) -> None:
    for verb in ("deploy", "rollback", "plan", "status", "releases", "logs", "current", ""):
        try:
            parse(f"{verb}{tail}")
        except Stopped:
            continue
        assert set(tail) <= ALLOWED
        assert ".." not in tail.split()[:1]


@given(some.text(alphabet="0123456789abcdefABCDEF", max_size=50))
def test_only_forty_small_hex_digits_are_a_commit(text: str) -> None:
    line = f"deploy {text} none octocat -"
    whole = len(text) == 40 and text == text.lower()

    if whole:
        assert parse(line).sha == text
    else:
        with pytest.raises(Stopped):
            parse(line)
