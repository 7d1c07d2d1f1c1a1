"""Names that say that the value beside them is a secret.

A name is judged by its last words, however they are written: `DB_PASSWORD`, `dbPassword`, `db-password-prod` and
`user.password2` all end in *password*. It does not list everything private: `email` and `user_id` are not secrets here.

It is longer than a module should be: most of it is lists of words, which are read side by side.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from itertools import product
from unicodedata import normalize

LONGEST = 64
"""Characters of a name that are looked at, from its end."""


def _words(*lines: str) -> tuple[str, ...]:
    return tuple(" ".join(lines).split())


# What a password is called in other languages; accents are taken away before names are compared.
FOREIGN = _words(
    "contrasena contrasenya clave senha motdepasse passwort kennwort wachtwoord haslo heslo losenord adgangskode",
    "passord salasana jelszo parola sifre matkhau katasandi parool zaporka geslo lozinka slaptazodis fjalekalimi",
    "пароль",
    "парола лозинка κωδικοσ סיסמה סיסמא المرور السر 密码 密碼 口令 パスワード 暗証番号 비밀번호 암호 รหัสผ่าน पासवर्ड",
    "パスフレーズ 合言葉",
)
# What a key is called there that is never anything but secret, and what may as well be a harmless word.
FOREIGN_KEYS = _words(
    "密钥 密鑰 秘钥 私钥 私鑰 金鑰 秘密鍵 秘密キー アクセスキー apiキー シークレット",
    "시크릿 비밀키 인증키 액세스키 api키",
)
FOREIGN_PROSE = _words("令牌 权杖 權杖 凭证 憑證 凭据 验证码 驗證碼 トークン 認証コード 토큰 인증번호 токен секрет")
# A last word that ends in one of these has a secret beside it, whatever the value looks like.
TELLING = (
    *_words(
        "password passwords passwd passphrase passcode passwrd passw secret apikey accesskey secretkey privatekey",
        "accountkey signingkey masterkey authkey accesstoken refreshtoken authtoken idtoken apitoken bearertoken",
        "sessiontoken csrftoken middlewaretoken sessid sessionid storepass keypass sshpass requirepass",
        "masterauth connectionstring mnemonic webhookurl pwd pw pepper geheim geheimnis ssn",
    ),
    *FOREIGN,
)
PASSWORDS = frozenset(_words("pwd pw mdp psk cvv cvc pswd"))
# *key* and *token* after one of these: `api_key`, `refresh-token`.
QUALIFIERS = frozenset(
    _words(
        "access account admin aes algolia anon anthropic api apns app apple application auth aws azure bearer bot",
        "cf ci cipher client cloudflare cohere consumer cookie cosmos crypt crypto csrf datadog deploy device",
        "encrypt encryption eventhub fcm fernet firebase functions gcp gemini gh github gitlab google gpg groq",
        "heroku hmac id ingest ingestion instrumentation integration jwt license login mailgun mapbox maps master",
        "merchant mistral newrelic nonce npm oauth openai partner pass pem personal pgp pinecone preshared priv",
        "private push refresh registry remember reset role root rsa secret secure security sendgrid sentry serial",
        "service servicebus session shared sign signing slack ssh storage stripe subscription sudo supabase tls",
        "trello twilio unseal user vapid verification wallet webhook write xsrf",
    )
)
# Words that prose and code use as well ("token: expired"): beside these the value itself must look like a secret.
PROSE = frozenset(
    _words(
        "accesscode auth authcode authentication authorization bearer cookie cookies cred credential credentials",
        "creds csrf hmac jwt oauth otp pass pin pincode salt sas session sid sig signature symfony token totp xsrf",
        "credenciales credenciais credenziali jeton segredo segreto secreto sekret",
    )
)
# A *key* in other languages; it is a secret one beside these, whichever of the two comes first.
KEYS = frozenset(_words("key schlussel schluessel sleutel cle clef clave chave chiave klucz ключ"))
SECRET_KEYS = _words(
    "secrete secreta segreta secret privee privada privata privater geheimer geheime tajny prywatny api",
    "acces acceso acesso accesso dostepu секретныи доступа zugangs zugriffs",
)
# Two last words, of which the first alone or the second alone says nothing.
PAIRS = frozenset(
    {
        *product(
            _words("access auth authorization backup invite login mfa otp pin recovery reset security sms time"),
            ("code", "codes"),
        ),
        *product(_words("invite magic presigned reset sas signed"), ("link", "uri", "url")),
        *product(_words("discord slack teams"), ("webhook",)),
        *product(_words("access ado azure ext gh git github gitlab personal"), ("pat",)),
        *product(_words("card cc"), ("number",)),
        ("secret", "id"),
        *product(_words("verification confirmation twofactor activation"), ("code",)),
        *product(_words("card user account sim access security"), ("pin",)),
        *product(("saml",), _words("response request assertion")),
        ("client", "assertion"),
        ("code", "verifier"),
    }
)
# *pass* after one of these, or glued to it, is a password and no step of a program.
LOGINS = frozenset(
    _words(
        "admin amqp auth become bind database db default email ftp http imap keystore ldap login mail mariadb mqtt my",
        "mysql pg pop postgres pppoe proxy rabbitmq rds redis root sa smtp sql ssh sudo truststore user vault vpn",
    )
)
PASSING = frozenset(_words("bypass compass trespass"))
PLURALS = frozenset(_words("tokens secrets"))
# Before a *key* that is public.
OPEN = frozenset(_words("public pub foreign primary host cache partition"))
SURE_PAIRS = frozenset(
    {
        ("session", "id"),
        ("pass", "phrase"),
        ("connection", "string"),
        ("connect", "string"),
        ("community", "string"),
        *product(("conn",), ("str", "string")),
        *product(("security", "secret"), ("answer",)),
        ("security", "number"),
        ("honeycomb", "team"),
        *product(LOGINS, ("pass",)),
        ("webhook", "url"),
        ("snmp", "community"),
        ("unlock", "code"),
        ("de", "passe"),
        ("palavra", "passe"),
        *product(KEYS - {"key"}, SECRET_KEYS),
        *product(("d", "de", "di"), _words("api acces acceso acesso accesso")),
        *product(SECRET_KEYS, KEYS - {"key"}),
        ("mat", "khau"),
        ("kata", "sandi"),
        *product(_words("seed recovery secret backup"), ("phrase",)),
    }
)
# Words after the one that counts: `password_confirmation`, `SECRET_KEY_BASE`, `api_key_prod_eu`.
TRAILING = frozenset(
    _words(
        "a active admin again alt ap api app asia au auth b backup base beta binary blue c ci cipher ciphertext clear",
        "client cleartext confirm confirmation copy current data db de decoded default dev development digest",
        "east encoded encrypted env eu external fallback first fr global green hash hex hmac internal json legacy",
        "live local main master new next north old one original plain plaintext prev previous primary prod",
        "production qa raw read release repeat replica root salt sandbox second secondary server slave south",
        "stage staging str string temp test text tmp two uat uk us user v val value verify web west write",
    )
)
# A name that has one of these behind its password or key speaks about it: `password_reset_timeout`, `token_type`.
ABOUT = frozenset(
    _words(
        "age algorithm alias allowed arn at attempt attempts authentication box button cache change changed check",
        "checker class code codes column complexity config configured controller count created creation date days",
        "disabled dialog email enabled encoder endpoint entropy entry error errors event exp expired expires",
        "expiration expiry exists fails failed failure field fields file filter flow folder form format forgot",
        "found generation generator group handler has hasher header help helper hidden hint history icon id",
        "identifier ids in index info input is issuer iss kind label last len length less level lifetime limit",
        "link list locked login lookup manager match matches max message method middle min minimum mode model",
        "modal name names needed not number ok only option options page parameter params path pattern permission",
        "placeholder plugin policy position prefix prompt protected protection provider query ratio reader ref",
        "reference regex registry repo repository request required requirement requirements reset resolver",
        "response result ring rotation route rule rules s scheme scope scopes screen selector service set setting",
        "settings shown size slot sort source spec state status step store storage strategy strength strict style",
        "subject suffix supported table template timeout times title toggle ttl type types updated uri url usage",
        "used utils valid validation validator validity vault version view visible warning was weak with without",
    )
)
PASSWORD = re.compile("|".join(("passw(?:or)?d", "passphrase", "passcode", "palavra-?passe", *FOREIGN)))
# A capital begins a word, a run of capitals is one: `DBPassword` is *DB* and *Password*.
WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+")
ACCENTS = re.compile("[\u0300-\u036f]")
# Letters that are none with an accent.
PLAIN = str.maketrans("łŁıøØđĐς", "lLioOdDσ")  # noqa: RUF001 - a Greek letter is meant

GLUED = frozenset(
    before + last
    for before, last in (
        *product(QUALIFIERS, ("key", "token")),
        *product(LOGINS, ("pass",)),
        *product(SECRET_KEYS, ("schlussel", "schluessel", "sleutel")),
    )
)


class Telling(Enum):
    """How much a name says about the value beside it."""

    NOTHING = "nothing"
    HARDLY = "hardly"
    """The value is a secret if it can be nothing else: a key that may as well be a cache's."""
    LIKELY = "likely"
    """The value is a secret if it looks random: there are words behind the one that counts."""
    PERHAPS = "perhaps"
    """The value is a secret if it looks like one."""
    SECRET = "secret"  # noqa: S105 - a word, not a password


