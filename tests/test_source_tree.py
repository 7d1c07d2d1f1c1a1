"""A frame's file is found in the repository by the end of its path, or not at all when in doubt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booty.observability.alert import Frame
from booty.observability.source_tree import SourceTree

PATHS = (
    "app/x.py",
    "src/shop/cart.py",
    "backend/main.py",
    "services/api/models.py",
    "services/web/models.py",
    "java/com/example/shop/Cart.java",
    "frontend/src/cart.ts",
    "setup.py",
)
NAME = st.sampled_from(["a", "b", "c.py", "d.py", "app", "src"])
PATH = st.lists(NAME, min_size=1, max_size=4).map("/".join)


def found(path: str, **more: str) -> str | None:
    return SourceTree(PATHS).find(Frame(path=path, **more))


def test_finds_a_file_by_the_end_of_its_path() -> None:
    assert found("/srv/booty/current/app/x.py") == "app/x.py"


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("app/x.py", "app/x.py"),
        ("./app/x.py", "app/x.py"),
        ("x.py", "app/x.py"),
        ("/srv/booty/releases/3f6c1d0e9b8a7f6e5d4c3b2a19081726354453f2/app/x.py", "app/x.py"),
        ("shop/cart.py", "src/shop/cart.py"),
        ("/usr/src/app/shop/cart.py", "src/shop/cart.py"),
        ("/app/main.py", "backend/main.py"),
        ("/opt/venv/lib/python3.11/site-packages/shop/cart.py", "src/shop/cart.py"),
        ("C:\\shop\\src\\shop\\cart.py", "src/shop/cart.py"),
        ("webpack:///./src/cart.ts", "frontend/src/cart.ts"),
        ("/deep/in/services/api/models.py", "services/api/models.py"),
        ("setup.py", "setup.py"),
    ],
)
def test_needs_no_settings_for_any_layout(path: str, file: str) -> None:
    assert found(path) == file


@pytest.mark.parametrize(
    "path",
    [
        "models.py",
        "/srv/models.py",
        "shop/models.py",
        "other/main.py",
        "/opt/thing/main.py",
        "shop/CART.py",
        "no/such.py",
        "src/shop",
        "/",
        ".",
        "",
        "..",
    ],
)
def test_is_silent_when_no_file_or_several_could_be_it(path: str) -> None:
    assert found(path) is None


def test_lets_the_place_on_the_machine_decide_between_two_files() -> None:
    assert found("models.py", absolute_path="/srv/api/models.py") == "services/api/models.py"


def test_finds_a_class_by_its_package() -> None:
    tree = SourceTree([*PATHS, "java/com/example/mail/Cart.java"])

    assert tree.find(Frame(path="Cart.java", module="com.example.shop.Cart$Line")) == "java/com/example/shop/Cart.java"


def test_finds_nothing_without_a_path() -> None:
    assert SourceTree(PATHS).find(Frame(module="com.example.shop.Cart")) is None


def test_finds_nothing_in_an_empty_tree() -> None:
    assert SourceTree(()).find(Frame(path="app/x.py")) is None


@given(st.sets(PATH, max_size=12), PATH, st.sampled_from(["", "/srv/", "/opt/x/y/"]))
def test_links_exactly_when_one_file_shares_the_longest_end(paths: set[str], path: str, root: str) -> None:
    parts = [part for part in (root + path).split("/") if part]
    ends = ["/".join(parts[at:]) for at in range(len(parts))]  # the longest first
    sharing = ([file for file in paths if f"/{file}".endswith(f"/{end}")] for end in ends)
    end, files = next(((end, files) for end, files in zip(ends, sharing, strict=True) if files), ("", []))
    is_sure = "/" in end or end in {*files, ends[0]}

    assert SourceTree(paths).find(Frame(path=root + path)) == (files[0] if len(files) == 1 and is_sure else None)


@given(st.sets(PATH, min_size=1, max_size=12), st.data())
def test_every_file_that_is_named_in_full_is_found_unless_another_ends_alike(
    paths: set[str], data: st.DataObject
) -> None:
    file = data.draw(st.sampled_from(sorted(paths)))
    alike = [other for other in paths if other != file and other.endswith(f"/{file}")]

    assert SourceTree(paths).find(Frame(path=file)) == (None if alike else file)
