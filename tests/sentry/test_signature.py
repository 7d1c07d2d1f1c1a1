"""Signatures, checked against values that OpenSSL made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booty.observability.sentry.signature import InvalidSignature, Truncated, Unsigned, sign, verify

BODY = b'{"action":"triggered"}'
SECRET = "hush-hush"
# printf '{"action":"triggered"}' | openssl dgst -sha256 -hmac hush-hush
SIGNATURE = "79e0508bea89fb9712ed4b614e4e9a07472fc4cf073f16aa9ae43bae4cef1416"


def test_accepts_what_sentry_signed_with_the_secret() -> None:
    verify(BODY, SIGNATURE, [SECRET])

    assert sign(BODY, SECRET) == SIGNATURE


def test_signs_as_the_published_test_vector_says() -> None:
    # RFC 4231, test case 2
    digest = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"

    assert sign(b"what do ya want for nothing?", "Jefe") == digest


@pytest.mark.parametrize("position", [0, 1, 2])
def test_accepts_each_of_the_secrets_while_they_are_rotated(position: int) -> None:
    secrets = ["older", "oldest", "other"]
    secrets[position] = SECRET

    verify(BODY, SIGNATURE, secrets)


def test_accepts_a_signed_empty_body() -> None:
    verify(b"", sign(b"", SECRET), [SECRET])


def test_takes_a_secret_outside_of_ascii_as_utf_8() -> None:
    # printf '{"action":"triggered"}' | openssl dgst -sha256 -hmac 'schlüssel'
    verify(BODY, "b77fc271229949b6b61baac0efefd0a5d2d9c773024aab4353f4064a40f1c746", ["schlüssel"])


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        " ",
        "0" * 64,
        SIGNATURE[:-1],
        SIGNATURE + "0",
        f" {SIGNATURE}",
        f"sha256={SIGNATURE}",
        SIGNATURE.upper(),
        "ünïcödé",
        "\ud800",
        "\x00",
        "a" * 1_000_000,
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_refuses_a_signature_that_no_secret_made(signature: str | None) -> None:
    with pytest.raises(InvalidSignature):
        verify(BODY, signature, [SECRET, "another"])


def test_refuses_the_signature_of_another_body() -> None:
    with pytest.raises(InvalidSignature):
        verify(BODY + b" ", SIGNATURE, [SECRET])


@pytest.mark.parametrize(
    ("body", "signature", "flaw"),
    [
        (BODY, None, Unsigned),
        (BODY, "\n", Unsigned),
        (BODY[:-1], SIGNATURE, Truncated),
        (b'[{"a": 1}, {}', SIGNATURE, Truncated),
        (b"[" * 100_000, SIGNATURE, Truncated),
        (b'"}"}', SIGNATURE, Truncated),
        (BODY, "0" * 64, InvalidSignature),
        (b' {"a": "}"}\r\n', SIGNATURE, InvalidSignature),
        (b'{"a": [NaN, 1e999]}', SIGNATURE, InvalidSignature),
        (rb'{"a": "\ud800"}', SIGNATURE, InvalidSignature),
        (b'{"a": "\xff"}', SIGNATURE, InvalidSignature),
        (b'{"a":' * 10_000 + b"}", SIGNATURE, Truncated),
    ],
)
def test_tells_why_a_signature_does_not_hold(body: bytes, signature: str | None, flaw: type[InvalidSignature]) -> None:
    with pytest.raises(InvalidSignature) as refusal:
        verify(body, signature, [SECRET])

    assert type(refusal.value) is flaw


@pytest.mark.parametrize("secrets", [[], [""], [SECRET, ""], ["", SECRET]])
def test_an_absent_or_empty_secret_is_an_error_and_no_open_door(secrets: list[str]) -> None:
    with pytest.raises(ValueError, match="secret"):
        verify(BODY, SIGNATURE, secrets)


def test_signing_with_an_empty_secret_is_an_error() -> None:
    with pytest.raises(ValueError, match="secret"):
        sign(BODY, "")


@given(body=st.binary(), signature=st.none() | st.text(st.characters(codec=None)))
def test_nothing_that_a_header_can_hold_breaks_it(body: bytes, signature: str | None) -> None:
    with pytest.raises(InvalidSignature):
        verify(body, signature, [SECRET])
