"""A shared server over TLS on loopback, as the README sets one up: the right terminal comes in, nobody else.

The seats are enrolled by the product: certificate request or SCRAM password, addresses from `Seat.url`.
"""

from __future__ import annotations

import dataclasses
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from huiyuan.domain.model.turnover import TurnoverAsked
from huiyuan.repositories import sign_in, staff
from huiyuan.repositories.embedded import DATABASE, PORT, EmbeddedServer
from huiyuan.repositories.embedded_binaries import candidates, server_account
from huiyuan.repositories.enrol import (
    Login,
    Seat,
    Server,
    make_request,
    new_password,
    scram_verifier,
    write_seat,
)
from huiyuan.repositories.migrate import migrate
from huiyuan.repositories.readers import enrol_reader, write_reader
from huiyuan.repositories.report_desk import turnover
from huiyuan.repositories.secrets import IndexKey
from huiyuan.repositories.setup import FirstDay, set_up
from tests.attacks.authority import Authority
from tests.attacks.relay import counting_relay
from tests.counters import open_counter, open_seat
from tests.run_folders import passing_folder

HOST = "db.shop.test"
PIN = "805193"
ACCESS = """
local   all  huiyuan_admin         trust
local   all  all                   reject
hostssl all  +huiyuan_certificate  all  cert
hostssl all  +huiyuan_terminal     all  scram-sha-256
hostssl all  +huiyuan_report       all  scram-sha-256
host    all  all                   all  reject
"""


@dataclass(frozen=True, slots=True)
class Secure:
    """The running server, and the seats that were enrolled in it."""

    server: EmbeddedServer
    address: str
    folder: Path
    authority: Authority
    chain: uuid.UUID
    by_certificate: Seat
    by_password: Seat
    readers: tuple[Login, Login]

    def connect(self, seat: Login, **changed: Any) -> psycopg.Connection[tuple[object, ...]]:
        """As a counter connects; the name is resolved here, because nobody's resolver knows it."""
        return psycopg.connect(
            seat.url(), hostaddr=self.address, autocommit=True, connect_timeout=10, **changed
        )

    def refuses(self, seat: Login, words: str, **changed: Any) -> None:
        with pytest.raises(psycopg.OperationalError, match=words):
            self.connect(seat, **changed).close()


@pytest.fixture(scope="module")
def secure() -> Iterator[Secure]:
    programs = programs_with_tls()
    if programs is None:
        pytest.skip("no PostgreSQL with TLS on this machine (Debian: apt-get install postgresql)")
    with passing_folder("tls") as folder:
        # All of 127/8 is this machine; an address of its own leaves the port to whoever has it elsewhere.
        address = f"127.{os.getpid() % 200 + 20}.{os.getpid() // 200 % 250}.7"
        authority = Authority.new("the chain's own authority")
        authority.write(folder / "root.crt")
        account = server_account(folder / "server" / "data")
        authority.make_server(folder, HOST, uid=account.uid, gid=account.gid)
        (folder / "pg_hba.conf").write_text(ACCESS)
        settings = {"listen_addresses": address, "ssl": "on", "hba_file": str(folder / "pg_hba.conf")}
        settings |= {"ssl_cert_file": str(folder / "server.crt"), "ssl_key_file": str(folder / "server.key")}
        settings |= {"ssl_ca_file": str(folder / "root.crt"), "ssl_min_protocol_version": "TLSv1.2"}
        settings |= {"log_statement": "all", "log_parameter_max_length": "-1"}  # a careless administrator
        server = EmbeddedServer(folder / "server", fsync=False, settings=settings, bindir=programs)
        with server:
            yield enrolled(folder, server, address, authority)


def programs_with_tls() -> Path | None:
    """PostgreSQL programs that were built with TLS: the system's are, the Python package's are not."""
    for folder in candidates():
        postgres = folder / "postgres"
        if postgres.is_file() and b"libssl" in postgres.read_bytes():
            return folder
    return None


