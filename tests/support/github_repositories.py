"""A stand-in for GitHub with several repositories, each with issues and a token of its own."""

from __future__ import annotations

import re
from dataclasses import replace

from support.github_stand_in import TOKEN, GitHubStandIn
from support.stand_in import Call, Fault, StandIn, says

PATH = re.compile(r"/repos/(?P<repository>[^/]+/[^/]+)(?=/|$)")


class GitHubRepositories(StandIn):
    """GitHub with the repositories that are named; each knows the token that is given for it."""

    def __init__(self, **tokens: str) -> None:
        """Take the token of each repository by its name, `acme__shop`; the first one is that of the settings."""
        super().__init__()
        named = {name.replace("__", "/"): token for name, token in tokens.items()}
        self.of = {name: GitHubStandIn(repository=name, token=token) for name, token in named.items()}
        for each in self.of.values():
            each.close()  # its own server is not asked
        first = next(iter(named))
        self.environ = {
            "GITHUB_API_URL": self.api_url,
            "GITHUB_TOKEN": named[first],
            "TARGET_REPO_URL": f"https://github.com/{first}",
            "BOOTY_PREVIEW": "0",
        }

    def judge(self, call: Call) -> Fault:
        """See `StandIn.judge`; names of repositories count in any case."""
        found = PATH.match(call.path)
        known = {name.lower(): name for name in self.of}
        if found is None:
            users = (one for one in self.of.values() if one.knows(call))
            return next((one.judge(call) for one in users), says(401, {"message": "Bad credentials"}))
        if (name := known.get(found["repository"].lower())) is None:
            return says(404, {"message": "Not Found"})
        return self.of[name].judge(replace(call, path=f"/repos/{name}{call.path[found.end() :]}"))


def two(*, second: str = TOKEN) -> GitHubRepositories:
    """Return a GitHub with `acme/shop`, that of the settings, then `acme/web`, whose token is the `second`."""
    return GitHubRepositories(acme__shop=TOKEN, acme__web=second)
