"""Text without personal data in it: addresses, phone numbers, card numbers, bank accounts.

Each is known by its form, and by its check digits where it has some. Ids, hashes, versions, paths and times stay, and
so does an address that says nothing of a person: a private, local or documentation one, `git@github.com`. Secrets are
`redaction`'s business, and go first. Masking twice gives the same text as masking once; every pattern is linear.
"""

from __future__ import annotations

from booty.observability.text.personal_addresses import mask_addresses
from booty.observability.text.personal_numbers import mask_numbers

PASSES = 3
"""A second pass finds what was glued to the first, such as two numbers without a space."""


def mask(text: str) -> str:
    """Return `text` with `[email]`, `[ip]`, `[phone]`, `[card]` and `[iban]` where those stood."""
    for _ in range(PASSES):
        before, text = text, mask_numbers(mask_addresses(text))
        if text == before:
            break
    return text
