"""The table of forms: each line is a form that is found, with a source."""

from __future__ import annotations

from itertools import cycle, islice

import pytest

from booty.observability.text.redaction import redact
from booty.observability.text.secrets.forms import TABLE

LINES = [tuple(column.strip() for column in line.split("|")) for line in TABLE.strip().splitlines()]
SIGNS = [(sign, follows) for _, signs, follows, _ in LINES for sign in signs.split()]
SIGNS_OF = {"hex": "0a1b2c3d4e5f67", "uuid": "0a1b2c3d-4e5f67", "upper": "A1B2C3D4E5F6G7"}
ODD = {
    "airtable14": "aB3dE6gH9jK2mN." + "0a1b2c3d" * 8,
    "asana10": "1201234567890123:" + "0a1b2c3d" * 4,
    "rancher5": "x7k2p:" + "a1b2c3" * 9,
}


def example(sign: str, follows: str) -> str:
    """Build a secret of the form."""
    alphabet = follows.strip("^0123456789")
    length = int("".join(filter(str.isdigit, follows)))
    rest = "".join(islice(cycle(SIGNS_OF.get(alphabet, "aB3dE6gH9jK2mN5pQ8")), length))
    return sign + ODD.get(follows.strip("^"), rest)


@pytest.mark.parametrize(("sign", "follows"), SIGNS)
def test_finds_every_form_of_the_table(sign: str, follows: str) -> None:
    secret = example(sign, follows)

    found = redact(f"login failed for {secret} at noon")

    assert found.startswith("login failed for [redacted ")
    assert found.endswith("] at noon")


def test_every_line_of_the_table_has_its_four_columns() -> None:
    assert [line for line in LINES if len(line) != 4 or not all(line)] == []


def test_no_sign_stands_in_the_table_twice() -> None:
    signs = [sign for sign, _ in SIGNS]

    assert sorted(signs) == sorted(set(signs))


@pytest.mark.parametrize(
    "text",
    [
        "/usr/lib/node_modules/task-runner-with-a-long-name-2024/desk-lamp.js",
        "pod api-7d9f8b6c5d-x2k4j on node sdk-builder-2",
        "app-3f6c1d0e9b8a7f6e5d4c3b2a19081726354453f2.tar.gz",
        "test_refuses_a_signature_with_non_ascii_characters_2",
        "secret-detection-with-a-long-name-for-2024-and-later",
        "release_3f6c1d0e9b8a7f6e5d4c3b2a19081726354453f2",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "integrity sha512-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC",
        "cus_NffrFeUfNV2Hib and pi_3MtwBwLkdIwHu7ix28a3tqPa",
        "chatcmpl-9XyAbCdEfGhIjKlMnOpQrStUvWxYz12",
        "dpl_89qyp1cskzkLrVicDaZoDbjyHuDJ",
        "Button_button__3xK9a Card-module__header___2fTq1",
        "index-BxZ7kQ2p.js chunk-vendors.3fa85f64.js main.8e1f2a3b4c5d.css",
        "arn:aws:kms:eu-west-1:123456789012:key/7a485448-a9e2-4c85-8a3c-4f44175783c9",
        "trace 4bf92f3577b34da6a3ce929d0e0e4736 span 00f067aa0ba902b7",
        "gs://bucket/2026/11/25/part-00000-7a485448-a9e2-4c85-8a3c-4f44175783c9-c000.snappy.parquet",
        "com.example.shop.checkout.PaymentServiceImpl$$EnhancerBySpringCGLIB$$1a2b3c4d",
        "_ZN4shop8checkout7Payment6submitEv",
    ],
)  # fmt: skip
def test_no_form_fits_what_only_looks_like_one(text: str) -> None:
    assert redact(text) == text
