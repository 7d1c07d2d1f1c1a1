"""The remote systems that the settings name: GitHub, or files in its place; Sentry."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import TYPE_CHECKING

from booty.observability.config import Settings
from booty.observability.config.repository import web_host
from booty.observability.delivery.code_search.newest import NOBODY, Sightings
from booty.observability.delivery.code_search.research import Research
from booty.observability.delivery.code_search.search import Search, Wanted
from booty.observability.delivery.preview.issues import PreviewIssues
from booty.observability.exchange import Answer
from booty.observability.github.access.credential import Credential, FixedToken
from booty.observability.github.client import GitHub
from booty.observability.github.issues import GitHubIssues
from booty.observability.github.repository import GitHubSource
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.tracker import Tracker
from booty.observability.ledger.engines.engine import Engine
from booty.observability.ledger.problems.seen_releases import ReleaseBook
from booty.observability.ledger.releases.live import LiveBook
from booty.observability.ledger.repositories.names import mark_of as name_mark
from booty.observability.sentry.api.client import SentryApi
from booty.observability.sentry.api.resolving import SentryResolver

if TYPE_CHECKING:
    from booty.observability.github.access.app import App

Notice = Callable[[Answer], object]
"""Is shown every answer."""


def sentry_for(settings: Settings) -> SentryApi:
    """Return Sentry's web API; the settings must have a token for it."""
    token, organization = settings.sentry_auth_token, settings.sentry_org
    if token is None or organization is None:
        raise ValueError("no token for Sentry is set")
    return SentryApi(settings.sentry_url, organization, token.reveal())


def resolver_for(settings: Settings) -> SentryResolver | None:
    """Return what resolves problems in Sentry, None when the settings do not call for it."""
    return None if settings.sentry_auth_token is None else SentryResolver(sentry_for(settings))


def github_for(
    settings: Settings, notice: Notice | None = None, *, credential: Credential | None = None
) -> GitHub | None:
    """Return the API, None in preview, where nothing is sent; `notice` is shown every answer.

    `credential` takes the place of the settings' own.
    """
    is_missing = settings.github_token is None and settings.github_app_id is None
    return None if settings.preview or is_missing else the_github(settings, notice, credential=credential)


def the_github(settings: Settings, notice: Notice | None = None, *, credential: Credential | None = None) -> GitHub:
    """Return the API, which a caller needs; without a token nothing but public reading is allowed."""
    return GitHub(
        api_url=settings.github_api_url,
        token=credential or credential_for(settings, app_for(settings)),
        version=settings.github_api_version,
        notice=notice,
    )


def credential_for(settings: Settings, app: App | None, *, repository: str | None = None) -> Credential:
    """Return what calls about a repository are authorised by, None for that of the settings: `app`, else the token."""
    if app is None:
        return FixedToken(_token(settings))
    from booty.observability.github.access.app import AppCredential  # noqa: PLC0415 - only an App needs what signs

    return AppCredential(app, repository or settings.repository)


def app_for(settings: Settings) -> App | None:
    """Return the GitHub App, None where there is none."""
    if settings.github_app_id is None or settings.github_app_private_key is None:
        return None
    from booty.observability.github.access.app import App  # noqa: PLC0415 - as above

    key = settings.github_app_private_key.reveal()
    return App(settings.github_app_id, key, api_url=settings.github_api_url, version=settings.github_api_version)


def _token(settings: Settings) -> str:
    return settings.github_token.reveal() if settings.github_token else ""


def mark_of(settings: Settings) -> str:
    """Return a hash of the settings that GitHub may refuse, the token among them; it reveals none of them."""
    key = settings.github_app_private_key
    secret = _token(settings) if key is None else f"{settings.github_app_id}\0{key.reveal()}"
    marked = (settings.repository, settings.github_api_url, settings.github_api_version, secret)
    return blake2b("\0".join(marked).encode(), digest_size=8, salt=b"booty-gate").hexdigest()


def tracker_for(
    settings: Settings,
    github: GitHub | None,
    *,
    repository: str | None = None,
    is_news: Callable[[str], bool] = lambda _: True,
) -> Tracker:
    """Return where a repository's issues are kept, None for that of the settings: as files where there is no `github`.

    The files of another repository are in a folder of its name. `is_news`: see `Dropped`.
    """
    if github is None:
        return PreviewIssues(settings.state_dir / "issues" / (repository or "").lower())
    return GitHubIssues(github, repository=repository or settings.repository, is_news=is_news)


def web_for(settings: Settings, repository: str | None = None) -> WebLinks:
    """Return the pages of a repository, None for that of the settings."""
    return WebLinks(f"https://{web_host(settings.github_api_url)}/{repository or settings.repository}")


def research_for(
    settings: Settings, github: GitHub, engine: Engine, *, repository: str | None = None
) -> Research | None:
    """Return what searches a repository for an alert's code, None when the settings do not call for it."""
    if not (settings.permalinks or settings.suspects):
        return None
    return searching(settings, source_for(settings, github, repository), engine, repository)


def source_for(settings: Settings, github: GitHub, repository: str | None) -> GitHubSource:
    """Return what a repository knows of its commits, None for that of the settings."""
    return GitHubSource(github, repository=repository or settings.repository, web=web_for(settings, repository))


def searching(settings: Settings, source: GitHubSource, engine: Engine, repository: str | None) -> Research:
    """Return what searches `source`, that of a repository."""
    wanted = Wanted(settings.permalinks, settings.suspects, settings.new_release_seconds)
    book = ReleaseBook(engine, mark=name_mark(repository) if repository else "")
    live, web = LiveBook(engine), web_for(settings, repository)
    return Research(Search(source, book, live, web, wanted, sightings_for(settings)))


def sightings_for(settings: Settings) -> Sightings:
    """Return what asks Sentry when a problem was seen; nobody without a token for it, which then is not imported."""
    if settings.sentry_auth_token is None:
        return NOBODY
    from booty.observability.sentry.api.sightings import SentrySightings  # noqa: PLC0415 - see above

    return SentrySightings(sentry_for(settings))
