"""No secret leaves, and what a reader needs to understand the error stays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.made_secrets import made
from support.secret_texts import FORMS, PAIRED, PLACES

from booty.observability.text.redaction import LIMIT, redact, redact_value
from booty.observability.text.secrets.places import PLACES as LOOKED_AT

SOURCES = Path(__file__).parents[2] / "booty"
INNOCENT = [
    "connect(user=user, password=password, auth=auth)",
    "certificate\n-----END CERTIFICATE-----",
    "/var/www/Releases/20260101/App/Http/Controllers/Api/V2/Orders/OrderController",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "KeyError: 'password'",
    "token: str",
    "def check(token: str, secret: bytes | None = None) -> bool:",
    'password = form["password"]',
    'password = request.form.get("password", "")',
    "password = getpass.getpass()",
    "token = self.token",
    "const token = await getToken(user);",
    "if token == expected:",
    "if (password !== confirmation) {",
    "(token) => verify(token)",
    'headers = {"Authorization": f"Bearer {token}"}',
    'url = f"https://{user}/{path}"',
    "DB_PASSWORD=${DB_PASSWORD}",
    "DB_PASSWORD: $DB_PASSWORD",
    "INSERT INTO users (name, password) VALUES (%s, %s)",
    '{"password": "[Filtered]", "token": null}',
    "password=None",
    "Access denied for user 'root'@'localhost' (using password: YES)",
    'FATAL: password authentication failed for user "app"',
    "Invalid token: signature has expired",
    "session: closed",
    "credentials: missing",
    "SyntaxError: Unexpected token < in JSON at position 0",
    "SyntaxError: Unexpected token: punc (;)",
    "Basic authentication failed for bob",
    "the bearer of bad news",
    "the bearer misconfiguration",
    "the password must have 8 characters",
    "token 17 of line 4",
    "unexpected token 0x1F at 12:4",
    "f'password={password}, token={token!r}'",
    "max_tokens=4096",
    "token_count: 12",
    "pass: 12, fail: 3",
    "author: Jane Doe",
    "primary_key=42",
    "password_reset_timeout=3600000",
    "password_changed_at=2026-11-25T10:00:00Z",
    "password_policy=min12chars",
    "PASSWORDLESS=v1login2024x",
    "token_type=bearer2024mac",
    "access_token_expires_in=36000000",
    "secret_name=shop-db-credentials-v2",
    "secretary=jane2024doe",
    "tokenizer=cl100k_base",
    "secrets: inherit",
    "import secrets",
    "booty@3f6c1d0e9b8a7f6e5d4c3b2a19081726354453f2",
    "commit 3f6c1d0e9b8a7f6e5d4c3b2a19081726354453f2",
    "id 7a485448-a9e2-4c85-8a3c-4f44175783c9 is unknown",
    "/usr/lib/python3.11/site-packages/sk-learn/task-runner-with-a-long-name.py",
    "https://registry.npmjs.org/@sentry/node",
    "http://localhost:8080/@vite/client",
    "listening on http://localhost:8080",
    "listening on http://[::1]:8080",
    "https://example.com/a/b#section-2",
    "bob@example.com could not be reached",
    "UPDATE users SET password = $1 WHERE id = $2",
    "UPDATE users SET password = ?, token = :token WHERE id = 7",
    '{"access": 1, "key": "orders:42"}',
    "duplicate entry for key: orders_2024_11",
    "password: string; // the user's own",
    'json:"password"',
    "SELECT balance FROM ledger WHERE account = %s",
    "no ledger row for account 'a-9'",
    "npm_config_user_agent is not set",
    "-----BEGIN CERTIFICATE-----",
    "IndexError: list index out of range",
    "x = y ? a : b; z = c && d",
    "TypeError: unsupported operand type(s) for +: 'int' and 'str'",
    "C:\\Users\\app\\passwords\\reader.cs",
    "10.0.0.5:5432 refused the connection",
    "ValidationError: password: This field is required",
    "password: must be at least 8 characters",
    "password: at least one digit is needed",
    "ssh://git@github.com/acme/app.git",
    "fetch(url, { headers: { 'X-Api-Key': apiKey } })",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf",
    "python:3.11.9@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "mailto:bob42@example.com",
    "https://github.com/acme/app/blob/main/views.py#L42",
    "Order#total=(value) is private",
    "next=%2Forders%3Fpage%3D2",
    "signal.connect('app', 'started', 'on_started')",
    "a row identified by 8c2d4e6f does not exist",
    "docker run -p 8080:80 -p8443:443 shop",
    "mysqldump -h db -P 3306 shop",
    "passphrase: must be longer than that",
    "the recovery words of this account are missing",
    "password: - is not set",
    "bypass=a1b2c3 compass=12",
    "token (String) expected",
    "if (password !== 'x' && token != '') {",
    "url_pat = 'orders/42'",
    "max_tokens: 4096, access_tokens: 12",
    "password = hash('sha256')",
    "token = jwt.encode({'id': 7}, 'HS256')",
    "print('password', \"'\", '\"')",
    'say "the token", "a word": "x"',
    "ldap.search_s('ou=staff,dc=shop', ldap.SCOPE_SUBTREE, '(uid=bob)')",
    "openssl req -new -key server.key -out server.csr",
]


def test_keeps_what_stands_around_a_secret_and_names_its_kind() -> None:
    text = made("cannot push with gh~p_{a36} to shop")

    assert redact(text) == "cannot push with [redacted github token] to shop"


@pytest.mark.parametrize("text", INNOCENT)
def test_leaves_text_without_a_secret_as_it_is(text: str) -> None:
    assert redact(text) == text


def test_keeps_the_names_of_a_query_without_its_values() -> None:
    found = redact("GET https://shop.example.com:8443/cart?coupon=SPRING&code=123456&page=2#top 200")

    assert found == "GET https://shop.example.com:8443/cart?coupon=[redacted]&code=[redacted]&page=2#top 200"


def test_keeps_the_host_of_an_address_without_its_user() -> None:
    assert redact(made("dsn postgres://shop:{a12}@db.internal/shop")) == "dsn postgres://[redacted]@db.internal/shop"


@pytest.mark.parametrize(("text", "secret"), [pair for pair in PAIRED if re.search(r":\n|\n *value:", pair[0])])
def test_a_secret_on_the_line_below_its_name_goes_when_the_lines_are_joined(text: str, secret: str) -> None:
    joined = " ".join(made(text).split())

    assert made(secret) not in redact(joined)


def test_no_pattern_repeats_a_group_possessively() -> None:
    """Python before 3.11.5, such as Debian 12's, finds other matches (https://github.com/python/cpython/issues/106052)."""
    possessive = re.compile(r"(?<!\\)\)(?:[*+?]|\{+[\d,]+\}+)\+")
    lines = [(path, line) for path in SOURCES.rglob("*.py") for line in path.read_text().splitlines()]

    assert [f"{path.name}: {line}" for path, line in lines if possessive.search(line)] == []


