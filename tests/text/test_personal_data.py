"""What tells who somebody is, is masked; what a reader needs in order to find a fault stays."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booty.observability.text.personal_data import mask

MASKED = [
    ("bob@example.com could not be reached", "[email] could not be reached"),
    ("to: Jane Doe <jane.doe+news@mail.example.co.uk>,", "to: Jane Doe <[email]>,"),
    ("mailto:bob@example.com.", "mailto:[email]."),
    ("/users/bob%40example.com/orders", "/users/[email]/orders"),
    ("/users/bob%2540example.com/orders", "/users/[email]/orders"),
    (r"{\"mail\":\"bob\u0040example.com\"}", r"{\"mail\":\"[email]\"}"),
    ("Key (email)=(o.brien@163.com) already exists", "Key (email)=([email]) already exists"),
    ("jürgen@müller.de und 用户@例子.公司", "[email] und [email]"),
    ("info@xn--e1afmkfd.xn--p1ai", "[email]"),
    ("'bob@example.com'", "'[email]'"),
    ("bob@example.com,eve@example.org", "[email],[email]"),
    ("client 81.2.69.142 timed out", "client [ip] timed out"),
    ("http://81.2.69.142:8080/x", "http://[ip]:8080/x"),
    ("::ffff:81.2.69.142", "::ffff:[ip]"),
    ("ip=81.2.69.142, 8.8.8.8.", "ip=[ip], [ip]."),
    ("81.2.69.142-81.2.69.160", "[ip]-[ip]"),
    ("peer 2606:4700:4700::1111: reset", "peer [ip]: reset"),
    ("[2A00:1450:4001:82b::200e]:443", "[[ip]]:443"),
    ("2a02:8109:9cc0:1a5c:3d2e:19ff:fe11:7a21", "[ip]"),
    ("call +49 (0)170 1234567", "call [phone]"),
    ("tel:+14155552671", "tel:[phone]"),
    ("phone=+44 20 7946 0958, next", "phone=[phone], next"),
    ("+1-415-555-2671", "[phone]"),
    ("(+33) 1 23 45 67 89", "([phone]"),
    ("card 4111 1111 1111 1111 declined", "card [card] declined"),
    ("card=4242424242424242", "card=[card]"),
    ("5555-5555-5555-4444", "[card]"),
    ("3782 822463 10005", "[card]"),
    ("'6011111111111117'", "'[card]'"),
    ("2223003122003222", "[card]"),
    ("4222222222222", "[card]"),
    ("IBAN DE89 3704 0044 0532 0130 00 rejected", "IBAN [iban] rejected"),
    ("GB82WEST12345698765432", "[iban]"),
    ("iban=fr1420041010050500013m02606", "iban=[iban]"),
    ("NL91 ABNA 0417 1643 00 AND MORE", "[iban] AND MORE"),
    ("node 81.2.69.142 and curios 81.2.69.142", "node [ip] and curios [ip]"),
]
KEPT = [
    "git@github.com:owner/repo.git",
    "booty@3f6c1d0e9b8a7f6e5d4c3b2a19081726354453f2",
    "shop@1.4.2+3f6c1d0",
    "lodash@4.17.21/index.js",
    "shop@2.0.1-beta.rc",
    "/root/go/pkg/mod/github.com/x/y@v1.2.3/main.go",
    "@sentry/node 7.1.0",
    "@app.route and @pytest.mark.slow",
    "logo@2x.png",
    "getty@tty1.service",
    "java.lang.Object@1b2c3d",
    "http://localhost:8080/@vite/client",
    "user root@localhost",
    "[redacted]@db.internal:5432",
    "10.0.0.5 192.168.1.1 172.16.3.4 127.0.0.1 169.254.169.254 0.0.0.0 255.255.255.0",
    "203.0.113.9 198.51.100.7 192.0.2.1 100.64.0.1 224.0.0.251",
    "::1 fe80::1 fd00::5 2001:db8::1 3fff::1 ff02::1",
    "v1.2.3.4 shop==4.2.1.7 Chrome/120.0.0.0 Edge 18.17763.0.0",
    "shop-1.2.3.4.jar version 4.8.3.1, release: 1.2.3.4",
    "Microsoft.Data, Version=5.1.0.3, Culture=neutral",
    "Microsoft.AspNetCore 8.0.11.24 on iOS 17.1.2.1, Kernel 5.15.0.91, Android 14.0.0.1",
    "OpenSSL 3.0.13.1",
    "+3.14159265358979",
    "changed +1234 -5678901",
    "/opt/shop/4.2.1.7/bin",
    "1.2.3.4.5 and 1.2.3 and 300.1.2.3",
    "256.1.1.1",
    "at 12:30:45 on 2026-11-25T10:00:00+01:00",
    "aa:bb:cc:dd:ee:ff",
    "std::vec::Vec 2024:11:25",
    "+0200 +12 +1234567",
    "0x7ffee4b8c9a0 in main+1234 at main.c:42",
    "v1.2.3-rc.1+2025112512",
    "1790000000 1790000000123 1790000000123456 1790000000123456789",
    "user_id=4242424242424242",
    "project: 4505281256090158 of https://o1.ingest.sentry.io/4505281256090158",
    "4506000002222",
    "4242424242424241",
    "7a485448-a9e2-4c85-8a3c-4f44175783c9",
    "3f6c1d0e9b8a7f6e5d4c3b2a19081726354453f2",
    "D41D8CD98F00B204E9800998ECF8427E",
    "DE89370400440532013001",
    "2026-11-25 10-30-45",
    "IndexError: list index out of range",
    "<!-- booty:fingerprint=4511:17 event=d09848ff73c36ba677a9c6ffc528ff32 -->",
]  # fmt: skip


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_masks_what_tells_who_somebody_is(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("text", KEPT)
def test_keeps_ids_versions_paths_and_addresses_that_are_nobodys(text: str) -> None:
    assert mask(text) == text


@given(st.ip_addresses(v=4).filter(lambda address: not str(address).startswith("192.0.0.")))  # Pythons differ there
def test_masks_the_addresses_that_are_global_and_no_others(address: IPv4Address) -> None:
    is_public = address.is_global and not address.is_multicast and not str(address).endswith(".0.0")

    assert mask(str(address)) == ("[ip]" if is_public else str(address))


SCRAPS = st.sampled_from(
    [*(text for text, _ in MASKED), *KEPT, "@", "%40", "+", ".", ":", "-", " ", "1", "4111", "[email]", "[ip]", "DE89"]
)


@given(st.lists(SCRAPS | st.text(max_size=4), max_size=8).map("".join))
def test_masking_any_mixture_twice_changes_nothing_more(text: str) -> None:
    once = mask(text)

    assert mask(once) == once
