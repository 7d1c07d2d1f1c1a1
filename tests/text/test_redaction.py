"""No secret leaves, and what a reader needs to understand the error stays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.made_secrets import made

from booty.observability.text.redaction import LIMIT, redact, redact_value

SOURCES = Path(__file__).parents[2] / "booty"
# Secrets that give themselves away.
FORMS = [
    "gh~p_{a36}",
    "gh~o_{a36}",
    "gh~u_{a36}",
    "gh~s_{a36}",
    "gh~r_{a76}",
    "gh~s_123456_ey~J{a30}.ey~J{a300}.{a60}-_{a80}",
    "github~_pat_{a22}_{a59}",
    "v1~.{h40}",
    "gl~pat-{a20}",
    "gl~pat-{a27}.01.{a9}",
    "gl~dt-{a20}",
    "gl~rt-{a20}",
    "gl~cbt-64_{a20}",
    "gl~ptt-{h40}",
    "AK~IA{u16}",
    "AS~IA{u16}",
    "IQo~Jb3JpZ2luX2VjEA{a80}",
    "xo~xb-{d12}-{d12}-{a24}",
    "xo~xp-{d12}-{d12}-{d12}-{h32}",
    "xo~xe.xo~xp-1-{a60}",
    "xo~xs-{d12}-{a20}",
    "xa~pp-1-A{u10}-{d13}-{h64}",
    "https://hooks.slack~.com/services/T{u8}/B{u8}/{a24}",
    "https://discord~.com/api/webhooks/{d18}/{a68}",
    "sk~_live_{a24}",
    "rk~_live_{a24}",
    "sk~_test_{a99}",
    "wh~sec_{a32}",
    "sk~-{a48}",
    "sk~-proj-{a20}_{a54}-{a74}",
    "sk~-svcacct-{a74}T3{a74}",
    "sk~-ant-api03-{a40}-{a52}AA",
    "sk~-or-v1-{h64}",
    "do~p_v1_{h64}",
    "do~o_v1_{h64}",
    "do~r_v1_{h64}",
    "sntr~ys_ey~J{a80}_{a43}",
    "sntr~yu_{h64}",
    "AI~za{a35}",
    "ya~29.{a40}_{a20}",
    "GOC~SPX-{a28}",
    "1/~/0{a40}",
    "np~m_{a36}",
    "py~pi-AgEIcHlwaS5vcmc{a70}",
    "S~K{h32}",
    "S~G.{a22}.{a43}",
    "key~-{h32}",
    "{h32}-u~s12",
    "123456789~:AA{a33}",
    "M~T{a22}.{a6}.{a38}",
    "{a3}8Q~~{a34}".replace("~~", "\x00"),
    "h~f_{a34}",
    "ey~J{a34}.ey~J{a80}.{a43}",
    "ey~J{a34}.ey~J{a12}",
    "shp~at_{h32}",
    "dap~i{h32}",
    "gl~sa_{a32}_{h8}",
    "hv~s.{a90}",
    "AGE~-SECRET-KEY-1{u58}",
    "AK~IA{u16}:{a39}/",
    "AK~IA{u16} {a20}/{a19}",
    "('AK~IA{u16}', '{a20}+{a19}')",
    "{a24}7{a40}",
    "-----BEGIN RSA PRIVATE KEY-----\n{a64}\n{a64}\n{a20}==\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----\n{a64}\n{a30}",
    "-----BEGIN PRIVATE KEY-----\\n{a64}\\n{a64}\\n-----END PRIVATE KEY-----\\n",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\n{a64}\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----",
]
# Secrets known by where they stand: the text, and the part that must not survive.
PLACES = [
    ("postgres://shop:{a12}@db.internal:5432/shop", "{a12}"),
    ("could not connect to postgres://shop:{a12}", "{a12}"),
    ("redis://:{a12}@cache:6379/0", "{a12}"),
    ("amqp://guest:p@{a8}@mq/vhost", "{a8}"),
    ("mysql+pymysql://root:{a5}/{a7}@db/shop", "{a7}"),
    ("https://{h32}@o42.ingest.sentry.io/4507", "{h32}"),
    ("https://{h32}:{a32}@sentry.example.com/2", "{a32}"),
    ("GET https://api.example.com/v1/items?page=2&sig={a20}", "{a20}"),
    ("/reset?code={a10}", "{a10}"),
    ('"url":"https://x.io/a?b=1\\u0026c={a12}"', "{a12}"),
    ("https://a.blob.core.windows.net/c?sv=2024&sig={a20}%2B{a10}%3D", "{a10}"),
    ("https://app.example.com/cb#access_token={a20}&state=1", "{a20}"),
    ("password=hunter2", "hunter2"),
    ("PASSWORD: correcthorse", "correcthorse"),
    ('{"password": "correct horse", "user": "bob"}', "horse"),
    ("{'db_password': 'hunter2'}", "hunter2"),
    ("DBPassword=hunter2", "hunter2"),
    ("AWSSecretKey: {a20}", "{a20}"),
    ("X-CSRFToken: {a12}", "{a12}"),
    ("X-Sentry-Auth: Sentry sentry_key={h32}, sentry_version=7", "{h32}"),
    (r"debug\napi_key={a12}", "{a12}"),
    (r"debug\npwd=hunter2", "hunter2"),
    (r"debug\nBearer {a20}", "{a20}"),
    ('password               = "hunter2"', "hunter2"),
    ('<add key="Password" value="hunter2" />', "hunter2"),
    ('<input name="password" value="hunter2">', "hunter2"),
    ("next=postgres%3A%2F%2Fapp%3A{a12}%40db%2Fshop", "{a12}"),
    ("jdbc:oracle:thin:app/hunter2@db:1521:shop", "hunter2"),
    ("sshpass -p hunter2 ssh db", "hunter2"),
    ("mysql -u root -phunter2 shop", "hunter2"),
    ("redis-cli -h cache -a hunter2", "hunter2"),
    ('the password "hunter2" is wrong', "hunter2"),
    ("POST /services/T{u8}/B{u8}/{a24}", "{a24}"),
    ("12:01 {a20}3==\n12:02 -----END RSA PRIVATE KEY-----", "{a20}"),
    ("{b'password': b'hunter2'}", "hunter2"),
    (r'"{\"passwd\":\"hun\\ter2\",\"user\":\"bob\"}"', "ter2"),
    (":password=>\"hunter2\", :name=>'bob'", "hunter2"),
    ("'password' => 'hunter2'", "hunter2"),
    ('config["db_pwd"] = "hunter2"', "hunter2"),
    ('password := "hunter2"', "hunter2"),
    ('const apiKey = "{a16}";', "{a16}"),
    ('password = """hunter2"""', "hunter2"),
    ("mysqldump --password hunter2 --host db", "hunter2"),
    ("deploy --api-key={a12} --now", "{a12}"),
    ("export AWS_SECRET_ACCESS_KEY={a20}/{a19}", "{a19}"),
    ("aws_session_token = {a60}", "{a60}"),
    ("SECRET_KEY_BASE={h64}", "{h64}"),
    ("spring.datasource.password: hunter2", "hunter2"),
    ("clientSecret: {a20}", "{a20}"),
    ("client_secret={a10}&grant_type=x", "{a10}"),
    ("DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={a40}+/{a20}==;EndpointSuffix=x", "{a20}"),
    ("Server=db;Uid=app;Pwd=hunter2;Database=shop", "hunter2"),
    ("host=db user=app password=hun,ter2 dbname=shop", "ter2"),
    ("User(name=bob, password=hunter2, admin=False)", "hunter2"),
    ("dbPasswordMain={a16}", "{a16}"),
    ("PASSWORDFOO={a16}", "{a16}"),
    ("mypassword1: {a16}", "{a16}"),
    ("db-password-primary: hunter2", "hunter2"),
    ("api_key_prod_eu={a16}", "{a16}"),
    ("contraseña=hunter2", "hunter2"),
    ("mot_de_passe=hunter2", "hunter2"),
    ("hasło: hunter2", "hunter2"),
    ("Şifre: hunter2", "hunter2"),
    ("пароль=hunter2", "hunter2"),
    ("数据库密码: hunter2", "hunter2"),
    ("パスワード: hunter2", "hunter2"),
    ("비밀번호=hunter2", "hunter2"),
    ("Authorization: Bearer {a12}", "{a12}"),
    ("authorization: Basic {a16}==", "{a16}"),
    ("Authorization: Token {h40}", "{h40}"),
    ('{"Authorization": "Bearer {a12}"}', "{a12}"),
    ('[["Authorization","Bearer {a12}"],["Cookie","a={a9}"]]', "{a9}"),
    ('Authorization: Digest username="bob", response="{h32}"', "{h32}"),
    ("Proxy-Authorization: Negotiate {a30}", "{a30}"),
    ("sent bearer {a20} to the API", "{a20}"),
    ("Cookie: theme=dark; sid={a20}", "{a20}"),
    ("Set-Cookie: id={a20}; HttpOnly", "{a20}"),
    ("X-Api-Key: {a20}", "{a20}"),
    ("x-auth-token: {a8}", "{a8}"),
    ("api key: {a16}", "{a16}"),
    ("the github token: {h40}", "{h40}"),
    ("token={a6}", "{a6}"),
    ("csrfmiddlewaretoken={a32}", "{a32}"),
    ("JSESSIONID={u20}", "{u20}"),
    ("session_id: {a20}", "{a20}"),
    ("<password>hunter2</password>", "hunter2"),
    ("<ns:clientSecret kind='x'>hunter2</ns:clientSecret>", "hunter2"),
    ("('password', 'hunter2')", "hunter2"),
    ("CREATE USER app IDENTIFIED BY 'hunter2'", "hunter2"),
    ("ALTER ROLE app WITH PASSWORD 'hunter2'", "hunter2"),
    ("requests.get(url, auth=('bob', 'hunter2'))", "hunter2"),
    ("AWS secret key {a20}/{a19}", "{a19}"),
    ("the token is {h40}", "{h40}"),
    ("logged in with password hunter2", "hunter2"),
    ("the password is hunter2.", "hunter2"),
    ("bearer abcdefghijklmnopqrstuvwxyz", "stuvwxyz"),
    ("Server=db;Password={hunter2};", "hunter2"),
    ("redirect=https%3A%2F%2Fx%3Fpassword%3Dhunter2", "hunter2"),
    ("Authorization: Api-Key {a12}", "{a12}"),
    ("curl -u bob:hunter2 https://api.example.com", "hunter2"),
    ("password='hunter2", "hunter2"),
    ("foo=password=hunter2", "hunter2"),
    ('"private_key": "-----BEGIN PRIVATE KEY-----\\n{a64}\\n-----END PRIVATE KEY-----\\n"', "{a64}"),
]
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
]


def test_keeps_what_stands_around_a_secret_and_names_its_kind() -> None:
    text = made("cannot push with gh~p_{a36} to shop")

    assert redact(text) == "cannot push with [redacted github token] to shop"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("around", ["{}", "see {}, please", "x={}\n", "['{}']", '{{"a": "{}"}}', r"first\n{}", "({})"])
def test_removes_a_secret_by_its_form_wherever_it_stands(form: str, around: str) -> None:
    secret = made(form).replace("\x00", "~")

    found = redact(around.format(secret))

    assert "[redacted" in found
    assert secret not in found
    assert secret[-9:] not in found


@pytest.mark.parametrize(("text", "secret"), PLACES)
def test_removes_a_secret_by_the_place_it_stands_in(text: str, secret: str) -> None:
    found = redact(made(text))

    assert made(secret) not in found
    assert "[redacted" in found


@pytest.mark.parametrize("text", INNOCENT)
def test_leaves_text_without_a_secret_as_it_is(text: str) -> None:
    assert redact(text) == text


def test_keeps_the_names_of_a_query_without_its_values() -> None:
    found = redact("GET https://shop.example.com:8443/cart?coupon=SPRING&code=123456&page=2#top 200")

    assert found == "GET https://shop.example.com:8443/cart?coupon=[redacted]&code=[redacted]&page=2#top 200"


def test_keeps_the_host_of_an_address_without_its_user() -> None:
    assert redact(made("dsn postgres://shop:{a12}@db.internal/shop")) == "dsn postgres://[redacted]@db.internal/shop"


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
        ("release", "booty@3f6c1d0e9b8a7f6e5d4c3b2a19081726354453f2"),
        ("user_id", "7a485448-a9e2-4c85-8a3c-4f44175783c9"),
    ],
)
def test_a_value_that_is_not_a_secret_stays_under_its_name(name: str, value: str) -> None:
    assert redact_value(name, value) == value


def test_a_value_under_any_other_name_is_read_as_text() -> None:
    assert redact_value("url", "https://bob:hunter2@db/x") == "https://[redacted]@db/x"