def test_keeps_the_fields_beside_a_password() -> None:
    found = redact("connect(host=db, password=hunter2, timeout=3)")

    assert found == "connect(host=db, password=[redacted], timeout=3)"


@pytest.mark.parametrize("form", [*FORMS, *(text for text, _ in PLACES), *INNOCENT])
def test_redacting_twice_changes_nothing_more(form: str) -> None:
    once = redact(made(form))

    assert redact(once) == once


SCRAPS = st.sampled_from(
    [
        *(made(form) for form in FORMS),
        *(made(text) for text, _ in PLACES),
        *[
            "password",
            "token",
            "=",
            ": ",
            '"',
            "'",
            "\\",
            "`",
            "[redacted]",
            "[redacted github token]",
            "://",
            "@",
            "?",
        ],
        *[
            "&",
            " ",
            "\n",
            ",",
            ")",
            "]",
            "}",
            "{",
            "$",
            "%s",
            "bearer ",
            "Cookie: ",
            "-----",
            "ey",
            "--",
            "<",
            ">",
            "</",
        ],
    ]
)


@given(st.lists(SCRAPS | st.text(max_size=4), max_size=8).map("".join))
def test_redacting_any_mixture_twice_changes_nothing_more(text: str) -> None:
    once = redact(text)

    assert redact(once) == once


