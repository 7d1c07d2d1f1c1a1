"""What an alert keeps of a long text never holds half a secret."""

from __future__ import annotations

import pytest

from booty.observability.bounds import cut, cut_start

TOKEN = "gh" + "s_123456_" + "ey" + "J" + "aB3dE6gH9jK2mN5pQ8rS1tU4" * 20
KEEPS = range(1, 120, 7)


def test_keeps_the_beginning_of_a_text() -> None:
    assert cut("one two three", 7) == "one two"


def test_keeps_the_end_of_a_path() -> None:
    assert cut_start("/srv/app/shop/cart.py", 12) == "shop/cart.py"


@pytest.mark.parametrize("kept", KEEPS)
@pytest.mark.parametrize("filler", ["x", "\u00e9", "\x1b", "\u200b"])
def test_no_half_of_a_secret_stands_where_a_text_is_cut(kept: int, filler: str) -> None:
    found = cut(f"{filler * (200 - kept)} {TOKEN}", 200) or ""

    assert TOKEN[4:10] not in found


@pytest.mark.parametrize("kept", KEEPS)
def test_no_half_of_a_secret_stands_where_reading_ends(kept: int) -> None:
    key = "-----BEGIN PRIVATE KEY-----MIIE-----END PRIVATE KEY----- "
    text = f"{key * 7}{'x' * (456 - 7 * len(key) - kept)} {TOKEN}"

    assert TOKEN[4:10] not in (cut(text, 200) or "")


@pytest.mark.parametrize("kept", KEEPS)
def test_no_half_of_a_secret_stands_where_a_path_begins(kept: int) -> None:
    found = cut_start(f"/srv/{TOKEN}/{'d' * (199 - kept)}", 200) or ""

    assert TOKEN[-6:] not in found
