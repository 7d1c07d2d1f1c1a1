"""Which files have an owner by CODEOWNERS.

Pure: its text in, paths out. The last line that matches a file counts; one without an owner takes the owners away. What
GitHub does not take in a pattern (`!`, `[`) makes it skip the line, and so does this.
Syntax: https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""GitHub reads the first that is there."""
_BETWEEN = re.compile(r"(?<!\\)\s+")
_PART = re.compile(r"/\*\*/|^\*\*/|/\*\*$|\*+|\?|\\.|.", re.DOTALL)
_WILD = {"/**/": "/(.*/)?", "**/": "(.*/)?", "/**": "/.*", "?": "[^/]"}


def unowned(paths: Iterable[str], *, text: str) -> list[str]:
    """Return those of the paths, from the repository's root, that nobody owns."""
    rules = list(_rules(text))
    return [path for path in paths if not next((owned for rule, owned in rules if rule.fullmatch(path)), False)]


def _rules(text: str) -> Iterator[tuple[re.Pattern[str], bool]]:
    """Yield each pattern, and whether its line names an owner; the last line first."""
    for line in reversed(text.split("\n")):
        pattern, *owners = _BETWEEN.split(line.partition("#")[0].strip())
        if pattern and not pattern.startswith("!") and "[" not in pattern:
            yield re.compile(_regex(pattern), re.DOTALL), any("@" in owner for owner in owners)


def _regex(pattern: str) -> str:
    is_anchored = "/" in pattern[:-1]
    parts = _PART.findall(pattern.removeprefix("/").removesuffix("/"))
    inner = "".join(_WILD.get(part) or ("[^/]*" if part[0] == "*" else re.escape(part[-1])) for part in parts)
    is_shallow = is_anchored and pattern.endswith("/*")  # unlike git's: `docs/*` is not what is deeper
    below = "/.*" if pattern.endswith("/") else "" if is_shallow else "(/.*)?"
    return ("" if is_anchored else "(.*/)?") + inner + below
