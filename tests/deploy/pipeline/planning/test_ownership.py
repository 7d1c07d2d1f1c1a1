"""Whether the owners of the deploy must review each change of it."""

from __future__ import annotations

import pytest
from support.workflow import github_bodies as bodies
from support.workflow.throwaway import Project

from deploy.pipeline.planning.clone import Clone
from deploy.pipeline.planning.ownership import find_unguarded

FORBIDDEN = {"message": "Resource not accessible by integration"}
OTHER_RULES = [{"type": "deletion"}, bodies.pull_request_rule(by_owners=False), {"type": "pull_request"}]


def found(project: Project) -> list[str]:
    main = project.git("rev-parse", "HEAD")
    return find_unguarded(project.outside.github, clone=Clone(project.folder), main=main)


def test_says_nothing_where_owners_must_review(ready: Project) -> None:
    assert found(ready) == []
    assert [call.query["ref"] for call in ready.outside.called("GET", "/codeowners/errors")] == [
        [ready.git("rev-parse", "HEAD")]
    ]


def test_branch_protection_counts_where_the_token_may_read_it(ready: Project) -> None:
    ready.outside.teach("GET rules/branches/main", OTHER_RULES)
    ready.outside.teach("GET branches/main/protection", bodies.branch_protection(by_owners=True))

    assert found(ready) == []


@pytest.mark.parametrize(
    ("rules", "protection", "status"),
    [
        (OTHER_RULES, {"message": "Branch not protected"}, 404),
        ([], bodies.branch_protection(by_owners=False), 200),
        ([], {"required_pull_request_reviews": None}, 200),
        ([], {}, 200),
    ],
)
def test_warns_where_no_rule_wants_the_owners(ready: Project, rules: object, protection: object, status: int) -> None:
    ready.outside.teach("GET rules/branches/main", rules)
    ready.outside.teach("GET branches/main/protection", protection, status=status)

    (warning,) = found(ready)

    assert warning.startswith("No rule of `main` requires a review by code owners")


@pytest.mark.parametrize("rules", [[], {}, [7], [{}], "no", None, *bodies.BROKEN.values()])
def test_what_cannot_be_read_is_not_known(ready: Project, rules: object) -> None:
    ready.outside.teach("GET rules/branches/main", rules)
    ready.outside.teach("GET branches/main/protection", FORBIDDEN, status=403)

    (warning,) = found(ready)

    assert warning.startswith("It is not known whether a rule of `main` requires a review by code owners")


@pytest.mark.parametrize(
    ("owners", "files"),
    [
        ("", "`.github/*`, `.github/*/*`, `deploy/*` and "),
        ("/deploy/ @anne\n/deploy.sh @anne\n/CODEOWNERS @anne", "`.github/*`, `.github/*/*`, `.github/workflows/"),
        ("/.github/ @anne\n/deploy/ @anne\n/CODEOWNERS @anne", "`deploy.sh` by"),
        ("/.github/ @anne\n/deploy/ @anne\n/deploy.sh @anne", "`CODEOWNERS` by"),
        ("* @anne\n/deploy/pipeline/plan.py", "`deploy/pipeline/plan.py` by"),
    ],
)
def test_names_what_nobody_owns(ready: Project, owners: str, files: str) -> None:
    ready.write("CODEOWNERS", owners)
    ready.commit("Change the owners")

    (warning,) = found(ready)

    assert warning.startswith(f"Nobody owns {files}")


def test_without_a_file_of_owners_nobody_owns_anything(ready: Project) -> None:
    (ready.folder / "CODEOWNERS").unlink()
    ready.commit("Own nothing")

    assert [warning.split(",")[0] for warning in found(ready)] == ["Nobody owns `.github/*`"]
    assert ready.outside.called("GET", "/codeowners/errors") == []


def test_reads_the_file_of_owners_that_github_reads(ready: Project) -> None:
    ready.write("docs/CODEOWNERS", "")
    ready.commit("Own nothing, where GitHub does not look")
    assert found(ready) == []

    ready.write(".github/CODEOWNERS", "")
    ready.commit("Own nothing, where GitHub looks first")
    assert len(found(ready)) == 1


def test_tells_what_github_cannot_use_of_the_owners(ready: Project) -> None:
    errors = [bodies.owners_error(2, "Unknown owner"), bodies.owners_error(5, "`Invalid\n pattern")]
    ready.outside.teach("GET codeowners/errors", {"errors": errors})

    (warning,) = found(ready)

    assert "mistakes in CODEOWNERS (line 2: `Unknown owner`, line 5: ``" in warning


@pytest.mark.parametrize("answer", [{}, {"errors": [{}]}, {"errors": [7]}, [], *bodies.BROKEN.values()])
def test_goes_on_where_github_does_not_say_what_it_cannot_use(ready: Project, answer: object) -> None:
    ready.outside.teach("GET codeowners/errors", answer)

    (warning,) = found(ready)

    assert warning.startswith("It is not known whether GitHub can use CODEOWNERS")
