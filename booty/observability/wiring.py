"""Which parts the settings call for: the ledger, and the courier with all that it uses."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from booty.observability.alerts.filters import Policy
from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.config.settings import Settings
from booty.observability.delivery.attempt import Following
from booty.observability.delivery.code_search.research import Research
from booty.observability.delivery.code_search.search import Search, Wanted
from booty.observability.delivery.courier import Courier
from booty.observability.delivery.follow_up import Keeper
from booty.observability.delivery.preview import PreviewIssues
from booty.observability.delivery.resolutions import Closings
from booty.observability.github.client import GitHub
from booty.observability.github.issue_creator import GitHubIssues
from booty.observability.github.issue_keeper import GitHubKeeper
from booty.observability.github.repository import GitHubSource
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.life.lifecycle import Rules
from booty.observability.issues.tracker import Tracker
from booty.observability.ledger.closings import ClosingBook
from booty.observability.ledger.engines.sqlite import Store
from booty.observability.ledger.ledger import Ledger
from booty.observability.ledger.problems.seen_releases import ReleaseBook
from booty.observability.sentry.api import SentryApi

KEEP_SECONDS = 30 * 24 * 3600.0
"""For how long a settled alert is remembered, at least."""
DAY_SECONDS = 24 * 3600.0


def _store(settings: Settings) -> Store:
    return Store(settings.state_dir, release=settings.sentry_release)


@dataclass(frozen=True, slots=True)
class Observability:
    """What the routes need: one frozen value in `app.extensions`."""

    secrets: tuple[str, ...]
    policy: Policy
    release: str | None
    ledger: Ledger
    courier: Courier | None
    """None in a release on trial, which must not file anything."""
    closings: Closings | None
    """None when issues are not followed."""
    pages: SentryPages
    """The pages of Sentry that log lines may name."""
    has_locals: bool
    """The local variables of a crash are kept and shown."""
    is_following: bool
    """News from Sentry about a problem are told to its issue."""

    def start(self) -> None:
        """Deliver what an earlier process left; to be called in a worker, after the fork."""
        if self.courier is not None:
            self.courier.wake()
        if self.closings is not None:
            self.closings.start()

    def stop(self) -> None:
        """Finish the delivery in flight; to be called before the worker ends."""
        if self.closings is not None:
            self.closings.stop()
        if self.courier is not None:
            self.courier.stop()


def build(settings: Settings) -> Observability:
    """Return the parts; nothing is opened or started yet."""
    ledger = ledger_for(settings)
    return Observability(
        secrets=tuple(secret.get_secret_value() for secret in settings.webhook_secrets),
        policy=Policy(
            settings.min_severity, settings.cooldown_seconds, settings.min_severity_of, is_following=settings.follow
        ),
        release=settings.sentry_release,
        ledger=ledger,
        courier=courier_for(settings, ledger),
        closings=closings_for(settings),
        pages=SentryPages(settings.sentry_url),
        has_locals=settings.locals,
        is_following=settings.follow,
    )


def ledger_for(settings: Settings) -> Ledger:
    """Return the ledger in the state directory; nothing is opened yet."""
    window = settings.reopen_window_days * DAY_SECONDS
    return Ledger(
        _store(settings),
        keep_seconds=max(KEEP_SECONDS, settings.cooldown_seconds, window),
        is_masked=settings.personal_data == "masked",
    )


def courier_for(settings: Settings, ledger: Ledger) -> Courier | None:
    """Return the courier, not started; None in a release on trial, which must not file anything."""
    if settings.candidate:
        return None
    github = _github(settings)
    tracker, keeper = _trackers(settings, github)
    rules = Rules(
        window_seconds=settings.reopen_window_days * DAY_SECONDS,
        web_url=settings.web_url,
        trigger_label=settings.trigger_label,
    )
    following = Following(keeper, rules) if settings.follow else None
    research = _research(settings, github) if github else None
    return Courier(
        ledger,
        tracker,
        trigger_label=settings.trigger_label,
        following=following,
        provenance=research,
        sentry=SentryPages(settings.sentry_url),
        token=_mark(settings),
    )


def closings_for(settings: Settings) -> Closings | None:
    """Return what learns of closings on GitHub, not started; None when the settings do not call for it."""
    github = _github(settings)
    if settings.candidate or not settings.follow or github is None:
        return None
    keeper = GitHubKeeper(github, repository=settings.repository)
    return Closings(ClosingBook(_store(settings)), keeper, _resolver(settings))


def _resolver(settings: Settings) -> SentryApi | None:
    """Return what resolves problems in Sentry, None when the settings do not call for it."""
    token, organization = settings.sentry_auth_token, settings.sentry_org
    if token is None or organization is None:
        return None
    return SentryApi(base_url=settings.sentry_url, organization=organization, token=token.get_secret_value())


def _github(settings: Settings) -> GitHub | None:
    """Return the API, None in preview, where nothing is sent."""
    if settings.preview or settings.github_token is None:
        return None
    return GitHub(
        api_url=settings.github_api_url,
        token=settings.github_token.get_secret_value(),
        version=settings.github_api_version,
    )


def _mark(settings: Settings) -> str:
    """Mark the settings that GitHub may refuse, the token among them, in a way that tells none of them."""
    token = settings.github_token.get_secret_value() if settings.github_token else ""
    marked = (settings.repository, settings.github_api_url, settings.github_api_version, token)
    return blake2b("\0".join(marked).encode(), digest_size=8, salt=b"booty-gate").hexdigest()


def _research(settings: Settings, github: GitHub) -> Research | None:
    wanted = Wanted(links=settings.permalinks, suspects=settings.suspects)
    if not (wanted.links or wanted.suspects):
        return None
    web = WebLinks(settings.web_url)
    source = GitHubSource(github, repository=settings.repository, web=web)
    return Research(Search(source, ReleaseBook(_store(settings)), web, wanted))


def _trackers(settings: Settings, github: GitHub | None) -> tuple[Tracker, Keeper]:
    if github is None:
        preview = PreviewIssues(settings.state_dir / "issues")
        return preview, preview
    repository = settings.repository
    return GitHubIssues(github, repository=repository), GitHubKeeper(github, repository=repository)
