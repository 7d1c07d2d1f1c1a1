"""A stand-in for Sentry's web API on loopback, as the token of one internal integration sees one organization.

It keeps problems with their last events, the integration with its installation, and the links to issues elsewhere. It
refuses what Sentry refuses: another token, a scope that is missing, a search term that it does not know. `fail` makes
the next calls go wrong. It is not a copy of Sentry: whatever the service does not use is 404.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import md5

from support.sentry_events import PROJECT
from support.stand_in import Call, Fault, Json, StandIn, says

__all__ = ["Fault", "Json", "SentryStandIn", "limited"]

ORGANIZATION = "acme"
SLUG = "booty"
APP = "booty-alerts-1a2b3c"
INSTALLATION = "7a485448-a9e2-4c85-8a3c-4f44175783c9"
TOKEN = "sntryu_of_the_tests"
SCOPES = frozenset({"event:read", "event:write", "project:read", "org:read"})
MOST_ON_A_PAGE = 100
TERM = re.compile(r"(firstSeen|lastSeen):(>=|<=|>|<)(\S+)")
ORG = rf"/api/0/organizations/{ORGANIZATION}"
ROUTES: Mapping[str, tuple[str, frozenset[str]]] = {
    r"GET /api/0/": ("_index", frozenset()),
    rf"GET {ORG}/issues/": ("_list", frozenset({"event:read", "event:write", "event:admin"})),
    rf"GET {ORG}/issues/(\d+)/": ("_one", frozenset({"event:read", "event:write", "event:admin"})),
    rf"PUT {ORG}/issues/(\d+)/": ("_change", frozenset({"event:write", "event:admin"})),
    rf"GET {ORG}/issues/(\d+)/events/latest/": ("_latest", frozenset({"event:read", "event:write", "event:admin"})),
    rf"GET /api/0/projects/{ORGANIZATION}/([\w-]+)/events/(\w+)/json/": ("_json", frozenset({"project:read"})),
    rf"GET {ORG}/sentry-app-installations/": ("_installations", frozenset({"org:read"})),
    r"GET /api/0/sentry-apps/([\w-]+)/": ("_app", frozenset({"org:read"})),
    r"GET /api/0/sentry-apps/([\w-]+)/requests/": ("_requests", frozenset({"org:read"})),
    r"POST /api/0/sentry-app-installations/([\w-]+)/external-issues/": (
        "_link",
        frozenset({"event:read", "event:write", "event:admin"}),
    ),
}
"""Who answers which call, and the scopes of which one is needed (none: any token)."""


def limited(*, resets_in: float = 60.0) -> Fault:
    """Return the answer while the rate is limited, for so many seconds."""
    reset = str(int(time.time() + resets_in))
    headers = {"X-Sentry-Rate-Limit-Limit": "40", "X-Sentry-Rate-Limit-Remaining": "0"}
    body = b'{"detail": "You are attempting to use this endpoint too frequently. Limit is 40 requests in 1 seconds"}'
    return Fault(429, headers | {"X-Sentry-Rate-Limit-Reset": reset}, body)


class SentryStandIn(StandIn):
    """Sentry as one token sees it, for one organization."""

    def __init__(self, *, scopes: frozenset[str] = SCOPES) -> None:
        """Give the token these scopes."""
        super().__init__()
        self.scopes = scopes
        self.problems: dict[str, Json] = {}
        self.events: dict[str, Json] = {}
        """By the problem: its last event, in the shape in which a webhook brings it."""
        self.links: dict[str, Json] = {}
        """By the problem: the issue elsewhere that its page shows."""
        self.has_json = True
        """The endpoint that gives an event as a webhook has it is experimental: False where Sentry lacks it."""
        self.has_activity = True
        self.is_apps_own_token = True
        self.page_size = MOST_ON_A_PAGE
        self.installation: str | None = INSTALLATION
        self.app: Json = {
            "slug": APP,
            "uuid": "b468fed3-afba-4917-80d6-bdac99c1ec05",
            "name": "booty",
            "status": "internal",
            "scopes": sorted(scopes),
            "events": ["issue"],
            "isAlertable": True,
            "webhookUrl": "https://alerts.example.com/webhooks/sentry",
            "redirectUrl": None,
        }
        self.requests: list[Json] | None = []
        """What Sentry logged of its webhooks, newest first; None where it does not tell."""
        self.environ = {"SENTRY_URL": self.api_url, "SENTRY_ORG": ORGANIZATION, "SENTRY_AUTH_TOKEN": TOKEN}

    def see(  # noqa: PLR0913 - what Sentry knows of a problem, by names
        self,
        number: int,
        *,
        first: float,
        last: float | None = None,
        regressed: float | None = None,
        level: str = "error",
        project: int = PROJECT,
        slug: str = SLUG,
        **event: object,
    ) -> str:
        """Have Sentry see a problem (unix seconds); `regressed`: when it came back. Return the id of its last event.

        `event` adds to that event.
        """
        last = last or regressed or first
        title = f"KeyError: 'of problem {number}'"
        event_id = str(event.get("event_id") or md5(f"{number} {last}".encode()).hexdigest())  # noqa: S324 - an id
        self.problems[str(number)] = {
            "id": str(number),
            "shortId": f"{slug.upper()}-{number:X}",
            "title": title,
            "culprit": "shop.cart in total",
            "permalink": f"https://{ORGANIZATION}.sentry.io/issues/{number}/",
            "level": level,
            "status": "unresolved",
            "statusDetails": {},
            "substatus": "new" if regressed is None else "regressed",
            "platform": "python",
            "project": {"id": str(project), "name": slug, "slug": slug, "platform": "python"},
            "type": "error",
            "metadata": {"type": "KeyError", "value": f"'of problem {number}'", "filename": "shop/cart.py"},
            "issueType": "error",
            "issueCategory": "error",
            "count": "1",
            "userCount": 0,
            "firstSeen": _iso(first),
            "lastSeen": _iso(last),
            "activity": [{"id": "2", "type": "set_regression", "dateCreated": _iso(regressed)}] if regressed else [],
        }
        plain = {"type": "error", "metadata": {"type": "KeyError", "value": f"'of problem {number}'"}}
        frames = {"frames": [{"filename": "shop/cart.py", "function": "total", "lineno": 7, "in_app": True}]}
        thrown = [{"type": "KeyError", "value": f"'of problem {number}'", "stacktrace": frames}]
        self.events[str(number)] = plain | {
            "event_id": event_id,
            "project": project,
            "level": level,
            "title": title,
            "datetime": _iso(last),
            "timestamp": last,
            "release": None,
            "tags": [["level", level]],
            "exception": {"values": thrown},
            "fingerprint": ["{{ default }}"],
            **event,
            "platform": "python",
        }
        return event_id

    def webhook(self, number: int) -> Json:
        """Return the event alert that Sentry would have sent of a problem's last event."""
        links = {"issue_id": str(number), "web_url": self.problems[str(number)]["permalink"]}
        data = {"event": self.events[str(number)] | links, "triggered_rule": "booty"}
        return {"action": "triggered", "installation": {"uuid": INSTALLATION}, "data": data}

    def judge(self, call: Call) -> Fault:
        """See `StandIn.judge`."""
        if call.headers.get("Authorization") != f"Bearer {TOKEN}":
            return says(401, {"detail": "Invalid token"})
        for route, (name, scopes) in ROUTES.items():
            if (found := re.fullmatch(route, f"{call.method} {call.path}")) is None:
                continue
            if scopes and not scopes & self.scopes:
                return says(403, {"detail": "You do not have permission to perform this action."})
            answer: Fault = getattr(self, name)(call, *found.groups())
            return answer
        return _absent()

    def _index(self, _: Call) -> Fault:
        return says(200, {"version": "0", "auth": {"scopes": sorted(self.scopes)}, "user": {"name": "booty"}})

    def _list(self, call: Call) -> Fault:
        """Return one page, with the links to those beside it."""
        try:
            found = [each for each in self.problems.values() if _matches(each, call.query)]
        except ValueError as error:
            return says(400, {"detail": str(error)})
        by = "firstSeen" if call.query.get("sort") == "new" else "lastSeen"
        found.sort(key=lambda each: str(each[by]), reverse=True)
        first = int(call.query.get("cursor", "0:0:0").split(":")[1])
        size = min(int(call.query.get("limit", self.page_size)), self.page_size)
        page = [{name: each[name] for name in each if name != "activity"} for each in found[first : first + size]]
        ends = ((max(first - size, 0), first > 0, "previous"), (first + size, first + size < len(found), "next"))
        links = [
            f'<{self.api_url}{call.path}?cursor=0:{place}:0>; rel="{rel}"; results="{str(has).lower()}"; '
            f'cursor="0:{place}:0"'
            for place, has, rel in ends
        ]
        return says(200, page, Link=", ".join(links))

    def _one(self, _: Call, number: str) -> Fault:
        if number not in self.problems:
            return _absent()
        hidden = set() if self.has_activity else {"activity"}
        return says(200, {name: value for name, value in self.problems[number].items() if name not in hidden})

    def _change(self, call: Call, number: str) -> Fault:
        if number not in self.problems:
            return _absent()
        self.problems[number] |= call.body
        return says(200, call.body)

    def _latest(self, _: Call, number: str) -> Fault:
        event = self.events.get(number)
        if event is None:
            return _absent()
        return says(200, {"eventID": event["event_id"], "groupID": number, "projectID": str(event["project"])})

    def _json(self, _: Call, slug: str, event_id: str) -> Fault:
        for number, event in self.events.items():
            if self.has_json and event["event_id"] == event_id and self.problems[number]["project"]["slug"] == slug:
                return says(200, event)
        return _absent()

    def _installations(self, _: Call) -> Fault:
        app = {"uuid": self.app["uuid"], "slug": APP}
        one = {"app": app, "organization": {"slug": ORGANIZATION}, "uuid": self.installation, "status": "installed"}
        return says(200, [one] if self.installation else [])

    def _app(self, _: Call, slug: str) -> Fault:
        return says(200, self.app) if slug == APP else _absent()

    def _requests(self, _: Call, slug: str) -> Fault:
        if self.requests is None:
            return says(403, {"detail": "You do not have permission to perform this action."})
        return says(200, self.requests) if slug == APP else _absent()

    def _link(self, call: Call, installation: str) -> Fault:
        """Link an issue elsewhere: in place of the one that the problem had."""
        number = call.body.get("issueId")
        lacking = [name for name in ("webUrl", "project", "identifier") if not isinstance(call.body.get(name), str)]
        if not self.is_apps_own_token:
            return says(403, {"detail": "You do not have permission to perform this action."})
        if installation != self.installation or not isinstance(number, int) or str(number) not in self.problems:
            return _absent()
        if lacking:
            return says(400, {name: ["This field is required."] for name in lacking})
        shown = f"{call.body['project']}#{call.body['identifier']}"
        self.links[str(number)] = {"serviceType": APP, "displayName": shown, "webUrl": call.body["webUrl"]}
        return says(200, {"id": "1", "issueId": str(number), **self.links[str(number)]})


def _matches(problem: Json, query: Mapping[str, str]) -> bool:
    """Return whether a problem is one that was asked for. Raises `ValueError` of a term that Sentry does not know."""
    if query.get("project", "-1") not in {"-1", problem["project"]["id"]}:
        return False
    return all(_fits(problem, term) for term in query.get("query", "is:unresolved").split())


def _fits(problem: Json, term: str) -> bool:
    if term.startswith("is:"):
        return term[3:] in {problem["status"], problem["substatus"]}
    if (compared := TERM.fullmatch(term)) is None:
        raise ValueError(f"Invalid search term: {term}")
    seen, bound = _moment(problem[compared[1]]), _moment(compared[3])
    return {">=": seen >= bound, "<=": seen <= bound, ">": seen > bound, "<": seen < bound}[compared[2]]


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _iso(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _absent() -> Fault:
    return says(404, {"detail": "The requested resource does not exist"})