def enrolled(folder: Path, server: EmbeddedServer, address: str, authority: Authority) -> Secure:
    """Migrate, set up the chain with a first terminal by password, and enrol a second one by certificate."""
    migrate(server.admin_url())
    day = FirstDay("好邻居", "CNY", "Asia/Shanghai", "A01", "一号店", "9001", "王建国", "t_a01_1", "1")
    password = new_password()
    made = set_up(server.admin_url(), day, manager_pin=PIN, terminal_verifier=scram_verifier(password))
    first = write_seat(
        folder / "seats" / "t_a01_1",
        role="t_a01_1",
        store="A01",
        code="1",
        server=Server(HOST, PORT, DATABASE),
        index_key=IndexKey.fresh(),
        password=password,
        authority=folder / "root.crt",
    )
    second = write_seat(
        folder / "seats" / "t_a01_2",
        role="t_a01_2",
        store="A01",
        code="2",
        server=Server(HOST, PORT, DATABASE),
        index_key=first.index_key(),
        authority=folder / "root.crt",
    )
    authority.sign_request(make_request(second), second.folder / "client.crt")
    secret = new_password()
    readers = enrolled_readers(folder, authority, secret)
    secure = Secure(server, address, folder, authority, made.uid, second, first, readers)
    with secure.connect(first) as connection:
        sign_in.sign_in(connection, chain=made.uid, attempt=uuid.uuid4(), staff_number="9001", pin=PIN)
        staff.enrol_terminal(connection, role="t_a01_2", store="A01", code="2", drawer=None, verifier=None)
        enrol_reader(connection, role="r_word", units=["A01"], verifier=scram_verifier(secret))
        enrol_reader(connection, role="r_card", units=["A01"], verifier=None)
    return secure


def enrolled_readers(folder: Path, authority: Authority, secret: str) -> tuple[Login, Login]:
    """Folders of two logins that only report: by password, and by certificate."""
    server, authority_file = Server(HOST, PORT, DATABASE), folder / "root.crt"
    spoken = write_reader(
        folder / "readers" / "r_word",
        role="r_word",
        server=server,
        password=secret,
        authority=authority_file,
    )
    signed = write_reader(
        folder / "readers" / "r_card", role="r_card", server=server, authority=authority_file
    )
    authority.sign_request(make_request(signed), signed.folder / "client.crt")
    return spoken, signed


@pytest.mark.parametrize("proof", ["by_certificate", "by_password"])
def test_control_the_right_terminal_comes_in_and_somebody_signs_in(secure: Secure, proof: str) -> None:
    seat: Seat = getattr(secure, proof)
    with secure.connect(seat) as connection:
        query = "select version, client_dn from pg_stat_ssl where pid = pg_backend_pid()"
        used = connection.execute(query).fetchone()
        assert used is not None
        assert used[0] in {"TLSv1.2", "TLSv1.3"}
        assert used[1] == (f"/CN={seat.role}" if proof == "by_certificate" else None)
        assert sign_in.hello(connection).terminal.role == seat.role
        session = sign_in.sign_in(
            connection, chain=secure.chain, attempt=uuid.uuid4(), staff_number="9001", pin=PIN
        )
        assert session.may("sale")


