"""Phone, card, bank account numbers, known by their form with its check digits."""

from __future__ import annotations

import re

DIGIT = re.compile(r"\d", re.ASCII)
PHONE = re.compile(r"(?<![\w+/.-])(?>(?:\+[1-9](?:[ .()/\u00a0-]{0,3}\d){6,14}(?!\d))+)", re.ASCII)
NUMBERS = re.compile(r"\A\+\d\.\d{7}|[^\S\n]-\d", re.ASCII)  # a decimal, or two numbers: `+3.1415926`, `+12 -345678`
FEWEST_UNPARTED = 9
"""Digits of a phone number without separators; fewer may be any sum."""
# The digit is asked for first, and what precedes it then, because searching for a digit is fast.
CARD = re.compile(r"\d(?<![\w.+/].)(?<!\d-.)(?:\d{12,18}|\d{1,5}(?:[ -]\d{2,7}){2,5})(?![\w-]|\.\d)", re.ASCII)
# ISO/IEC 7812; the issuers' ranges as they publish them.
ISSUED = (
    r"4(?:(?!5)\d{12}|\d{15}|\d{18})",  # Visa
    r"(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}",  # Mastercard
    r"3[47]\d{13}",  # American Express
    r"6(?:011|4[4-9]\d|5\d\d)\d{12,15}",  # Discover
    r"62\d{14,17}",  # UnionPay
    r"35(?:2[89]|[3-8]\d)\d{12,15}",  # JCB
    r"3(?:0[0-5]|[689]\d)\d{11,16}",  # Diners Club
    r"(?:50|5[6-9]|6\d)\d{11,17}",  # Maestro
    r"220[0-4]\d{12,15}",  # Mir
)
ISSUERS = re.compile("|".join(ISSUED), re.ASCII)
# Sentry's own ids have 16 digits, and begin as some cards do.
ID = re.compile(r"(?:id|project|organi[sz]ation|org|issue|group|event|ref)s?[\"']?[ :=#]{1,3}[\"']?\Z", re.IGNORECASE)
# What each of them has, to be looked for from its first digit on.
IBAN_DIGITS = re.compile(r"\d\d(?<=[A-Za-z]{2}..)(?<![A-Za-z0-9][A-Za-z]{2}..)(?:[ -]?[A-Za-z0-9]){11}", re.ASCII)
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}", re.ASCII | re.IGNORECASE)
# The length of each country's (SWIFT's IBAN registry).
COUNTRIES = """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29
IM90 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30
KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28
PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24
XK20 YE30
"""
LENGTHS = {each[:2]: int(each[2:]) for each in COUNTRIES.split()}
LONGEST_SIGN = 28
"""Characters looked at before a number, for what it is one of."""


def mask_numbers(text: str) -> str:
    """Return `text` with `[phone]`, `[card]` and `[iban]` where those stood."""
    if not DIGIT.search(text):
        return text
    if "+" in text:
        text = PHONE.sub(_phone, text)
    if IBAN_DIGITS.search(text):
        text = IBAN.sub(_iban, text)
    return CARD.sub(_card, text)


def _phone(found: re.Match[str]) -> str:
    is_sum = found[0][1:].isdecimal() and len(found[0]) <= FEWEST_UNPARTED
    return found[0] if is_sum or NUMBERS.search(found[0]) else "[phone]"


def _card(found: re.Match[str]) -> str:
    digits = re.sub("[ -]", "", found[0])
    is_card = ISSUERS.fullmatch(digits) and _luhn(digits) and not ID.search(before(found))
    return "[card]" if is_card else found[0]


def _luhn(digits: str) -> bool:
    """Return whether the check digit is right; from the right every second digit counts twice."""
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (doubled + sum(map(int, digits[-1::-2]))) % 10 == 0


def _iban(found: re.Match[str]) -> str:
    """Mask an account as long as its country's are; what was read beyond it stays."""
    length = LENGTHS.get(found[0][:2].upper(), 0)
    ends = [at + 1 for at, sign in enumerate(found[0]) if sign not in " -"]
    if not length or len(ends) < length:
        return found[0]
    account, rest = found[0][: ends[length - 1]], found[0][ends[length - 1] :]
    following = rest or found.string[found.end() : found.end() + 1]
    letters = re.sub("[ -]", "", account)
    is_account = int("".join(str(int(sign, 36)) for sign in letters[4:] + letters[:4])) % 97 == 1
    return f"[iban]{rest}" if is_account and not following[:1].isalnum() else found[0]


def before(found: re.Match[str]) -> str:
    """Return the text just before a match, which may say what it is a number of."""
    return found.string[max(0, found.start() - LONGEST_SIGN) : found.start()]
