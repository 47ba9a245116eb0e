"""Several statements in one message to PostgreSQL: one round trip and one wait, each seeing what those before it left.

A thread that waits for an answer gives the interpreter away and must queue for it afterwards behind every other thread:
where many share a process, the number of waits decides how long a transaction takes.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

Statement = tuple[str, Mapping[str, Any]]
"""A statement with psycopg's placeholders, `%(name)s`, and its values."""


def in_one_message(connection: Connection, statements: Sequence[Statement]) -> list[list[Any]]:
    """The rows of each statement in their order, with columns by name; none for a statement that returns none.

    Values are bound by the driver as literals: a message of several statements carries no parameters beside it. Each is
    planned anew: a prepared plan, once it is general, reads whole tables while they grow. The first error ends the
    message and the transaction. Raises SQLAlchemyError, as a single statement does.
    """
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    cursor = psycopg.ClientCursor(driver, row_factory=namedtuple_row)
    whole = ";\n".join(cursor.mogrify(statement, values) for statement, values in statements)
    try:
        cursor.execute(whole)
        told = []
        for number in range(len(statements)):
            cursor.set_result(number)
            told.append(cursor.fetchall() if cursor.pgresult and cursor.pgresult.nfields else [])
    except psycopg.Error as fault:
        raise DBAPIError.instance(None, None, fault, psycopg.Error) from fault
    return told
