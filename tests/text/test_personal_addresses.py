"""Addresses of persons are masked: of their mail, of their machines."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.personal_texts import ADDRESSES, NOT_ADDRESSES

from booty.observability.text.personal_data import mask


@pytest.mark.parametrize(("text", "masked"), ADDRESSES)
def test_masks_what_tells_who_somebody_is(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("text", NOT_ADDRESSES)
def test_keeps_versions_paths_and_addresses_that_are_nobodys(text: str) -> None:
    assert mask(text) == text


@given(st.ip_addresses(v=4).filter(lambda address: not str(address).startswith("192.0.0.")))  # Pythons differ there
def test_masks_the_addresses_that_are_global_and_no_others(address: IPv4Address) -> None:
    is_public = address.is_global and not address.is_multicast and not str(address).endswith(".0.0")

    assert mask(str(address)) == ("[ip]" if is_public else str(address))
