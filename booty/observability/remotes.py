"""The remote systems that the settings name: GitHub, or files in its place; Sentry."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

from booty.observability.config import Settings
from booty.observability.delivery.code_search.research import Research
from booty.observability.delivery.code_search.search import Search, Wanted
from booty.observability.delivery.preview.issues import PreviewIssues
from booty.observability.exchange import Answer
from booty.observability.github.client import GitHub
from booty.observability.github.issues import GitHubIssues
from booty.observability.github.repository import GitHubSource
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.tracker import Tracker
from booty.observability.ledger.engines.engine import Engine
from booty.observability.ledger.problems.seen_releases import ReleaseBook
from booty.observability.sentry.api.client import SentryApi
from booty.observability.sentry.api.resolving import SentryResolver


def sentry_for(settings: Settings) -> SentryApi:
    """Return Sentry's web API; the settings must have a token for it."""
    token, organization = settings.sentry_auth_token, settings.sentry_org
    if token is None or organization is None:
        raise ValueError("no token for Sentry is set")
    return SentryApi(settings.sentry_url, organization, token.get_secret_value())


def resolver_for(settings: Settings) -> SentryResolver | None:
    """Return what resolves problems in Sentry, None when the settings do not call for it."""
    return None if settings.sentry_auth_token is None else SentryResolver(sentry_for(settings))


def github_for(settings: Settings, notice: Callable[[Answer], None] | None = None) -> GitHub | None:
    """Return the API, None in preview, where nothing is sent; `notice` is shown every answer."""
    return None if settings.preview or settings.github_token is None else the_github(settings, notice)


def the_github(settings: Settings, notice: Callable[[Answer], None] | None = None) -> GitHub:
    """Return the API, which a caller needs; without a token nothing but public reading is allowed."""
    return GitHub(
        api_url=settings.github_api_url,
        token=settings.github_token.get_secret_value() if settings.github_token else "",
        version=settings.github_api_version,
        notice=notice,
    )


def mark_of(settings: Settings) -> str:
    """Return a hash of the settings that GitHub may refuse, the token among them; it reveals none of them."""
    token = settings.github_token.get_secret_value() if settings.github_token else ""
    marked = (settings.repository, settings.github_api_url, settings.github_api_version, token)
    return blake2b("\0".join(marked).encode(), digest_size=8, salt=b"booty-gate").hexdigest()


def tracker_for(settings: Settings, github: GitHub | None) -> Tracker:
    """Return where issues are kept: on GitHub, or as files where there is no `github`."""
    if github is None:
        return PreviewIssues(settings.state_dir / "issues")
    return GitHubIssues(github, repository=settings.repository)


def research_for(settings: Settings, github: GitHub, engine: Engine) -> Research | None:
    """Return what searches the repository for an alert's code, None when the settings do not call for it."""
    wanted = Wanted(links=settings.permalinks, suspects=settings.suspects)
    if not (wanted.links or wanted.suspects):
        return None
    web = WebLinks(settings.web_url)
    source = GitHubSource(github, repository=settings.repository, web=web)
    return Research(Search(source, ReleaseBook(engine), web, wanted))
