"""The column kinds that tables share, and the naming of constraints that migrations rely on."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Enum
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel

#: Stable names: a batch migration on SQLite and a downgrade on PostgreSQL find constraints by them.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING

#: A JSON document: JSONB on PostgreSQL, text on SQLite.
JSON_DOCUMENT = JSON().with_variant(JSONB(), "postgresql")


def state_column(kind: type[StrEnum]) -> Any:
    """A state stored by its value in a text column: native PostgreSQL enums do not survive a downgrade."""
    return Enum(
        kind, native_enum=False, length=24, values_callable=lambda enum: [each.value for each in enum]
    )
