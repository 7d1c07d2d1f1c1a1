"""Whether the module that a frame names can be the file that its path seems to be, by each language's custom. Pure.

Only what contradicts counts: a name that says nothing about folders, such as `__main__`, fits every file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

CERTAIN = 2
"""Folders and name that must agree where neither name is the whole end of the other."""
SOURCE_ROOTS = frozenset({"app", "clojure", "groovy", "java", "kotlin", "scala", "src"})
"""Below these, Kotlin's custom leaves out the folders that all its packages share."""
MAJOR_VERSION = re.compile(r"v\d+")


def fits(module: str | None, file: str, *, home: str = "") -> bool:
    """Return whether a frame of `module` may run in `file`, a path of the repository at `home`, `host/owner/name`."""
    *folders, name = file.split("/")
    stem, _, suffix = name.rpartition(".")
    if not module:
        return True
    if suffix == "go":
        return _go(module, folders, home)
    judge = JUDGES.get(suffix)
    return judge is None or judge(module, folders, stem)


def overlap(left: Sequence[str], right: Sequence[str]) -> int:
    """Count how many of the last parts are the same."""
    pairs = zip(reversed(left), reversed(right), strict=False)
    return next((at for at, (one, other) in enumerate(pairs) if one != other), min(len(left), len(right)))


def _python(module: str, folders: list[str], stem: str) -> bool:
    names = module.replace("/", ".").split(".")
    parts = folders if stem == "__init__" else [*folders, stem]
    shared = overlap(names, parts)
    return len(names) == 1 or shared == len(names) or (shared == len(parts) and shared >= CERTAIN)


def _java(module: str, folders: list[str], _stem: str) -> bool:
    package = module.split(".")[:-1]
    return overlap(package, folders) == len(package)


def _kotlin(module: str, folders: list[str], stem: str) -> bool:
    root = folders[: len(folders) - overlap(module.split(".")[:-1], folders)]
    return _java(module, folders, stem) or not root or root[-1] in SOURCE_ROOTS


def _javascript(module: str, folders: list[str], stem: str) -> bool:
    """Judge what Sentry makes of an address, `checkout/cart`, and Node's SDK of a path, `checkout.lib:cart`."""
    within, _, last = module.rpartition(":")
    names = [name for name in [*within.split("."), *last.split("/")] if name not in {"", ".", ".."}]
    shared = overlap(names, [*folders, stem])
    return shared in {0, len(names)} or shared >= CERTAIN


def _go(module: str, folders: list[str], home: str) -> bool:
    """Judge a package's path; where it names a repository of the same host, its owner may differ, as that of a fork."""
    names = [each for each in module.replace("%2e", ".").split("/") if not MAJOR_VERSION.fullmatch(each)]
    host, _, ours = home.lower().partition("/")
    repository = ours.rpartition("/")[2]
    if module == "main":
        return True
    if repository and names[0] == host and names[2:3] and names[2].lower() != repository:
        return False
    if not folders:
        return not repository or names[-1].lower() == repository
    shared = overlap(names, folders)
    return shared in {len(folders), len(names)} or shared >= CERTAIN


JUDGES: Mapping[str, Callable[[str, list[str], str], bool]] = {
    "py": _python,
    "java": _java,
    "kt": _kotlin,
    "scala": _kotlin,
    "groovy": _kotlin,
    "clj": _kotlin,
    **dict.fromkeys(("js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts"), _javascript),
}
"""By the ending of the file's name; in other languages a name does not say where its file lies."""
