"""Seats of this host: one folder a terminal, with what its login needs.

A folder holds `terminal.toml`, the chain's index key, and either a password file, or a private key with a
certificate (first its request), or nothing more (the embedded server knows this machine's user). Always true:
every secret file is 0600 from its first byte on; a password leaves this host only as a SCRAM verifier.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

from psycopg.conninfo import conninfo_to_dict

from huiyuan.repositories.secrets import INDEX_KEY_FILE, IndexKey, write_private

TERMINAL_FILE: Final = "terminal.toml"
PASSWORD_FILE: Final = "pgpass"  # noqa: S105  (the name of a file)
CERTIFICATE_KEY_FILE: Final = "client.key"
REQUEST_FILE: Final = "client.csr"
CERTIFICATE_FILE: Final = "client.crt"
AUTHORITY_FILE: Final = "root.crt"

ROLE_PATTERN: Final = re.compile(r"t_[a-z0-9_]{1,40}")
_SCRAM_ROUNDS: Final = 4096
_PLAIN: Final = re.compile(r"[^\x00-\x1f\"\\\x7f]*")


class SeatRefused(Exception):
    """A seat's folder cannot be made or read; `code` and `facts` say why.

    Codes: seat_exists (folder), seat_damaged (folder, problem), seat_malformed (value).
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Server:
    """Where the shared PostgreSQL is, as a counter reaches it.

    `sslmode` None means `verify-full`, unless `host` is a folder (a socket).
    """

    host: str
    port: int
    dbname: str
    sslmode: str | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """A login role of this host, the folder with its proof, and its server: None is the embedded one."""

    folder: Path
    role: str
    server: Server | None

    def url(self) -> str:
        """The libpq URL of this login: no secret in it, only the names of the files.

        Raises:
            ValueError: It belongs to the embedded server, which knows its own URL.
        """
        if self.server is None:
            raise ValueError("the embedded server knows its own URL")
        options = {"host": self.server.host, "port": str(self.server.port), **self._proof()}
        where = urlencode(options, quote_via=quote, safe="")
        return f"postgresql://{self.role}@/{quote(self.server.dbname, safe='')}?{where}"

    @property
    def needs_authority(self) -> bool:
        """True if the server's certificate is checked against `root.crt` in the folder."""
        if self.server is None or self.server.host.startswith("/"):
            return False
        return (self.server.sslmode or "verify-full") in {"verify-ca", "verify-full"}

    def _proof(self) -> dict[str, str]:
        assert self.server is not None
        options: dict[str, str] = {}
        if not self.server.host.startswith("/"):
            options["sslmode"] = self.server.sslmode or "verify-full"
        if self.needs_authority:
            options["sslrootcert"] = str(self.folder / AUTHORITY_FILE)
        if (self.folder / CERTIFICATE_KEY_FILE).exists():
            options["sslkey"] = str(self.folder / CERTIFICATE_KEY_FILE)
            options["sslcert"] = str(self.folder / CERTIFICATE_FILE)
        elif (self.folder / PASSWORD_FILE).exists():
            options["passfile"] = str(self.folder / PASSWORD_FILE)
            if "sslmode" in options:
                options["require_auth"] = "scram-sha-256"
            if options.get("sslmode", "disable") != "disable":
                options["channel_binding"] = "require"
        return options


@dataclass(frozen=True, slots=True)
class Seat(Login):
    """An enrolled terminal of this host."""

    store: str
    code: str

    def index_key(self) -> IndexKey:
        """The key that finds cards. Raises KeyFileRefused."""
        return IndexKey.load(self.folder / INDEX_KEY_FILE)


def server_of(url: str) -> Server:
    """The server that a libpq URL names, without its user and password."""
    found = conninfo_to_dict(url)
    return Server(
        host=str(found.get("host") or "localhost"),
        port=int(str(found.get("port") or 5432)),
        dbname=str(found.get("dbname") or "huiyuan"),
        sslmode=None if found.get("sslmode") is None else str(found["sslmode"]),
    )


def new_password() -> str:
    """A password for one login, 160 bits; it is written to a file and never typed."""
    return secrets.token_urlsafe(20)


