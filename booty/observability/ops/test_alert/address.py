"""The public address of the webhook."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

PATH = "/webhooks/sentry"
SERVER_NAME = re.compile(r"^[^#\n]*\bserver_name\s+([A-Za-z0-9.-]+)\s*;", re.MULTILINE)
TLS = re.compile(r"^[^#\n]*\blisten\s[^;\n]*\b443\b", re.MULTILINE)
SITE = "etc/nginx/sites-enabled/booty"


def webhook_at(url: str) -> str | None:
    """Return the webhook's address for that of a server; one with a path stays as it is. None: it is no address."""
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 and url.isprintable()
    except ValueError:
        return None
    if not is_address or parts.username or parts.query or parts.fragment:
        return None
    return urlunsplit(parts._replace(path=parts.path if parts.path.strip("/") else PATH))


def droplets_own(root: Path) -> str | None:
    """Return the address that nginx serves on the droplet below `root`; None where it names none."""
    try:
        site = (root / SITE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    name = SERVER_NAME.search(site)
    return f"{'https' if TLS.search(site) else 'http'}://{name[1]}" if name else None
