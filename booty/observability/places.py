"""The repositories that issues go to, each with what reaches it: an API, gates, a tracker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b

from booty.observability.config import Settings
from booty.observability.delivery.place import Place
from booty.observability.github.access.credential import Credential, FixedToken
from booty.observability.github.access.remedies import of_file
from booty.observability.github.client import GitHub
from booty.observability.ledger.engines.engine import Engine
from booty.observability.ledger.schedule.gates import HOME, TOKENS, Gates, own_gate
from booty.observability.remotes import (
    Notice,
    app_for,
    credential_for,
    github_for,
    mark_of,
    research_for,
    tracker_for,
    web_for,
)

Notices = Callable[[Gates, bool], Notice | None]
"""Returns what is shown every answer to a call that goes through these gates; with whether an App makes the tokens."""


@dataclass(frozen=True, slots=True)
class _Token:
    """A token other than that of the settings, with the file that it is in."""

    path: str
    value: str


class Places:
    """All repositories of the settings; another one, of an earlier file of routes, is reached as theirs is."""

    def __init__(self, settings: Settings, notices: Notices = lambda *_: None) -> None:
        """Take the settings, whose tokens were read by then; nothing is sent yet."""
        self._settings, self._notices = settings, notices
        routed = [each for each in settings.routes or () if each.repository is not None and not each.drop]
        names = {each.repository.lower(): each.repository for each in routed if each.repository}
        names.pop(settings.repository.lower(), None)
        self.names: tuple[str, ...] = tuple(names.values())
        self._tokens = dict(_tokens(settings))
        self.app = app_for(settings)

    def gates_of(self, repository: str | None) -> Gates:
        """Return the gates of a repository, `owner/name`, in any case; None is that of the settings."""
        if repository is None or repository.lower() == self._settings.repository.lower():
            return Gates(token=mark_of(self._settings))
        shared, mark = self._shared(repository)
        others = tuple(each.lower() for each in self.names if shared == self._shared(each)[0])
        is_same = shared == HOME.shared
        return Gates(own_gate(repository), shared, mark, () if is_same else others or (repository.lower(),))

    def _shared(self, repository: str) -> tuple[str, str]:
        """Return the key of the gate of a repository's token, with the mark of that token."""
        token, settings = self._tokens.get(repository.lower()), self._settings
        if token is not None:
            return f"{TOKENS}{_hash(token.path)}", _hash(settings.github_api_url, token.value)
        owner, home = (each.partition("/")[0].lower() for each in (repository, settings.repository))
        if self.app is not None and owner != home:
            return f"{TOKENS}{_hash('app', owner)}", mark_of(settings)  # an installation has a limit of its own
        return HOME.shared, mark_of(settings)

    def github(self, repository: str | None) -> GitHub | None:
        """Return the API for a repository, None in preview, where nothing is sent."""
        notice = self._notices(self.gates_of(repository), self.is_of_app(repository))
        return github_for(self._settings, notice, credential=self._credential(repository))

    def is_of_app(self, repository: str | None) -> bool:
        """Return whether an App makes the tokens for a repository."""
        return self.app is not None and (repository or "").lower() not in self._tokens

    def _credential(self, repository: str | None) -> Credential:
        token = self._tokens.get((repository or "").lower())
        if token is not None:
            return FixedToken(token.value, of_file(token.path))
        return credential_for(self._settings, self.app, repository=repository)

    def tokens(self) -> tuple[str, ...]:
        """Return the marks of all tokens, first that of the settings."""
        return tuple(dict.fromkeys(self.gates_of(each).token for each in (None, *self.names)))

    def place(self, repository: str, *, engine: Engine, is_news: Callable[[str], bool]) -> Place:
        """Return what delivery needs in another repository than that of the settings; `is_news`: see `Dropped`."""
        github, settings = self.github(repository), self._settings
        research = research_for(settings, github, engine, repository=repository) if github else None
        tracker = tracker_for(
            settings, github, repository=repository, is_news=lambda what: is_news(f"{repository} {what}")
        )
        return Place(tracker, web_for(settings, repository), research)

    def elsewhere(self, engine: Engine, is_news: Callable[[str], bool]) -> Callable[[str], Place]:
        """Return what knows each of those places, made when it is asked for."""
        made: dict[str, Place] = {}

        def place(repository: str) -> Place:
            name = repository.lower()
            if name not in made:
                made[name] = self.place(repository, engine=engine, is_news=is_news)
            return made[name]

        return place


def _tokens(settings: Settings) -> dict[str, _Token]:
    """Return the token of each repository that has one of its own; the same token in two files is one."""
    own = settings.github_token.reveal() if settings.github_token else ""
    routed = [each for each in settings.routes or () if each.token and each.token_file and each.repository]
    first: dict[str, str] = {}
    for each in sorted(routed, key=lambda route: route.token_file or ""):
        first.setdefault(each.token.reveal() if each.token else "", each.token_file or "")
    found = {each.repository or "": each.token.reveal() if each.token else "" for each in routed}
    return {name.lower(): _Token(first[value], value) for name, value in found.items() if value != own}


_hash = partial(lambda *parts: blake2b("\0".join(parts).encode(), digest_size=8, salt=b"booty-gate").hexdigest())
