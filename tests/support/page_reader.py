"""The operator's page, asked for as a browser asks for it."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from support.webhook import mount
from werkzeug.test import TestResponse

PASSWORD = "open: sésame"
PATH = "/observability/"


def key(password: str = PASSWORD, user: str = "anybody") -> dict[str, str]:
    """Return the header of HTTP Basic."""
    return {"Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}


def reader(state: Path, **settings: str) -> FlaskClient:
    """Return a client of a service whose page is on."""
    return mount(Flask("shop"), state, **({"OBSV_PAGE_PASSWORD": PASSWORD} | settings)).test_client()


def show(state: Path, asked: str | None = None, /, **settings: str) -> TestResponse:
    """Return the page, with the answer to what is asked."""
    query = {} if asked is None else {"q": asked}
    return reader(state, **settings).get(PATH, headers=key(), query_string=query)
