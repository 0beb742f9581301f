"""What is kept of a forgotten person so that the shop's next file does not bring them back."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class ForgottenAddress(SQLModel, table=True):
    """The fingerprint of an address of somebody who was forgotten: it confirms an address, and tells none."""

    __tablename__ = "forgotten_addresses"

    id: int | None = Field(default=None, primary_key=True)
    #: HMAC-SHA256 of the lower-case address with the house's key, in hex.
    fingerprint: str = Field(unique=True)
    erased_at: datetime


class HouseKey(SQLModel, table=True):
    """A secret of this house, drawn when it is first needed; it goes along in an export."""

    __tablename__ = "house_keys"

    id: int | None = Field(default=None, primary_key=True)
    #: fingerprints.
    name: str = Field(unique=True)
    #: In hex.
    value: str
    made_at: datetime
