"""JSON is read as a type says, also by threads that are the first to read it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from msgspec import Raw, Struct, defstruct, field

from booty.observability.typed_json.decoding import UNFIT, by_field, decoder


@pytest.fixture
def often_interrupted() -> Iterator[None]:
    """Let threads take turns every microsecond."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


class Cart(Struct):
    """A field of each kind: one that is needed, one by another name, one that may be missing."""

    items: list[int]
    owner: str = field(name="ownerName", default="")
    note: str | None = None


def test_tells_of_each_field_what_was_sent_whether_it_fits_or_not() -> None:
    found = by_field(Cart, b'{"ownerName": [7], "items": null, "other": 1}')

    assert found == [("items", list[int], Raw(b"null")), ("owner", str, Raw(b"[7]")), ("note", str | None, Raw())]


@pytest.mark.parametrize("json", [b"{}", b"null", b"[]", b'{"items":', b'{"items":' + b"[" * 100_000])
def test_tells_nothing_where_what_is_needed_is_missing(json: bytes) -> None:
    with pytest.raises(UNFIT):
        by_field(Cart, json)


def test_takes_what_means_the_same_only_where_asked() -> None:
    with pytest.raises(UNFIT):
        decoder(int).decode(b'"7"')

    assert decoder(int, is_strict=False).decode(b'"7"') == 7


@pytest.mark.usefixtures("often_interrupted")
def test_threads_that_are_first_to_read_a_type_do_not_disturb_each_other() -> None:
    """Where they do, the process crashes."""
    barrier = Barrier(8)

    def read(kind: Any) -> object:  # noqa: ANN401 - a type
        barrier.wait()
        return decoder(kind).decode(b'{"part1":{"name":"a"}}')

    with ThreadPoolExecutor(8) as threads:
        for _ in range(200):
            inner: Any = defstruct("Inner", [("name", str)])
            outer: Any = defstruct("Outer", [(f"part{number}", inner | None, None) for number in range(20)])

            assert list(threads.map(read, [outer] * 8)) == [outer(None, inner("a"))] * 8
