"""Inserting what may be there already."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

#: Each database's own, by its name.
INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def insert(session: Session, table: type[SQLModel]) -> Any:
    """An INSERT that can say what happens on a conflict: standard SQL has no words for it, each database its own."""
    return INSERT[session.get_bind().dialect.name](table)
