"""Database rules that are no columns: append-only tables, and the transition table behind a state column."""

from collections.abc import Mapping, Sequence

from sqlalchemy import DDL, Table, event

REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'raise_exception';
END $$
"""


def append_only_sql(table: str) -> list[str]:
    """The statements that make `table` append-only: a trigger that refuses UPDATE, DELETE and TRUNCATE."""
    return [
        REFUSE_CHANGE,
        (
            f"CREATE TRIGGER {table}_rows_stay BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        ),
        f"CREATE TRIGGER {table}_stays BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]


def append_only(table: Table) -> None:
    """Declare beside the rows that a table is append-only; it holds as soon as the table is made."""
    for statement in append_only_sql(table.name):
        _after_making(table, statement)


def _after_making(table: Table, statement: str) -> None:
    event.listen(table, "after_create", DDL(statement.replace("%", "%%")))  # type: ignore[no-untyped-call]


def transitions_sql(table: str, column: str, allowed: Mapping[str, Sequence[str]]) -> list[str]:
    """The statements that let `column` of `table` change only along `allowed` (state → states that may follow)."""
    pairs = sorted(f"{old}>{new}" for old, news in allowed.items() for new in news)
    listed = ", ".join(f"'{pair}'" for pair in pairs)
    function = f"{table}_{column}_steps"
    return [
        f"""
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.{column} <> OLD.{column} AND NOT (OLD.{column} || '>' || NEW.{column}) = ANY (ARRAY[{listed}]) THEN
        RAISE EXCEPTION '{table}.{column} may not go from % to %', OLD.{column}, NEW.{column}
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
""",
        f"DROP TRIGGER IF EXISTS {function} ON {table}",
        f"CREATE TRIGGER {function} BEFORE UPDATE OF {column} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()",
    ]


def transitions(table: Table, column: str, allowed: Mapping[str, Sequence[str]]) -> None:
    """Declare beside the rows which steps a state column may take; the database refuses all others."""
    for statement in transitions_sql(table.name, column, allowed):
        _after_making(table, statement)
