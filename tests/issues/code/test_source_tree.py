"""A frame's file is found in the repository by the end of its path, or not at all when in doubt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booty.observability.alerts.alert import Frame
from booty.observability.issues.code.source_tree import SourceTree

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


def found(path: str, *, absolute_path: str | None = None, module: str | None = None) -> str | None:
    return SourceTree(PATHS).find(Frame(path=path, absolute_path=absolute_path, module=module))


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
        "/main.py",
        "other/setup.py",
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


@pytest.mark.parametrize(
    ("path", "absolute"),
    [
        ("app/models/user.rb", None),
        ("app/models/user.rb", "/srv/booty/current/app/models/user.rb"),
        ("app/models/user.rb", "/srv/thing/app/models/user.rb"),
        ("/srv/booty/releases/3f6c1d0e9b8a/app/models/user.rb", None),
        ("/app/app/models/user.rb", None),
        ("/app/models/user.rb", "/var/www/html/app/models/user.rb"),
        ("app\\models\\user.rb", "C:\\shop\\app\\models\\user.rb"),
        ("./app/models/user.rb", None),
    ],
)
def test_a_path_that_is_whole_one_of_the_repository_wins_over_a_deeper_copy(path: str, absolute: str | None) -> None:
    tree = SourceTree(["app/models/user.rb", "engines/core/app/models/user.rb", "x/app/models/user.rb"])

    assert tree.find(Frame(path=path, absolute_path=absolute)) == "app/models/user.rb"


def test_the_place_on_the_machine_wins_over_a_shorter_name_that_is_whole_another_file() -> None:
    tree = SourceTree(["shop/cart.py", "src/shop/cart.py"])

    assert tree.find(Frame(path="shop/cart.py", absolute_path="/app/src/shop/cart.py")) == "src/shop/cart.py"
    assert tree.find(Frame(path="shop/cart.py", absolute_path="/home/me/src/shop/cart.py")) == "src/shop/cart.py"
    assert tree.find(Frame(path="shop/cart.py", absolute_path="/app/shop/cart.py")) == "shop/cart.py"


def test_a_bare_name_below_an_unknown_root_does_not_choose_between_copies() -> None:
    assert SourceTree(["server.go", "x/server.go"]).find(Frame(path="/build/conc/server.go")) is None


def test_does_not_look_for_the_bundle_that_a_script_came_in() -> None:
    assert SourceTree(["assets/main.js"]).find(Frame(path="src/cart.ts", absolute_path="/assets/main.js")) is None


@pytest.mark.parametrize(
    ("path", "absolute"),
    [
        ("/root/go/pkg/mod/github.com/other/conc@v0.3.0/app/x.py", None),
        ("app/x.py", "/opt/venv/lib/python3.11/site-packages/app/x.py"),
        ("node_modules/app/x.py", None),
        ("vendor/app/x.py", None),
    ],
)
def test_a_file_below_a_folder_of_dependencies_is_never_ours(path: str, absolute: str | None) -> None:
    tree = SourceTree([*PATHS, "vendor/app/x.py"])

    assert tree.find(Frame(path=path, absolute_path=absolute, in_app=True)) is None


def test_a_module_that_contradicts_the_path_does_not_match() -> None:
    tree = SourceTree(["app/server.py", "src/main/java/com/acme/Cart.java"])

    assert tree.find(Frame(path="server.py", module="other.pkg.server")) is None
    assert tree.find(Frame(path="server.py", module="app.server")) == "app/server.py"
    assert tree.find(Frame(path="Cart.java", module="com.other.Cart")) is None
    assert tree.find(Frame(path="Cart.java", module="com.acme.Cart$Line")) == "src/main/java/com/acme/Cart.java"


def test_the_module_decides_between_files_of_one_name() -> None:
    assert found("models.py", module="web.models") == "services/web/models.py"


@given(st.sets(PATH, max_size=12), PATH, st.sampled_from(["", "/srv/", "/opt/x/y/"]))
def test_links_exactly_when_one_file_shares_the_longest_end_or_is_it(paths: set[str], path: str, root: str) -> None:
    parts = [part for part in (root + path).split("/") if part]
    ends = ["/".join(parts[at:]) for at in range(len(parts))]  # the longest first
    sharing = ([file for file in paths if f"/{file}".endswith(f"/{end}")] for end in ends)
    end, files = next(((end, files) for end, files in zip(ends, sharing, strict=True) if files), ("", []))
    is_sure = "/" in end or (end in files if root else end == ends[0])
    if end in files and ("/" in end or not root):
        files = [end]

    assert SourceTree(paths).find(Frame(path=root + path)) == (files[0] if len(files) == 1 and is_sure else None)


@given(st.sets(PATH, min_size=1, max_size=12), st.data())
def test_every_file_that_is_named_in_full_is_found(paths: set[str], data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(sorted(paths)))

    assert SourceTree(paths).find(Frame(path=file)) == file