def scram_verifier(password: str) -> str:
    """What the server keeps of an ASCII password (RFC 5803): it cannot be turned back."""
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, _SCRAM_ROUNDS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    parts = [base64.b64encode(part).decode("ascii") for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${_SCRAM_ROUNDS}:{parts[0]}${parts[1]}:{parts[2]}"


def write_seat(
    folder: Path,
    *,
    role: str,
    store: str,
    code: str,
    server: Server | None,
    index_key: IndexKey,
    password: str | None = None,
    authority: Path | None = None,
) -> Seat:
    """Make the folder of a seat: `terminal.toml`, the index key, and a password file if there is one.

    Args:
        folder: Made 0700 if it is missing; it must hold no seat yet.
        server: None for the embedded server.
        authority: Certificate of the authority that signed the server's; copied.

    Raises:
        SeatRefused: seat_exists, seat_malformed.
        OSError: The folder cannot be made, or `authority` cannot be read.
    """
    if not ROLE_PATTERN.fullmatch(role):
        raise SeatRefused("seat_malformed", value=role)
    values = _as_values(role, store, code, server)
    write_proof(folder / TERMINAL_FILE, role=role, password=password, authority=authority)
    index_key.save(folder / INDEX_KEY_FILE)
    write_values(folder / TERMINAL_FILE, values)
    return Seat(folder=folder, role=role, store=store, code=code, server=server)


def write_proof(own: Path, *, role: str, password: str | None, authority: Path | None) -> None:
    """Make the folder of a login, 0700: its password file if there is one, the authority if it is known.

    Args:
        own: the login's own file, which is written last: a folder that has it is whole.

    Raises:
        SeatRefused: seat_exists.
        OSError: The folder cannot be made, or `authority` cannot be read.
    """
    root = None if authority is None else authority.read_bytes()
    if own.exists():
        raise SeatRefused("seat_exists", folder=str(own.parent))
    folder = own.parent
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    if root is not None:
        (folder / AUTHORITY_FILE).write_bytes(root)
    if password is not None:
        write_private(folder / PASSWORD_FILE, f"*:*:*:{role}:{password}\n".encode("ascii"))


def write_values(path: Path, values: Mapping[str, str]) -> None:
    """Write a login's own file: names and values that are plain."""
    lines = [f'{name} = "{value}"' for name, value in values.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def make_request(seat: Login) -> Path:
    """Make the private key of a login and the request for its certificate: CN is the role, nothing else.

    The key never leaves the folder. The signed certificate belongs beside it as `client.crt`.

    Raises:
        KeyFileRefused: key_exists.
    """
    # A tenth of a second that only the enrolment of a terminal has to pay.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, seat.role)])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_private(seat.folder / CERTIFICATE_KEY_FILE, pem)
    path = seat.folder / REQUEST_FILE
    path.write_bytes(request.public_bytes(serialization.Encoding.PEM))
    return path


def read_seat(folder: Path) -> Seat:
    """The seat in `folder`.

    Raises:
        SeatRefused: seat_damaged.
    """
    try:
        found = tomllib.loads((folder / TERMINAL_FILE).read_text(encoding="utf-8"))
        role, store, code = str(found["role"]), str(found["store"]), str(found["code"])
        server = server_in(found)
    except (OSError, ValueError, KeyError) as error:
        raise SeatRefused("seat_damaged", folder=str(folder), problem=type(error).__name__) from None
    if not ROLE_PATTERN.fullmatch(role):
        raise SeatRefused("seat_damaged", folder=str(folder), problem="role")
    return Seat(folder=folder, role=role, store=store, code=code, server=server)


def find_seats(terminals: Path) -> tuple[Seat, ...]:
    """Every seat below `terminals`, in the order of their folders' names; empty if there is no such folder.

    Raises:
        SeatRefused: seat_damaged.
    """
    if not terminals.is_dir():
        return ()
    folders = sorted(path.parent for path in terminals.glob(f"*/{TERMINAL_FILE}"))
    return tuple(read_seat(folder) for folder in folders)


def _as_values(role: str, store: str, code: str, server: Server | None) -> Mapping[str, str]:
    return plain_values({"role": role, "store": store, "code": code}, server)


def plain_values(values: Mapping[str, str], server: Server | None) -> Mapping[str, str]:
    """`values` and where the server is. Raises SeatRefused: seat_malformed."""
    found = dict(values)
    if server is not None:
        found |= {"host": server.host, "port": str(server.port), "dbname": server.dbname}
        if server.sslmode is not None:
            found["sslmode"] = server.sslmode
    for value in found.values():
        if not _PLAIN.fullmatch(value):
            raise SeatRefused("seat_malformed", value=value)
    return found


def server_in(found: Mapping[str, object]) -> Server | None:
    """The server that a login's own file names; None for the embedded one. Raises KeyError, ValueError."""
    if "host" not in found:
        return None
    sslmode = found.get("sslmode")
    return Server(
        str(found["host"]),
        int(str(found["port"])),
        str(found["dbname"]),
        None if sslmode is None else str(sslmode),
    )
