"""What a database error means: storage out of reach, others in the way, or a statement at fault."""

import sqlite3
from enum import Enum, auto

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.crypto import StaleKeys


class Meaning(Enum):
    #: nothing can be stored now, whoever asks
    OUT_OF_REACH = auto()
    #: lost against another transaction, or too much for the room left: a smaller or later one may pass
    CONTENTION = auto()
    #: this very statement is at fault; it would fail again
    OWN_FAULT = auto()


#: primary result codes, https://www.sqlite.org/rescode.html
_SQLITE = {
    sqlite3.SQLITE_NOMEM: Meaning.CONTENTION,
    sqlite3.SQLITE_FULL: Meaning.CONTENTION,
    sqlite3.SQLITE_BUSY: Meaning.OUT_OF_REACH,
    sqlite3.SQLITE_LOCKED: Meaning.OUT_OF_REACH,
    sqlite3.SQLITE_PERM: Meaning.OUT_OF_REACH,
    sqlite3.SQLITE_READONLY: Meaning.OUT_OF_REACH,
    sqlite3.SQLITE_IOERR: Meaning.OUT_OF_REACH,
    sqlite3.SQLITE_CORRUPT: Meaning.OUT_OF_REACH,
    sqlite3.SQLITE_CANTOPEN: Meaning.OUT_OF_REACH,
    sqlite3.SQLITE_PROTOCOL: Meaning.OUT_OF_REACH,
    sqlite3.SQLITE_NOTADB: Meaning.OUT_OF_REACH,
}
#: beginnings of SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL = {
    "40": Meaning.CONTENTION,  # serialization failure, deadlock
    "53": Meaning.CONTENTION,  # disk full, out of memory, too many connections
    "55P03": Meaning.CONTENTION,  # lock not available
    "08": Meaning.OUT_OF_REACH,  # connection
    "57P": Meaning.OUT_OF_REACH,  # shutting down, starting up
    "58": Meaning.OUT_OF_REACH,  # system error
    "25006": Meaning.OUT_OF_REACH,  # read only: a standby
}


def meaning_of(error: BaseException) -> Meaning:
    """Return what an error raised by a statement means; anything but a database error is OWN_FAULT."""
    if isinstance(error, PoolTimeout | StaleKeys):
        return Meaning.OUT_OF_REACH
    if not isinstance(error, DBAPIError):
        return Meaning.OWN_FAULT
    if error.connection_invalidated:
        return Meaning.OUT_OF_REACH
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF, Meaning.OWN_FAULT)
    state = getattr(error.orig, "sqlstate", "")
    if state is None and isinstance(error, OperationalError):
        return Meaning.OUT_OF_REACH  # psycopg has no SQLSTATE for a connection that failed or broke
    state = state or ""
    return next(
        (meaning for begin, meaning in _POSTGRESQL.items() if state.startswith(begin)), Meaning.OWN_FAULT
    )