@given(st.sampled_from(FORMS), st.text(max_size=20), st.text(max_size=20))
def test_no_surroundings_protect_a_token(form: str, before: str, after: str) -> None:
    secret = made(form).replace("\x00", "~")

    assert secret not in redact(f"{before} {secret} {after}")


def test_drops_what_lies_beyond_its_limit() -> None:
    assert len(redact("a" * (LIMIT + 1))) == LIMIT


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password", "correct horse battery staple"),
        ("DB_PASSWORD", "1"),
        ("X-Api-Key", "a b c"),
        ("session", "zq9xy77Azq9xy77A"),
        ("Authorization", "Sentry sentry_key"),
        ("client_secret", '{"nested": "value"}'),
        ("pass\u200bword", "sunshine"),
        ("\uff50\uff57\uff44\ufeff", "sunshine"),
        ("secrets", "zq9xy77A"),
        ("secrets", '{"stripe": "zq9xy77A"}'),
        ("api_keys", "[a, zq9xy77A]"),
    ],
)
def test_a_value_known_by_its_name_goes_as_a_whole(name: str, value: str) -> None:
    assert redact_value(name, value) == "[redacted]"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password", "None"),
        ("password", ""),
        ("password", "[Filtered]"),
        ("api_key", "[redacted]"),
        ("auth", "none"),
        ("session", "closed"),
        ("pass", "12"),
        ("partition_key", "tenant-7"),
        ("secrets", "inherit"),
        ("secrets", '{"names": ["stripe"]}'),
        ("tokens", "[1, 2]"),
        ("max_tokens", "4096"),
        ("release", "booty@3f6c1d0e9b8a7f6e5d4c3b2a19081726354453f2"),
        ("user_id", "7a485448-a9e2-4c85-8a3c-4f44175783c9"),
    ],
)
def test_a_value_that_is_not_a_secret_stays_under_its_name(name: str, value: str) -> None:
    assert redact_value(name, value) == value


@pytest.mark.parametrize("letters", ["k\u212a", "s\u017f", "i\u0131"])
@pytest.mark.parametrize(
    "text",
    [
        'login("bob", "sunshine")',
        'credentials ("bob", "sunshine")',
        'mysqli("db", "bob", "Sunshine1")',
        'ConvertTo-SecureString "sunshine"',
        "requirepass sunshine",
        "/user:shop\\bob sunshine",
        "ALTER USER bob IDENTIFIED BY sunshine",
        "Cookie: id=sunshine",
        "keypass=sunshine",
        'apikey = "sunshine"',
    ],
)
def test_a_letter_that_only_another_language_writes_so_hides_no_secret(text: str, letters: str) -> None:
    """As a system that speaks Turkish writes LOGIN in small letters: with an i that has no dot."""
    at = text.lower().rindex("sunshine")

    found = redact(text[:at].lower().replace(*letters) + text[at:])

    assert "unshine" not in found


def test_a_value_under_any_other_name_is_read_as_text() -> None:
    assert redact_value("url", "https://bob:hunter2@db/x") == "https://[redacted]@db/x"


@pytest.mark.parametrize("sign", ["", *sorted({hint for place in LOOKED_AT for hint in place.hints})])
@pytest.mark.parametrize("joined", ["", "=", " ", ": "])
def test_what_is_masked_already_is_read_in_one_way_alone(sign: str, joined: str) -> None:
    """With two ways for each of them, the search of a text that has thirty would never end."""
    found = redact(f"{sign}{joined}{'[redacted]' * 600}")

    assert redact(found) == found
