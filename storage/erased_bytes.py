"""After rows were deleted: their bytes go from the database's own files too."""

import time
from typing import Any

from sqlalchemy import Engine
from sqlmodel import SQLModel

#: How often the file is asked for before somebody who reads just then is taken as lasting.
ATTEMPTS = 20
PAUSE_SECONDS = 0.25


def overwrite(engine: Engine) -> bool:
    """Rebuild what was deleted from; False where a reader kept us from it, and then it is to be called again.

    SQLite: the file is written anew and its log is emptied. PostgreSQL: dead rows are given free; its write-ahead
    log and backups hold them until they are recycled.
    """
    return _sqlite(engine) if engine.dialect.name == "sqlite" else _postgresql(engine)


def _sqlite(engine: Engine) -> bool:
    with engine.connect() as connection:
        # Past SQLAlchemy: neither may run inside a transaction.
        driver: Any = connection.connection.driver_connection
        for _ in range(ATTEMPTS):
            try:
                driver.execute("VACUUM")
            except engine.dialect.loaded_dbapi.OperationalError:
                time.sleep(PAUSE_SECONDS)
                continue
            busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not busy:
                return True
            time.sleep(PAUSE_SECONDS)
    return False


def _postgresql(engine: Engine) -> bool:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in sorted(SQLModel.metadata.tables):
            connection.exec_driver_sql(f'VACUUM "{table}"')
    return True
