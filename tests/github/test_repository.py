"""The history of a release is read from GitHub in a few calls; whatever else comes back is not a history."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from githubkit.versions.v2022_11_28.models import GitTree
from support.github_stand_in import REPOSITORY, TOKEN, Fault
from support.repository_stand_in import RELEASED_AT, SHA, RepositoryStandIn, ages, commit_of, pull_of, tree_of

from booty.observability.github.client import GitHub
from booty.observability.github.repository import GitHubSource
from booty.observability.issues.code.code_context import Suspect
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.outcomes import Refused, Unknown

PAGE = "https://github.com/acme/shop"


@pytest.fixture
def github() -> Iterator[RepositoryStandIn]:
    with RepositoryStandIn(["src/shop/cart.py", "README.md"], [commit_of("Total the cart")]) as stand_in:
        yield stand_in


def source_at(github: RepositoryStandIn) -> GitHubSource:
    client = GitHub(api_url=github.api_url, token=TOKEN, version="2022-11-28")
    return GitHubSource(client, repository=REPOSITORY, web=WebLinks(PAGE))


def suspects_at(github: RepositoryStandIn, until: datetime = RELEASED_AT) -> tuple[Suspect, ...]:
    return source_at(github).suspects("src/shop/cart.py", commit=SHA, until=until)


def test_reads_the_files_of_a_commit_and_its_date(github: RepositoryStandIn) -> None:
    assert GitTree.model_validate(github.tree)

    assert source_at(github).paths(SHA) == ("src/shop/cart.py", "README.md")
    assert source_at(github).committed_at(SHA) == RELEASED_AT
    assert [(call.path, call.query) for call in github.reads] == [
        (f"/repos/acme/shop/git/trees/{SHA}", {"recursive": "1"}),
        (f"/repos/acme/shop/git/commits/{SHA}", {}),
    ]


def test_takes_no_file_of_a_tree_that_is_cut_off(github: RepositoryStandIn) -> None:
    github.tree = tree_of(["src/shop/cart.py"], truncated=True)

    assert source_at(github).paths(SHA) == ()


@pytest.mark.parametrize("fault", [Fault(404), Fault(200, body=b"{}"), Fault(200, body=b"<html>")])
def test_does_without_a_date_that_github_does_not_tell(github: RepositoryStandIn, fault: Fault) -> None:
    github.faults["date"] = fault

    assert source_at(github).committed_at(SHA) is None


def test_reads_who_touched_a_file_last(github: RepositoryStandIn) -> None:
    assert suspects_at(github) == (
        Suspect(
            sha="a" * 40,
            url=f"{PAGE}/commit/{'a' * 40}",
            subject="Total the cart",
            author="ada-l",
            committed_at=RELEASED_AT,
        ),
    )
    assert [(call.path, call.query) for call in github.reads] == [
        ("/repos/acme/shop/commits", {"path": "src/shop/cart.py", "sha": SHA, "per_page": "3"})
    ]


def test_names_at_most_three_even_when_github_lists_more(github: RepositoryStandIn) -> None:
    commits = [commit_of(f"Change {number}") for number in range(9)]
    github.faults["commits"] = Fault(200, body=json.dumps(commits).encode())

    assert [suspect.subject for suspect in suspects_at(github)] == ["Change 0", "Change 1", "Change 2"]


def test_suspects_nothing_that_is_younger_than_the_release(github: RepositoryStandIn) -> None:
    younger, same, older = ages(-1, 0, 30)
    github.commits = [commit_of("younger", at=younger), commit_of("same", at=same), commit_of("older", at=older)]

    assert [suspect.subject for suspect in suspects_at(github)] == ["same", "older"]


@pytest.mark.parametrize(
    ("message", "subject"),
    [
        ("Merge pull request #7 from acme/cart\n\nTotal the cart (#9)", "Merge pull request #7 from acme/cart"),
        ("Total the cart (#12)\r\n\r\ncloses (#12)", "Total the cart (#12)"),
        ("Mail bob@example.com when a cart is empty", "Mail [email] when a cart is empty"),
        ("", ""),
    ],
)
def test_takes_the_first_line_of_a_commit_for_its_subject_and_its_word_for_nothing(
    github: RepositoryStandIn, message: str, subject: str
) -> None:
    github.commits = [commit_of(message)]
    (suspect,) = suspects_at(github)

    assert (suspect.subject, suspect.pull, suspect.pull_url) == (subject, None, None)


def test_knows_the_pull_request_by_githubs_answer(github: RepositoryStandIn) -> None:
    github.pulls = [pull_of(3, merged_at=None), pull_of(4, ref="release"), pull_of(5, repository="x/shop"), pull_of(12)]

    assert source_at(github).pull("a" * 40) == 12
    assert [call.path for call in github.reads] == [f"/repos/acme/shop/commits/{'a' * 40}/pulls"]


@pytest.mark.parametrize("pulls", [[], [pull_of(3, merged_at=None)], [pull_of(4, ref="release")]])
def test_knows_no_pull_request_that_was_not_merged_into_the_default_branch(
    github: RepositoryStandIn, pulls: list[dict[str, object]]
) -> None:
    github.pulls = pulls

    assert source_at(github).pull("a" * 40) is None


@pytest.mark.parametrize(
    ("standing", "is_held"),
    [("behind", True), ("identical", True), ("ahead", False), ("diverged", False), (None, False)],
)
def test_the_default_branch_holds_what_is_behind_it(
    github: RepositoryStandIn, standing: str | None, *, is_held: bool
) -> None:
    github.standings |= {SHA: standing}

    assert source_at(github).is_on_default_branch(SHA) == is_held
    assert (github.reads[0].path, github.reads[0].query) == (
        f"/repos/acme/shop/compare/HEAD...{SHA}",
        {"per_page": "1", "page": "2"},
    )


@pytest.mark.parametrize(
    ("tags", "annotated", "is_tagged"),
    [
        ({f"booty@{SHA}": ("commit", SHA)}, {}, True),
        ({f"booty@{SHA}": ("tag", "e" * 40)}, {"e" * 40: ("commit", SHA)}, True),
        ({}, {}, False),
        ({f"shop@{SHA}": ("commit", SHA)}, {}, False),
        ({f"booty@{SHA}": ("commit", "d" * 40)}, {}, False),
        ({f"booty@{SHA}": ("tree", SHA)}, {}, False),
        ({f"booty@{SHA}": ("tag", "e" * 40)}, {"e" * 40: ("commit", "d" * 40)}, False),
        ({f"booty@{SHA}": ("tag", "e" * 40)}, {"e" * 40: ("tag", SHA)}, False),
        ({f"booty@{SHA}": ("tag", "e" * 40)}, {}, False),
    ],
)
def test_a_tag_of_ours_names_the_commit_that_it_points_to(
    github: RepositoryStandIn,
    tags: dict[str, tuple[str, str]],
    annotated: dict[str, tuple[str, str]],
    *,
    is_tagged: bool,
) -> None:
    github.tags, github.annotated = tags, annotated

    assert source_at(github).is_tagged(SHA) == is_tagged


def test_names_the_author_by_the_commit_where_github_knows_no_account(github: RepositoryStandIn) -> None:
    github.commits = [commit_of("one", login=None, name="Ada L."), commit_of("two") | {"author": {}}]

    assert [suspect.author for suspect in suspects_at(github)] == ["Ada L.", "Ada"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"null",
        b"{}",
        b"[[]]",
        b'[{"sha": "HEAD"}]',
        json.dumps([commit_of("x", sha="a" * 39 + "\n")]).encode(),
        json.dumps([commit_of("x") | {"commit": {"message": "x", "committer": {"date": "yesterday"}}}]).encode(),
    ],
)
def test_takes_nonsense_for_an_unknown_outcome(github: RepositoryStandIn, body: bytes) -> None:
    fault = Fault(200, body=body)
    github.faults = {"tree": fault, "commits": fault, "compare": fault, "tag": fault, "pulls": fault}

    with pytest.raises(Unknown):
        suspects_at(github)
    for ask in (source_at(github).paths, source_at(github).is_on_default_branch, source_at(github).is_tagged):
        with pytest.raises(Unknown):
            ask(SHA)
    with pytest.raises(Unknown):
        source_at(github).pull(SHA)


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_suspects_no_commit_from_beyond_the_calendar(github: RepositoryStandIn, date: str) -> None:
    commit = commit_of("x")
    commit["commit"]["committer"]["date"] = date
    github.commits = [commit]

    assert suspects_at(github, until=datetime.now(UTC) + timedelta(days=1)) == ()


@pytest.mark.parametrize(
    "fault",
    [
        Fault(403, body=b'{"message": "Resource not accessible by personal access token"}'),
        Fault(404, body=b'{"message": "Not Found"}'),
    ],
)
def test_leaves_open_what_a_token_may_not_read(github: RepositoryStandIn, fault: Fault) -> None:
    github.faults = {"compare": fault}

    with pytest.raises(Refused):
        source_at(github).is_on_default_branch(SHA)


def test_says_that_a_commit_does_not_exist(github: RepositoryStandIn) -> None:
    with pytest.raises(Refused):
        source_at(github).paths("d" * 40)
