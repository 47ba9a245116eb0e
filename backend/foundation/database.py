"""The one database layer: SQLAlchemy's declarative base for PostgreSQL, through Flask-SQLAlchemy."""

import uuid
from datetime import datetime
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, MetaData, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

from backend.settings import Settings, database_address

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Rows(DeclarativeBase):
    """The base of all tables. Times carry their zone, JSON is jsonb, ids shown outside are random UUIDs."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={
            datetime: DateTime(timezone=True),
            dict[str, Any]: JSONB,
            list[Any]: JSONB,
            uuid.UUID: Uuid,
        },
    )


class PublicId:
    """Mixin: a random 128-bit id as primary key, safe to show outside."""

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)


class Numbered:
    """Mixin: a sequence number as primary key, for append-only rows that nobody outside names."""

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)


db = SQLAlchemy(model_class=Rows)
KEPT_OPEN, OTHERS = 10, 8
"""Connections that stay open between requests, and how many there may be beside one for each request in Flask."""


def connect(app: Flask, settings: Settings) -> None:
    """Tie the database to the app; no connection is opened before the first statement.

    A process may open more connections than requests are in Flask: one that waits for the writer of choices holds its
    own, and the writer must still find another.
    """
    app.config["SQLALCHEMY_DATABASE_URI"] = database_address(settings.database_url)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_size": KEPT_OPEN,
        "max_overflow": max(0, settings.pages_at_once + OTHERS - KEPT_OPEN),
        "pool_pre_ping": True,
        "hide_parameters": True,  # a failed statement is logged without the person's data it carried
        "connect_args": {"options": "-c timezone=Asia/Shanghai -c lock_timeout=15s -c statement_timeout=120s"},
    }
    db.init_app(app)
