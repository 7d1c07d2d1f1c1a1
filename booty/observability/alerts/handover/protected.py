"""Whether a crash lies in a protected path of the repository.

Which frames count: all of the app's own, of every exception in the chain and of the event's stack; where a stack names
none as the app's own, all of it. Their paths come from outside, and nobody knows where in them the repository begins.
So a path is protected in doubt: as one that ends, or begins with a folder of any depth, as the pattern says; whatever
its capital letters, slashes, dots or escapes. What a stranger's made-up stack leaves out, nothing can know.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from urllib.parse import unquote

from booty.observability.alerts.alert import Alert, Frame

LONGEST = 1_000
"""Characters of a path that are looked at, from its end."""
LONGEST_PATTERN = 200
WILD = re.compile(r"[*?\[]")


def is_path(pattern: str) -> bool:
    """Return whether a pattern can match a path in a repository."""
    parts = _plain(pattern).split("/")
    is_named = any(part.strip("*") for part in parts) or "*" in pattern
    return 0 < len(pattern) <= LONGEST_PATTERN and pattern.isprintable() and is_named and ".." not in parts


def protecting(patterns: Sequence[str], alerts: Sequence[Alert]) -> str | None:
    """Return the first pattern that protects where the crash lies, None without one.

    `alerts` are the same one, with its frames as they came, or under the repository's own paths.
    """
    if not patterns:
        return None
    paths = {path for alert in alerts for frame in _counted(alert) for path in _paths(frame)}
    return next((pattern for pattern in patterns if any(_covers(pattern, path) for path in paths)), None)


def _counted(alert: Alert) -> Iterator[Frame]:
    for frames in (*(raised.frames for raised in alert.raised), alert.stack):
        own = [frame for frame in frames if frame.in_app]
        yield from own or frames


def _paths(frame: Frame) -> Iterator[str]:
    """Yield what the file of a frame may be called, as parts of a path."""
    for path in filter(None, (frame.path, frame.absolute_path)):
        for text in (path, unquote(path)):
            yield _plain(text)
            yield _plain(re.split(r"[?#]", text)[0])
    if frame.module:  # a package's folders, which a path in Java does not name
        folders, _, name = frame.module.replace(".", "/").rpartition("/")
        yield _plain(f"{folders}/{name}")
        yield _plain(f"{folders}/{frame.path}")


def _plain(text: str) -> str:
    """Return a path with single slashes, without dots in it, in small letters; "" where nothing is left."""
    parts: list[str] = []
    for part in unicodedata.normalize("NFKC", text[-LONGEST:]).casefold().replace("\\", "/").split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)


def is_within(pattern: str, path: str) -> bool:
    """Return whether a file of the repository is where the pattern says."""
    return any(_is_in(form, f"/{_plain(path)}") for form in _forms(pattern))


def _covers(pattern: str, path: str) -> bool:
    return bool(path) and any(_is_in(form, f"/{path}") or _is_end_of(form, path) for form in _forms(pattern))


def _forms(pattern: str) -> set[str]:
    wanted = _plain(pattern).removeprefix("**/").removesuffix("/**")
    return {re.sub(r"\*\*+", "*", form) for form in (wanted, wanted.replace("/**/", "/"))}


def _is_in(form: str, path: str) -> bool:
    """Return whether the pattern matches from a folder on, down to the file or to a folder that it is in."""
    return fnmatchcase(path, f"*/{form}") or fnmatchcase(path, f"*/{form}/*")


def _is_end_of(form: str, path: str) -> bool:
    """Return whether the path begins further down than the pattern, as one that counts from a source folder does."""
    parts = form.split("/")
    for start in range(1, len(parts)):
        if WILD.search(parts[start]):
            return False
        rest = "/".join(parts[start:])
        if fnmatchcase(path, rest) or fnmatchcase(path, f"{rest}/*"):
            return True
    return False
