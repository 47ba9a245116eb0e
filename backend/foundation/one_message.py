"""Several statements in one message to PostgreSQL: one round trip and one wait, each seeing what those before it left.

A thread that waits for an answer gives the interpreter away and must queue for it afterwards behind every other thread:
where many share a process, the number of waits decides how long a transaction takes.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


class TwoValues(Exception):
    """Two statements of one message give different values to the same name."""


Statement = tuple[str, Mapping[str, Any]]
"""A statement with psycopg's placeholders, `%(name)s`, and its values. A name means the same in a whole message."""


def in_one_message(connection: Connection, statements: Sequence[Statement]) -> list[list[Any]]:
    """The rows of each statement in their order, with columns by name; none for a statement that returns none.

    Values are bound by the driver as literals, each once however many statements name it: a message of several statements
    carries no parameters beside it. Each is planned anew: a prepared plan, once it is general, reads whole tables while
    they grow. The first error ends the message and the transaction. Raises SQLAlchemyError, as a single statement does,
    and TwoValues.
    """
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    cursor = psycopg.ClientCursor(driver, row_factory=namedtuple_row)
    try:
        cursor.execute(";\n".join(statement for statement, _ in statements), _together(statements))
        told = []
        for number in range(len(statements)):
            cursor.set_result(number)
            told.append(cursor.fetchall() if cursor.pgresult and cursor.pgresult.nfields else [])
    except psycopg.Error as fault:
        raise DBAPIError.instance(None, None, fault, psycopg.Error) from fault
    return told


def _together(statements: Sequence[Statement]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for _, own in statements:
        for name, value in own.items():
            known = values.setdefault(name, value)
            if known is not value and known != value:
                raise TwoValues(name)
    return values


def array(numbers: Iterable[int]) -> str:
    """Whole numbers as PostgreSQL writes an array, for `CAST(… AS bigint[])`: far cheaper than a list bound one by one."""
    return "{" + ",".join(map(str, numbers)) + "}"
