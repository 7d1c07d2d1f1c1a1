"""What a start refuses about a database, in words that hold no password; what it does not wait for."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.old_postgres import old_server
from support.postgres import server
from support.service import ROOT

from booty.observability.config_errors import Fault
from booty.observability.ledger.engines.postgres.connection.known import Known
from booty.observability.ledger.engines.postgres.connection.opening import open_ledger
from booty.observability.ledger.engines.postgres.connection.start import fault_of
from booty.observability.ledger.engines.postgres.connection.unfit import Unfit


def refused(url: str) -> str:
    """Return the words of the refusal, with what to do."""
    found = fault_of(url)
    assert isinstance(found, Fault)
    assert found.name == "BOOTY_LEDGER_URL"
    assert found.remedy
    return f"{found.problem} | {found.remedy}"


def stranger(name: str, *, database: str | None = None) -> str:
    """Return the URL of a user who owns nothing, with the right password."""
    server().execute(
        f"DO $$ BEGIN CREATE ROLE {name} LOGIN PASSWORD 'right'; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    )
    return server().url(database or server().new_database(), user=name, password="right")


def test_a_database_that_will_do_is_not_refused() -> None:
    url = server().url(server().new_database())

    assert fault_of(url) is None
    assert fault_of(url) is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://owner:a-secret@[host/name", "is not the URL of a database"),
        ("postgresql://owner:a-secret@host/name?nonsense=1", "is not the URL of a database"),
        ("postgresql://owner:a-secret@no-such-host.invalid/name", "Name or service not known"),
    ],
)
def test_a_wrong_url_is_refused_in_words_that_hold_no_password(url: str, words: str) -> None:
    assert words in refused(url)
    assert "a-secret" not in refused(url)


def test_a_wrong_password_is_refused_in_words() -> None:
    url = stranger("stranger").replace("right", "a-wrong-one")

    assert 'password authentication failed for user "stranger" | set the user and the password' in refused(url)
    assert "a-wrong-one" not in refused(url)


def test_a_database_or_a_user_that_is_not_there_is_refused_in_words() -> None:
    assert 'database "nowhere" does not exist | make the user and the database' in refused(server().url("nowhere"))


def test_the_right_to_make_the_table_is_asked_for() -> None:
    assert (
        "permission denied for schema public | let its user make and change the table booty_ledger:"
        " GRANT USAGE, CREATE ON SCHEMA public TO stranger"
    ) in refused(stranger("stranger"))


def test_the_right_to_use_the_schema_is_asked_for() -> None:
    database = server().new_database()
    server().execute("REVOKE ALL ON SCHEMA public FROM public", database=database)

    assert "no schema has been selected to create in | let its user make" in refused(stranger("a", database=database))


def test_another_programs_table_is_refused_in_words() -> None:
    database = server().new_database()
    server().execute("CREATE TABLE booty_ledger (id int)", database=database)

    assert "| its table booty_ledger is another program's" in refused(server().url(database))


def test_the_rights_to_a_table_that_is_there_are_asked_for() -> None:
    database = server().new_database()
    assert fault_of(server().url(database)) is None
    url = stranger("reader", database=database)
    server().execute("GRANT SELECT ON booty_ledger TO reader", database=database)

    assert "reader may not read and write the table booty_ledger | GRANT SELECT, INSERT" in refused(url)


def test_an_old_server_is_refused_in_words() -> None:
    with old_server("12.22") as port:
        assert "PostgreSQL 12; 14 or newer is needed | upgrade" in refused(f"postgresql://owner@127.0.0.1:{port}/name")


def test_a_server_on_another_machine_must_have_tls_unless_the_url_says_no() -> None:
    with old_server("12.22") as port:
        another = f"postgresql://owner@localhost.localdomain,127.0.0.1:{port}/name?hostaddr=127.0.0.1,127.0.0.1"
        assert "does not support SSL, but SSL was required | switch TLS on" in refused(another)
        assert "14 or newer is needed" in refused(f"{another}&sslmode=disable")


def test_a_server_must_have_tls_however_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services = tmp_path / "services"
    with old_server("12.22") as port:
        services.write_text(f"[ledger]\nhost=127.0.0.1\nport={port}\n")
        monkeypatch.setenv("PGSERVICEFILE", str(services))
        for named in (f"host=&hostaddr=0.0.0.0&port={port}", "service=ledger"):
            assert "does not support SSL, but SSL was required" in refused(f"postgresql://owner@/name?{named}")


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        ('no pg_hba.conf entry for host "10.0.0.1", user "u", database "d", no encryption', "the server wants TLS"),
        ('no pg_hba.conf entry for host "10.0.0.1", user "u", database "d", SSL encryption', "let this machine in"),
        ('server certificate for "db" does not match host name "10.0.0.1"', "name the server in the URL as its"),
        ('permission denied for database "d"', "give the URL's user the right to connect"),
    ],
)
def test_whom_the_server_does_not_let_in_is_told_what_to_do(words: str, remedy: str) -> None:
    with old_server("15.1", refusal=words) as port:
        found = refused(f"postgresql://owner@127.0.0.1:{port}/name")

    assert words in found
    assert f"| {remedy}" in found


def test_a_certificate_that_cannot_be_checked_is_refused_in_words(tmp_path: Path) -> None:
    with old_server("15.1", tls=b"S") as port:
        url = f"postgresql://owner@127.0.0.1:{port}/name?sslmode=verify-full&sslrootcert={tmp_path}/none.crt"

        assert "| name the server's CA certificate" in refused(url)


@pytest.mark.parametrize("url", ["postgresql://owner@127.0.0.1:1/name", "postgresql://owner@/name?host=/nowhere"])
def test_a_server_that_is_away_does_not_stop_the_start(url: str, caplog: pytest.LogCaptureFixture) -> None:
    assert fault_of(url) is None
    assert [record.message for record in caplog.records] == ["ledger_away_at_start"]


def test_another_ledger_does_not_stop_the_start_since_alerts_can_wait(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    known = Known(tmp_path)
    for _ in range(2):
        assert fault_of(server().url(server().new_database()), known=known) is None

    assert "another ledger" in caplog.text or "another ledger" in str(vars(caplog.records[-1]))


@pytest.mark.parametrize("seconds", [-3600.0, -130.0, 130.0, 3600.0])
def test_a_machine_whose_clock_is_minutes_off_leases_nothing_of_the_others(seconds: float) -> None:
    url = server().url(server().new_database())

    with pytest.raises(Unfit, match=r"this machine's clock is (130|3600) s away from the database's") as refusal:
        open_ledger(url, None, clock=lambda: time.time() + seconds)

    assert refusal.value.is_passing  # alerts wait on its disk, as while the database is away


@pytest.mark.parametrize("seconds", [-100.0, 0.0, 100.0])
def test_a_machine_whose_clock_is_little_off_is_let_in(seconds: float) -> None:
    url = server().url(server().new_database())

    open_ledger(url, None, clock=lambda: time.time() + seconds).wire.close()


def test_the_service_does_not_start_and_says_why_in_one_message(tmp_path: Path) -> None:
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "SENTRY_WEBHOOK_SECRET": "hush-hush-hush-hush",
        "TARGET_REPO_URL": "acme/shop",
        "BOOTY_PREVIEW": "1",
        "BOOTY_STATE_DIR": str(tmp_path),
        "BOOTY_LEDGER_URL": stranger("stranger").replace("right", "a-wrong-one"),
    }
    command = [sys.executable, "-c", "from booty.wsgi import create_app; create_app()"]
    done = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 78
    assert "The service cannot start: 1 setting is missing or wrong:\n  BOOTY_LEDGER_URL: " in done.stderr
    assert "password authentication failed" in done.stderr
    assert "a-wrong-one" not in done.stderr