@pytest.mark.parametrize("which", [0, 1], ids=["password", "certificate"])
def test_a_reader_comes_in_over_tls_and_its_proof_opens_no_other_login(secure: Secure, which: int) -> None:
    reader = secure.readers[which]
    assert {
        path.stat().st_mode & 0o77 for path in reader.folder.iterdir() if path.suffix in {"", ".key"}
    } == {0}
    with secure.connect(reader) as connection:
        assert turnover(connection, TurnoverAsked()).scope.stores == ("A01",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select api.hello()")
    words = (
        "certificate authentication failed|password authentication failed|requires a valid client|certificate"
    )
    for other in ("t_a01_1", "t_a01_2", secure.readers[1 - which].role, "huiyuan_admin", "huiyuan_report"):
        secure.refuses(reader, f"{words}|rejects connection|not permitted|no password", user=other)
    secure.refuses(reader, "rejects connection|no encryption", sslmode="disable", channel_binding="prefer")


def test_another_terminals_certificate_is_refused(secure: Secure) -> None:
    secure.refuses(secure.by_certificate, "certificate authentication failed", user="t_a01_3")


@pytest.fixture(autouse=True)
def third_role(secure: Secure) -> None:
    """Another enrolled terminal by certificate, whose key nobody here has."""
    with psycopg.connect(secure.server.admin_url()) as admin:
        admin.execute("select sec.make_login('t_a01_3', null)")


def test_without_a_certificate_a_login_is_refused(secure: Secure) -> None:
    secure.refuses(
        secure.by_certificate, "requires a valid client certificate", sslcert="/none", sslkey="/none"
    )


def test_without_tls_a_login_is_refused(secure: Secure) -> None:
    plain = {"sslmode": "disable", "channel_binding": "prefer"}
    secure.refuses(secure.by_certificate, "rejects connection|no encryption", **plain)
    secure.refuses(secure.by_password, "rejects connection|no encryption", **plain)


def test_a_server_of_another_name_is_not_spoken_to(secure: Secure) -> None:
    secure.refuses(secure.by_certificate, "does not match host name", host="other.shop.test")
    secure.refuses(secure.by_password, "does not match host name", host="other.shop.test")


def test_a_server_of_another_authority_is_not_spoken_to(secure: Secure, tmp_path: Path) -> None:
    stranger = Authority.new("somebody else").write(tmp_path / "root.crt")
    secure.refuses(secure.by_password, "certificate verify failed", sslrootcert=str(stranger))


def test_a_certificate_of_another_authority_is_refused(secure: Secure, tmp_path: Path) -> None:
    seat = secure.by_certificate
    forged = dataclasses.replace(seat, folder=tmp_path)
    for name in ("root.crt", "terminal.toml"):
        (tmp_path / name).write_bytes((seat.folder / name).read_bytes())
    Authority.new("the chain's own authority").sign_request(make_request(forged), tmp_path / "client.crt")
    secure.refuses(forged, "unknown ca|certificate verify failed|decrypt error")


def test_a_wrong_password_and_a_password_for_a_certificates_login_are_refused(secure: Secure) -> None:
    secure.refuses(secure.by_password, "password authentication failed", password="wrong")
    secure.refuses(secure.by_password, "certificate|password", user="t_a01_3", password="wrong")


def test_the_administrator_does_not_come_in_over_the_line(secure: Secure) -> None:
    secure.refuses(secure.by_certificate, "rejects connection", user="huiyuan_admin")


def test_a_login_that_asks_for_a_weaker_proof_is_not_answered(secure: Secure, tmp_path: Path) -> None:
    """A server that wants the password in clear is no server of ours: the seat's address demands SCRAM."""
    seat = secure.by_password
    assert "require_auth=scram-sha-256" in seat.url()
    assert "channel_binding=require" in seat.url()
    weak = tmp_path / "pg_hba.conf"
    access = secure.folder / "pg_hba.conf"
    weak.write_text(ACCESS.replace("scram-sha-256", "password"))
    try:
        access.write_text(weak.read_text())
        reload(secure)
        secure.refuses(seat, "authentication method requirement|channel binding")
        secure.connect(seat, require_auth="password", channel_binding="prefer").close()  # control
    finally:
        access.write_text(ACCESS)
        reload(secure)


def reload(secure: Secure) -> None:
    with psycopg.connect(secure.server.admin_url(), autocommit=True) as admin:
        before = admin.execute("select pg_conf_load_time()").fetchone()
        admin.execute("select pg_reload_conf()")
        for _ in range(200):
            admin.execute("select pg_sleep(0.02)")
            if admin.execute("select pg_conf_load_time()").fetchone() != before:
                return
        raise AssertionError("not reloaded")


def test_no_key_of_a_pin_stands_in_the_servers_log(secure: Secure) -> None:
    key = uuid.uuid4().bytes * 2
    with secure.connect(secure.by_certificate) as connection:
        connection.execute("select api.sign_in_begin(%s, '77', %s)", (uuid.uuid4(), key))
    with psycopg.connect(secure.server.admin_url()) as admin:  # control: the server does log parameters
        admin.execute("select length(%s::bytea)", (b"\x5a\x5b\x5c" * 3,))
    log = secure.server.log.read_text(errors="replace").lower()
    assert "sign_in_begin" in log
    assert (b"\x5a\x5b\x5c" * 3).hex() in log
    assert key.hex() not in log


@pytest.mark.parametrize("proof", ["by_certificate", "by_password"])
def test_a_cold_sign_in_over_tls_costs_the_connection_and_at_most_five_round_trips(
    secure: Secure, proof: str, tmp_path: Path
) -> None:
    seat: Seat = getattr(secure, proof)
    with counting_relay(secure.address, PORT) as turns:
        url = seat.url().replace(f"port={PORT}", f"port={turns.port}") + f"&hostaddr={secure.address}"
        psycopg.connect(url).close()
        of_libpq, turns.count = turns.count, 0
        with open_counter(url, tmp_path) as counter:
            open_seat(counter.door, counter.seat)
            counter.seat.sign_in(staff_number="9001", pin=PIN)
        assert of_libpq >= 3, "the relay did not see TLS and the proof of the login"
        assert turns.count - of_libpq in range(1, 6), (of_libpq, turns.count)
