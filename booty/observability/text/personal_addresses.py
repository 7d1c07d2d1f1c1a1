"""Addresses of persons: of their mail, of their machines."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address, IPv6Network

from booty.observability.text.personal_numbers import before

AT = r"(?:@|%(?:25)?40|\\u0040|&#64;)"
MAIL = re.compile(
    rf"(?<![\w.%+-])(?P<name>(?>(?:[\w.+-]|%(?!(?:25)?40))+)){AT}"
    r"(?P<domain>(?:[\w-]{1,63}\.){1,8}(?P<end>xn--\w{2,59}+|[^\W\d_]{2,24}+))(?!\d)"
)
MAIL_HINTS = ("@", "%40", "%2540", "\\u0040", "&#64;")
# A file or a unit of systemd, such as `icon@2x.png` or `shop@blue.service`, ends as a domain does.
FILES = re.compile(
    r"(?i:bmp|[cm]?js|jsx|tsx|json|conf|css|eot|gif|t?gz|html?|ico|jar|jpe?g|log|map|pdf|png|svg|ttf|txt|webp|woff|x?ml|ya?ml"
    r"|yml|zip|mount|service|slice|socket|target|timer)"
)
RELEASE = re.compile(r"v?\d{1,9}(?:\.\d|x\.)")  # `shop@1.2.rc`
OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
# Of which few texts have any: to look for a full stop first is fast.
OCTETS = re.compile(r"\.\d{1,3}\.\d{1,3}\.\d", re.ASCII)
IPV4 = re.compile(rf"(?<![\w.])(?<!\D-)(?:{OCTET}\.){{3}}{OCTET}(?!\w|\.\w|-(?!\d{{1,3}}\.))", re.ASCII)
# What `ipaddress` calls neither global nor multicast, and what no host's address ends like: `Chrome 120.0.0.0`. Asking
# it would take ten times as long.
NOBODYS = re.compile(
    r"(?:0|10|127|22[4-9]|2[3-5]\d|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.168"
    r"|192\.0\.[02]|198\.1[89]|198\.51\.100|203\.0\.113)\.|.*\.0\.0\Z"
)
IPV6 = re.compile(r"[23](?<![\w:.].)[0-9a-f]{3}:[0-9a-f:.]{2,41}+(?!\w)", re.ASCII | re.IGNORECASE)
NEWER_DOCUMENTATION = IPv6Network("3fff::/20")  # RFC 9637; Python 3.11's table is older
# What precedes four numbers that are a version: `Chrome/1.2.3.4`, `shop==1.2.3.4`, `Version=1.2.3.4`.
VERSION = re.compile(
    r"(?:[=<>~!^]=|[\^~@]|(?<!/)/|(?:version|section|release|ver|build|revision|driver|firmware|sdk|(?<![a-z])(?:android|chrome|cpython|firefox"
    r"|i(?:pad)?os|java|jdk|kernel|mac[ ]?os|\.net|openssl|php|python|ruby|safari|unity|webkit|windows))"
    r"[\"']?[\s:=]{1,3}[\"']?|(?-i:[A-Z]\w{1,12}\.[A-Z]\w{0,12})[ ])\Z",
    re.IGNORECASE,
)


def mask_addresses(text: str) -> str:
    """Return `text` with `[email]` and `[ip]` where those stood."""
    if [hint for hint in MAIL_HINTS if hint in text]:
        text = MAIL.sub(_mail, text)
    if OCTETS.search(text):
        text = IPV4.sub(_ipv4, text)
    return IPV6.sub(_ipv6, text) if ":" in text else text


def _mail(found: re.Match[str]) -> str:
    is_none = found["name"] == "git" or FILES.fullmatch(found["end"]) or RELEASE.match(found["domain"])
    return found[0] if is_none else "[email]"


def _ipv4(found: re.Match[str]) -> str:
    return found[0] if NOBODYS.match(found[0]) or VERSION.search(before(found)) else "[ip]"


def _ipv6(found: re.Match[str]) -> str:
    """Mask an address; a colon or a full stop behind it may be the sentence's."""
    for address in (found[0], found[0].rstrip(":.")):
        try:
            parsed = IPv6Address(address)
        except AddressValueError:
            continue
        is_public = parsed.is_global and parsed not in NEWER_DOCUMENTATION
        return "[ip]" + found[0][len(address) :] if is_public else found[0]
    return found[0]
