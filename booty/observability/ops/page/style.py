"""The page's style, with the hash that lets it in; no other is."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

STYLE = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
