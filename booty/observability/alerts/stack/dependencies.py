"""The folders in which other people's code lies on the machines that run ours, by the tools that make them. Pure.

SDKs guess what is the app's own, and are wrong where it matters: sentry-go calls its module cache so. A file below such
a folder is never taken for one of the repository's, not even where the repository has a file of that name.
"""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST = 200
"""Characters at the end of a path that are looked at."""
REMEMBERED = 500
"""Paths that are remembered; they take some 300 kilobytes."""
FOLDERS = (
    # any language: kept beside our code, or in it, but written elsewhere
    r"third[_-]?party",
    # Python: packages, virtual environments, the standard library
    r"(?:site|dist)-packages",
    r"\.?venv|\.virtualenvs|\.tox|\.nox|__pypackages__|[^/]+\.egg",
    r"lib(?:64)?/(?:python|pypy)\d[\d.]*|python\d+/lib|var/runtime",
    # JavaScript; `~` is what webpack 1 makes of `node_modules`
    r"node_modules|bower_components|jspm_packages|web_modules|\.pnpm(?:-store)?|\.yarn|~|\(webpack\)|webpack/runtime",
    # Go: the module cache, the same with -trimpath, the standard library
    r"pkg/mod|[^/]+@(?:v\d|\d+\.\d)[^/]*",
    r"(?:usr/(?:local/|lib/)?|program files/|[a-z]:/|sdk/|cellar/)go(?:lang)?(?:[-/]?\d[\d.]*)?(?:/libexec)?/src",
    r"hostedtoolcache/go/[^/]+/[^/]+/src",
    # Ruby: a gem has its version in its name, one from git its commit; the standard library
    r"gems/[^/]+-\d[^/]*|bundler/gems|lib/ruby/(?:\d[^/]*|gems|site_ruby|vendor_ruby)",
    # Rust
    r"\.?cargo/(?:registry|git)|\.rustup/toolchains|rustc/[0-9a-f]{7,40}",
    # Java, Kotlin, Scala
    r"[^/]+\.(?:jar|war|aar|ear)!?|\.m2/repository|\.gradle/caches|\.ivy2|\.coursier|(?:boot|web)-inf/lib",
    # PHP
    r"[^/]+\.phar|share/(?:php|pear)",
    # Elixir, Erlang
    r"_build|lib/(?:elixir|erlang)/lib",
    # .NET
    r"\.nuget|nuget/packages|(?:share|program files)/dotnet",
    # Swift, Dart
    r"sourcepackages/checkouts|\.build/checkouts|xcode[^/]*\.app|\.pub-cache",
    # C, C++
    r"usr/(?:local/)?include|vcpkg_installed|\.conan2?",
)
IN_THIS_CASE = r"vendor|Pods|Carthage"
"""Folders whose names are also words for what an app is about, in another case."""
SLASHES = re.compile(r"[/\\]+")
BELOW = re.compile(rf"(?:^|/)(?:(?:{IN_THIS_CASE})|(?i:{'|'.join(FOLDERS)}))/")
OTHERWISE = re.compile(
    r"(?:^|/)(?:deps/[^/]+/.*\.(?:exs?|[ehl]?eex|[eh]rl)$"  # Elixir's; other languages keep code of their own there
    r"|external [\"a-z]|webpack/(?:bootstrap(?: |$)|universalModuleDefinition$))"
    r"|^(?:node:|library/(?:std|core|alloc)/src/.*\.rs$)",
    re.DOTALL,
)


def is_dependency(*paths: str | None) -> bool:
    """Return whether any of the names that one file has lies below a folder of dependencies."""
    return any(_lies_below(path[-LONGEST:]) for path in paths if path)


@lru_cache(REMEMBERED)  # the alerts of one program share most of their files
def _lies_below(path: str) -> bool:
    name = SLASHES.sub("/", path)
    return (BELOW.search(name) or OTHERWISE.search(name)) is not None
