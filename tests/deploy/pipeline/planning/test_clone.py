"""The clone: what git tells of commits and files."""

from __future__ import annotations

import pytest
from support.workflow.throwaway import Project

from deploy.pipeline.planning.changes import Commit
from deploy.pipeline.planning.clone import Clone


def test_reads_commits_and_files_between_two_releases(project: Project) -> None:
    old = project.git("rev-parse", "HEAD")
    project.write("booty/a b\n.py", "1")
    first = project.commit("Say `so`", author="Mary `Read` <mary@example.com>")
    second = project.commit("Then")

    changes = Clone(project.folder).changes(before=old, after=second)

    assert changes.added == (Commit(second, "Anne Bonny", "Then"), Commit(first, "Mary `Read`", "Say `so`"))
    assert (changes.removed, changes.files) == ((), ("booty/a b\n.py",))
    assert Clone(project.folder).changes(before=second, after=old).removed == changes.added


def test_lists_files_that_the_commit_itself_would_hide(project: Project) -> None:
    old = project.git("rev-parse", "HEAD")
    project.write(".gitattributes", "*.py -diff export-ignore\n")
    project.write(".gitmodules", '[submodule "x"]\n\tpath = x\n\turl = https://example.com\n\tignore = all\n')
    project.write("booty/a.py", "1")
    project.git("update-index", "--add", "--cacheinfo", f"160000,{old},x")
    new = project.commit("Hide it")
    project.git("replace", new, old)
    (project.folder / ".git" / "info").mkdir(exist_ok=True)
    (project.folder / ".git" / "info" / "grafts").write_text(f"{old} {new}\n")

    assert not Clone(project.folder).contains(new, tip=old)
    changes = Clone(project.folder).changes(before=old, after=new)

    assert {".gitattributes", ".gitmodules", "booty/a.py"} <= set(changes.files)


def test_reads_a_file_as_the_commit_has_it(project: Project) -> None:
    sha = project.git("rev-parse", "HEAD")
    project.write("CODEOWNERS", "* @anne\n")
    project.git("update-index", "--add", "--cacheinfo", f"160000,{sha},docs/CODEOWNERS")
    new = project.commit("Own it")
    clone = Clone(project.folder)

    assert {"CODEOWNERS", "deploy/pipeline/plan.py"} <= set(clone.files(new))
    assert "docs/CODEOWNERS" not in clone.files(new)
    assert clone.read(new, "CODEOWNERS") == "* @anne\n"
    assert clone.read(sha, "CODEOWNERS") != "* @anne\n"


@pytest.mark.parametrize("sha", ["main", "--output=x", "1" * 39, "1" * 40 + "\n", ""])
def test_hands_nothing_but_full_shas_to_git(project: Project, sha: str) -> None:
    with pytest.raises(ValueError, match="not a full commit SHA"):
        Clone(project.folder).has(sha)
