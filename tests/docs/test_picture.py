"""The pictures in the documents: GitHub's Markdown, and nothing in it that could act."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "docs" / "picture.py"
SPEC = importlib.util.spec_from_file_location("picture", SOURCE)
assert SPEC is not None
assert SPEC.loader is not None
picture = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(picture)


def test_draws_an_issue_with_its_title_labels_and_body() -> None:
    page = picture.build_page(
        "| a |\n|---|\n| ~~b~~ |",
        title="[error] <KeyError>",
        number=7,
        labels=["agent:builder=5319e7"],
        caption="booty-bot",
    )

    assert "<h1>[error] &lt;KeyError&gt; <span>#7</span></h1>" in page
    assert '<span class="label" data-colour="5319e7" data-dark="1">agent:builder</span>' in page
    assert '[data-colour="5319e7"] { background: #5319e7; color: #fff; }' in page
    assert "<td><s>b</s></td>" in page


def test_draws_a_job_summary_without_a_header() -> None:
    page = picture.build_page("text", title="", number=None, labels=[], caption="plan summary")

    assert "<header>" not in page
    assert '<div class="caption">plan summary</div>' in page


@pytest.mark.parametrize(("mark", "checked"), [(" ", ""), ("x", " checked"), ("X", " checked")])
def test_draws_task_lists(mark: str, checked: str) -> None:
    drawn = picture.render_markdown(f"- [{mark}] do *it*\n")

    assert drawn == (f'<ul>\n<li class="task"><input type="checkbox" disabled{checked}> do <em>it</em></li>\n</ul>\n')


def test_lets_no_script_or_style_of_the_markdown_act() -> None:
    hostile = "<script>x()</script><style>body{display:none}</style><img src=http://evil>"
    page = picture.build_page(hostile, title="", number=None, labels=[], caption="")

    (nonce,) = set(re.findall(r'nonce="([^"]+)"', page))
    assert f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:" in page
    assert hostile in page


def test_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(picture.NoPicture, match="apt-get install chromium"):
        picture.chromium(tmp_path / "page.html")
