"""The house is laid out so that a newcomer reads it: small rooms, one meaning a module, short functions."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ROOT / "booty" / "observability"
MODULES = sorted(path.relative_to(ROOT) for path in (ROOT / "booty").rglob("*.py"))
MOST_FILES, MOST_LINES, LONGEST_FUNCTION, MEDIAN_FUNCTION, MOST_LAYERS = 12, 150, 40, 8, 8
TABLES = frozenset({"booty/observability/text/secrets/forms.py", "booty/observability/text/secrets/names.py"})
"""Tables of one line each; to part them would hide whether a line is missing."""


def functions() -> Iterator[tuple[str, int]]:
    for module in MODULES:
        for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{module}:{node.name}:{node.lineno}", (node.end_lineno or node.lineno) - node.lineno + 1


def test_a_folder_is_read_at_a_glance() -> None:
    files = Counter(path.parent for path in ROOMS.rglob("*") if path.is_file() and "__pycache__" not in path.parts)

    assert {str(folder.relative_to(ROOT)): number for folder, number in files.items() if number > MOST_FILES} == {}


def test_the_layers_are_few_and_name_every_room() -> None:
    """`lint-imports` holds that none imports upward; of a room that it does not know it would hold nothing."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (layers,) = (each["layers"] for each in settings["contracts"] if each["type"] == "layers")
    named = {name for layer in layers for name in re.split(r" [|:] ", layer)}
    rooms = {path.stem for path in ROOMS.iterdir() if path.is_dir() or path.suffix == ".py"} - {
        "__init__",
        "__pycache__",
    }

    assert len(layers) <= MOST_LAYERS
    assert {f"booty.observability.{room}" for room in rooms} <= named


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_says_in_its_first_line_the_one_thing_that_it_is_about(module: Path) -> None:
    text = (ROOT / module).read_text(encoding="utf-8")
    first = (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]

    assert first.endswith((".", ":"))
    assert " and " not in first
    assert len(text.splitlines()) <= MOST_LINES or str(module) in TABLES


def test_functions_are_short() -> None:
    lengths = dict(functions())

    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}
    assert median(lengths.values()) <= MEDIAN_FUNCTION