@lru_cache(maxsize=512)
def judge(name: str) -> Telling:
    """Judge by its last `LONGEST` characters what `name` says about its value; words may be separated by spaces too."""
    name = _plain(name)
    if not name.isascii():
        end = name.rstrip("_-.").replace(" ", "").lower()
        if end.endswith((*FOREIGN, *FOREIGN_KEYS)):
            return Telling.SECRET
        if end.endswith(FOREIGN_PROSE):
            return Telling.PERHAPS
    words = [word.lower() for word in WORDS.findall(name)]
    last = len(words)
    while last > 1 and words[last - 1] in TRAILING and _judged(words[:last]) is Telling.NOTHING:
        last -= 1
    telling = _judged(words[:last])
    return telling if telling is not Telling.NOTHING else _judged_within(words)


def is_password(name: str) -> bool:
    """Return whether `name` has the word for a password in it, in whatever language."""
    return bool(PASSWORD.search(_plain(name).lower().replace(" ", "")))


def _plain(name: str) -> str:
    """Return the last `LONGEST` characters without accents and without what does not show."""
    name = "".join(filter(str.isprintable, name[-LONGEST:]))
    if name.isascii():
        return name
    return normalize("NFC", ACCENTS.sub("", normalize("NFKD", name.translate(PLAIN))).translate(PLAIN))


def _judged(words: list[str]) -> Telling:
    """Judge by the last word, and the one before it."""
    if not words:
        return Telling.NOTHING
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last.endswith(TELLING) or last in PASSWORDS or last in GLUED or (before, last) in SURE_PAIRS:
        return Telling.SECRET
    if last in {"key", "token"} and before in QUALIFIERS:
        return Telling.SECRET
    if last in PROSE or (before, last) in PAIRS or (last.endswith(("token", "pass")) and last not in PASSING):
        return Telling.PERHAPS
    if last in KEYS and before not in OPEN:
        return Telling.HARDLY
    is_plural = last in PLURALS or (before in QUALIFIERS and last == "keys")
    return Telling.LIKELY if is_plural else Telling.NOTHING


def _judged_within(words: list[str]) -> Telling:
    """Judge by a word that has others behind it, even glued to it: `dbPasswordMain`, `PASSWORDFOO`."""
    for at, word in enumerate(words):
        named = PASSWORD.search(word)
        if named is None and _judged(words[: at + 1]) is not Telling.SECRET:
            continue
        behind = [word[named.end() :] if named else "", *words[at + 1 :]]
        return Telling.NOTHING if ABOUT.intersection(behind) else Telling.LIKELY
    return Telling.NOTHING
