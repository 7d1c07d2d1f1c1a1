"""GitHub as a GitHub App sees it: signatures are checked with its public key, tokens end, installations are stopped."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from support.github_repositories import PATH, GitHubRepositories
from support.github_stand_in import REPOSITORY, TOKEN, GitHubStandIn
from support.set_up import SetUpStandIn
from support.stand_in import Call, Fault, Json, StandIn, says

APP_ID, SLUG, APPS = "123456", "booty-of-acme", "the App's"
LONGEST_SECONDS = 600
MINT = re.compile(r"/app/installations/(\d+)/access_tokens")
INSTALLED = re.compile(r"/repos/([^/]+/[^/]+)/installation")


@cache
def a_key(name: str) -> rsa.RSAPrivateKey:
    """Return the private key of that name."""
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem_of(key: rsa.RSAPrivateKey) -> str:
    """Return a private key as GitHub gives it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()


def key_file(folder: Path, key: rsa.RSAPrivateKey | None = None) -> Path:
    """Return a file that holds a private key."""
    path = folder / "app.pem"
    path.write_text(pem_of(key or a_key(APPS)))
    return path


class AppRules(StandIn):
    """What GitHub asks of an App; `installations` are by repository, and have a number, an owner, permissions."""

    def __init__(self, **manner: object) -> None:
        super().__init__(**manner)
        self.login = f"{SLUG}[bot]"
        self.installations: dict[str, Json] = {REPOSITORY: an_installation(7)}
        self.tokens: dict[str, float] = {}
        """Until when each is good (unix seconds)."""
        self.owners: dict[str, str] = {}
        """Whose installation each is of."""
        self.lasting_seconds = 3600.0
        self.ahead_seconds = 0.0
        """How far GitHub's clock is ahead of ours."""
        key = pem_of(a_key(APPS))
        own = {"GITHUB_APP_ID": APP_ID, "GITHUB_APP_PRIVATE_KEY": key}
        self.environ = {"GITHUB_API_URL": self.api_url, "BOOTY_PREVIEW": "0", **own}

    def end_tokens(self) -> None:
        """End all tokens now, whatever was said of their end."""
        self.tokens.clear()

    def suspend(self, repository: str = REPOSITORY, *, is_suspended: bool = True) -> None:
        """Suspend an installation, or no longer."""
        self.installations[repository]["suspended_at"] = "2026-11-26T09:00:00Z" if is_suspended else None

    def mints(self) -> list[Call]:
        """Return the calls for new tokens."""
        return [call for call in self.calls if MINT.fullmatch(call.path)]

    def knows(self, call: Call) -> bool:
        """See `GitHubStandIn.knows`."""
        return time.time() < self.tokens.get(_bearer(call), 0.0)

    def judge(self, call: Call) -> Fault:
        """See `StandIn.judge`."""
        if call.path == "/app" or MINT.fullmatch(call.path) or INSTALLED.fullmatch(call.path):
            return self._refusal(_bearer(call)) or self._as_app(call)
        if self.knows(call) and any(each["suspended_at"] for each in self.installations.values()):
            return says(403, {"message": "This installation has been suspended"})
        if self.knows(call) and call.path == "/user":
            return says(403, {"message": "Resource not accessible by integration"})
        return self.pass_on(call)

    def pass_on(self, call: Call) -> Fault:
        """Answer a call with a token as GitHub does."""
        return super().judge(call)  # type: ignore[safe-super]  # the class beside this one has it

    def _refusal(self, signature: str) -> Fault | None:
        """Return what is wrong with a signature, in GitHub's words."""
        now = time.time() + self.ahead_seconds
        try:
            claims = jwt.decode(
                signature,
                a_key(APPS).public_key(),
                algorithms=["RS256"],
                options={"require": ["exp", "iat", "iss"], "verify_exp": False, "verify_iat": False},
            )
        except jwt.InvalidTokenError:
            return says(401, {"message": "A JSON web token could not be decoded"})
        if claims["iss"] != APP_ID:
            return says(404, {"message": "Integration not found"})
        if not now < claims["exp"] <= now + LONGEST_SECONDS:
            return says(401, {"message": "'Expiration time' claim ('exp') is too far in the future"})
        if claims["iat"] > now or claims["exp"] - claims["iat"] > LONGEST_SECONDS:
            return says(401, {"message": "'Issued at' claim ('iat') must be an Integer of the past"})
        return None

    def _as_app(self, call: Call) -> Fault:
        if call.path == "/app":
            return says(200, {"id": int(APP_ID), "slug": SLUG, "owner": {"login": "acme"}})
        if (asked := INSTALLED.fullmatch(call.path)) is not None:
            found = self.installations.get(asked[1])
            return says(404, {"message": "Not Found"}) if found is None else says(200, found)
        minted = MINT.fullmatch(call.path)
        number = int(minted[1]) if minted else 0
        found = next((each for each in self.installations.values() if each["id"] == number), None)
        if found is None:
            return says(404, {"message": "Not Found"})
        if found["suspended_at"]:
            return says(403, {"message": "This installation has been suspended"})
        return self._mint(found["account"]["login"])

    def _mint(self, owner: str) -> Fault:
        token, ends_at = f"ghs_{APP_ID}_{uuid4().hex}.{uuid4().hex}", time.time() + self.lasting_seconds
        self.tokens[token], self.owners[token] = ends_at, owner
        return says(201, {"token": token, "expires_at": f"{datetime.fromtimestamp(ends_at, UTC):%Y-%m-%dT%H:%M:%SZ}"})


def an_installation(number: int, owner: str = "acme") -> Json:
    """Return an installation that may do what the service asks for."""
    permissions = {"issues": "write", "contents": "read", "metadata": "read"}
    return {"id": number, "account": {"login": owner}, "suspended_at": None, "permissions": permissions}


def _bearer(call: Call) -> str:
    return call.headers.get("Authorization", "").removeprefix("Bearer ")


class AppStandIn(AppRules, GitHubStandIn):
    """GitHub for one repository, with an App instead of a token."""


class AppSetUpStandIn(AppRules, SetUpStandIn):
    """The same with what people set up around the repository."""


class AppRepositories(AppRules, GitHubRepositories):
    """Several repositories, on each owner of which the App is installed."""

    def __init__(self, *names: str) -> None:
        """Take them as `owner/name`; the first one is that of the settings."""
        super().__init__(**{name.replace("/", "__"): TOKEN for name in names})
        owners = list(dict.fromkeys(name.partition("/")[0] for name in names))
        self.installations = {
            name: an_installation(owners.index(owner) + 1, owner) for name in names if (owner := name.partition("/")[0])
        }
        self.environ |= {"TARGET_REPO_URL": names[0]}

    def pass_on(self, call: Call) -> Fault:
        """See `AppRules.pass_on`; a token is for its own owner's repositories."""
        found = PATH.match(call.path)
        owner = self.owners.get(_bearer(call), "") if self.knows(call) else None
        if owner is None:
            return says(401, {"message": "Bad credentials"})
        if found is not None and found["repository"].partition("/")[0] != owner:
            return says(404, {"message": "Not Found"})
        return super().pass_on(replace(call, headers={**call.headers, "Authorization": f"Bearer {TOKEN}"}))
