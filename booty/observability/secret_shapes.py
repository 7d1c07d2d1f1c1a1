"""What secrets look like that give themselves away by their form.

Not the ones that only stand beside a telling name: `redaction` finds those. The forms are public facts, taken from the
issuers' documentation where they publish it, and compared with the rules of gitleaks (github.com/gitleaks/gitleaks).

Every pattern is linear: a run of unknown length is possessive (`++`, `*+`, `{n,}+`), so it is read once and never
given back, and whatever can fail after a start fails within a fixed number of characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """One form of secret; `pattern` is tried only where one of `hints` occurs in the text."""

    kind: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]


# Not inside a word, of which the `n` of an escaped line end (`\n`) is none.
START = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))"
DOTTED = r"[\w-]{16,}+(?>(?:\.[\w-]++)*)"
WORD = r"[\w-]{16,}+"
LETTERS = r"[A-Za-z0-9]{16,}+"
BASE64 = r"[\w+/=-]{16,}+"
HEX = r"[0-9a-f]{16,}+"

AWS_ID = r"(?:AKIA|ASIA)[A-Z0-9]{16}"
# As long as the lines of a PEM block, and random: with digits and capitals all over it, and no words as a path has.
BASE64_LINE = re.compile(
    r"(?<![\w+/.-])(?=[A-Za-z0-9+/]{60})(?=(?:[^A-Z\s]{0,20}[A-Z]){9})(?=(?:[^0-9\s]{0,30}[0-9]){4})"
    r"(?![A-Za-z0-9+/]{0,50}[a-z]{10})[A-Za-z0-9+/]{60,}+={0,2}(?![\w.-])"
)

# Prefixes that mean nothing else, wherever they stand: even glued to a word before them.
TELLING: tuple[tuple[str, str, str], ...] = (
    # GitHub's installation tokens hold a JWT since 2026: dots and some 520 characters
    # (github.blog/changelog/2026-05-15-github-app-installation-tokens-per-request-override-header).
    ("github token", "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", DOTTED),
    (
        "gitlab token",
        "glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glsoat- glimt- glagent- gloas- glffct- glwt- GR1348941",
        DOTTED,
    ),
    (
        "slack token",
        "xoxa- xoxb- xoxc- xoxd- xoxe- xoxo- xoxp- xoxr- xoxs- xoxe.xoxb- xoxe.xoxp- xapp-",
        r"[\w%-]{10,}+",
    ),
    ("slack webhook", "/services/T", r"[A-Z0-9]{6,}+/B[A-Z0-9]{6,}+/\w{16,}+"),
    ("slack webhook", "/workflows/T /triggers/T", r"[A-Z0-9]{6,}+/\w{6,}+/\w{6,}+(?:/\w++)?"),
    ("slack webhook", "hooks.slack.com/services/ hooks.slack.com/workflows/ hooks.slack.com/triggers/", r"[\w/-]{8,}+"),
    ("discord webhook", "discord.com/api/webhooks/ discordapp.com/api/webhooks/", r"[\w/-]{8,}+"),
    ("stripe key", "sk_live_ sk_test_ rk_live_ rk_test_ pk_live_ pk_test_", r"[A-Za-z0-9]{10,}+"),
    ("webhook secret", "whsec_", BASE64),
    ("anthropic key", "sk-ant-", WORD),
    ("openai key", "sk-proj- sk-svcacct- sk-admin-", WORD),
    ("openrouter key", "sk-or-v1-", WORD),
    ("digitalocean token", "dop_v1_ doo_v1_ dor_v1_", HEX),
    ("sentry token", "sntrys_ sntryu_ sntryi_", BASE64),
    ("google key", "AIza", r"[\w-]{30,}+"),
    ("google token", "ya29. GOCSPX-", r"[\w.-]{16,}+"),
    ("npm token", "npm_", r"[A-Za-z0-9]{30,}+"),
    ("pypi token", "pypi-AgE", WORD),
    ("rubygems key", "rubygems_", HEX),
    ("docker token", "dckr_pat_ dckr_oat_", WORD),
    ("aws session token", "FwoGZXIvYXdz IQoJb3JpZ2luX2", r"[\w+/=%-]{16,}+"),
    ("shopify token", "shpat_ shpca_ shppa_ shpss_", HEX),
    ("square token", "sq0atp- sq0csp-", WORD),
    ("grafana token", "glsa_ glc_", BASE64),
    ("vault token", "hvs. hvb. hvr.", WORD),
    ("atlassian token", "ATATT3 ATCTT3 ATBB", BASE64),
    ("postman key", "PMAK-", WORD),
    ("new relic key", "NRAK- NRJS- NRII-", LETTERS),
    ("linear key", "lin_api_ lin_oauth_", LETTERS),
    ("planetscale token", "pscale_tkn_ pscale_pw_ pscale_oauth_", r"[\w.=-]{16,}+"),
    ("supabase key", "sbp_ sb_secret_", WORD),
    ("tailscale key", "tskey-", WORD),
    ("doppler token", "dp.pt. dp.st. dp.ct. dp.sa.", r"[\w.-]{16,}+"),
    ("circleci token", "CCIPAT_ CCIPRJ_", WORD),
    ("age key", "AGE-SECRET-KEY-1", LETTERS),
    ("1password token", "ops_eyJ", BASE64),
    ("hugging face token", "hf_", r"[A-Za-z0-9]{30,}+"),
    ("twilio key", "SK", r"[0-9a-f]{32,}+"),
    ("mailgun key", "key-", r"[0-9a-f]{32,}+"),
    ("databricks token", "dapi", r"[0-9a-f]{32,}+"),
    ("groq key", "gsk_", r"[A-Za-z0-9]{40,}+"),
    ("xai key", "xai-", r"[A-Za-z0-9]{40,}+"),
    ("replicate token", "r8_", r"[A-Za-z0-9]{30,}+"),
    ("google token", "1//0", r"[\w-]{30,}+"),
    ("notion token", "ntn_ secret_", r"[A-Za-z0-9]{40,}+"),
    ("aws key", "AKIA ASIA ABIA ACCA A3T", r"[A-Z0-9]{16,}+"),
    ("alibaba key", "LTAI", r"[A-Za-z0-9]{17,}+"),
    ("github token", "v1.", r"[0-9a-f]{40,}+"),
)

# Prefixes that often end an ordinary word (`task-`, `MSG.`), and so must begin one.
SHORT: tuple[tuple[str, str, str], ...] = (
    ("api key", "sk-", r"(?=[A-Za-z_-]{0,64}[0-9])[\w-]{20,}+"),
    ("sendgrid key", "SG.", r"[\w-]{16,}+\.[\w-]{16,}+"),
)


def _telling(row: tuple[str, str, str]) -> Shape:
    kind, prefixes, rest = row
    hints = tuple(prefixes.split())
    either = "|".join(map(re.escape, hints))
    return Shape(kind, hints, re.compile(f"(?:{either}){rest}", re.ASCII))


def _short(row: tuple[str, str, str]) -> Shape:
    """Look at what stands before a prefix after the prefix was found: searching for the prefix itself is fast."""
    kind, prefixes, rest = row
    hints = tuple(prefixes.split())
    bounded = (rf"{hint}(?:(?<![A-Za-z0-9]{hint})|(?<=\\[nrt]{hint}))" for hint in map(re.escape, hints))
    return Shape(kind, hints, re.compile(f"(?:{'|'.join(bounded)}){rest}", re.ASCII))


def _formed(kind: str, hints: str, pattern: str) -> Shape:
    return Shape(kind, tuple(hints.split()), re.compile(pattern, re.ASCII))


SHAPES: tuple[Shape, ...] = (
    # Up to its END line; to the next dashes where the END is missing, or else to the end of the text.
    _formed(
        "private key",
        "-----BEGIN",
        r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?-----"
        r"[^-]*+(?>(?:-(?!----)[^-]*+)*)(?:-----END [A-Z0-9 ]{0,48}-----)?",
    ),
    # What is left of a key whose first lines are elsewhere: its last line, and any that is nothing but Base64.
    _formed(
        "private key",
        "-----END [redacted",
        r"(?:(?<![\w+/=])(?=[A-Za-z/]{0,76}[0-9+=])[\w+/]{8,}+={0,2}[^\w\s-]{0,4}(?:\\{1,2}[nr]|[^\n-]{0,4}\n[^\n-]{0,60}))?"
        r"(?:-----END (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?-----|\[redacted private key\])",
    ),
    Shape("key material", ("",), BASE64_LINE),
    # The secret key is commonly written beside its id: `id:key`, `("id", "key")`.
    _formed("aws key pair", "AKIA ASIA", AWS_ID + r"[^\w\n]{1,8}[A-Za-z0-9+/]{40,}+"),
    *map(_telling, TELLING),
    *map(_short, SHORT),
    # Base64 of `{"…`: the head of every JWT, and of session cookies; its parts follow after dots.
    _formed("jwt", "eyJ", r"eyJ[\w-]{14,}+={0,2}(?:\.[\w-]*+){0,4}"),
    _formed("telegram token", ":AA", r"\d{8,10}:AA[\w-]{30,}+"),
    _formed("discord token", ".", START + r"[MNO][\w-]{22,27}\.[\w-]{6,7}\.[\w-]{27,}+"),
    _formed("azure secret", "Q~", r"[\w~.]{3}\dQ~[\w~.-]{30,}+"),
    _formed("mailchimp key", "-us", r"[0-9a-f]{32}-us\d{1,2}"),
    _formed("terraform token", ".atlasv1.", r"\.atlasv1\.[\w-]{40,}+"),
)
