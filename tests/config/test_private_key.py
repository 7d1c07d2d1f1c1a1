"""The private key of a GitHub App, as an operator may get it wrong."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization import PublicFormat as Public
from support.app_stand_in import APP_ID, APPS, a_key, pem_of
from support.given_settings import REQUIRED, faults_of

from booty.observability.config import Settings

KEY = "GITHUB_APP_PRIVATE_KEY"
APP = {name: value for name, value in REQUIRED.items() if name != "GITHUB_TOKEN"} | {"GITHUB_APP_ID": APP_ID}
PEM, PKCS8 = Encoding.PEM, PrivateFormat.PKCS8
UNUSABLE = "cannot be used ({why})"


@pytest.mark.parametrize("app_id", ["1", "123456", "Iv1.0123456789abcdef", "Iv23liAbCdEfGhIjKlMn"])
def test_takes_an_app_id_or_a_client_id_beside_its_key(app_id: str) -> None:
    settings = Settings.load(APP | {"GITHUB_APP_ID": app_id, KEY: pem_of(a_key(APPS))})

    assert (settings.github_app_id, settings.github_token) == (app_id, None)


def test_takes_a_key_in_the_newer_form() -> None:
    text = a_key(APPS).private_bytes(PEM, PKCS8, NoEncryption()).decode()

    assert Settings.load(APP | {KEY: text}).github_app_private_key is not None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("booty.pem", "holds no private key in PEM form"),
        (pem_of(a_key(APPS))[:500], "holds no private key in PEM form"),
        (a_key(APPS).public_key().public_bytes(PEM, Public.PKCS1).decode(), "holds no private key in PEM form"),
        (a_key(APPS).private_bytes(PEM, PKCS8, BestAvailableEncryption(b"word")).decode(), "is encrypted"),
        (
            ec.generate_private_key(ec.SECP256R1()).private_bytes(PEM, PKCS8, NoEncryption()).decode(),
            "is not an RSA key, as GitHub's are",
        ),
    ],
)
def test_says_what_is_wrong_with_a_key_and_never_shows_it(text: str, why: str) -> None:
    assert faults_of(APP | {KEY: text}) == {KEY: UNUSABLE.format(why=why)}


def test_an_id_that_could_not_be_one_is_refused() -> None:
    assert faults_of(APP | {"GITHUB_APP_ID": "my app", KEY: pem_of(a_key(APPS))}) == {"GITHUB_APP_ID": "cannot be used"}
