"""Statements: queries that are compiled once, and run on the driver without work that could be done before.

SQLAlchemy describes the query and keeps the connections; psycopg prepares it, once a connection.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec
from psycopg import ClientCursor, Cursor, Error
from sqlalchemy import (
    JSON,
    BigInteger,
    BindParameter,
    Connection,
    Dialect,
    TableValuedAlias,
    any_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import visitors
from sqlalchemy.sql.visitors import ExternallyTraversible
from sqlalchemy.types import TypeEngine

from marketplace.kernel.reading import reading

Row = tuple[Any, ...]
# Any of the ids that are given as the list `ids`: `User.id == ANY_OF_IDS`.
ANY_OF_IDS = any_(bindparam("ids", type_=ARRAY(BigInteger)))


def given_rows(**types: TypeEngine[Any]) -> TableValuedAlias:
    """Rows that are given as `rows`, which `as_rows` has written: `given_rows(id=BigInteger()).c.id`."""
    columns = (column(name, type_) for name, type_ in types.items())
    rows = func.json_to_recordset(cast(bindparam("rows"), JSON))
    return rows.table_valued(*columns, name="given").render_derived(with_types=True)


def as_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as PostgreSQL's `json_to_recordset` takes them: one value, whatever the number of columns."""
    return msgspec.json.encode(rows).decode()


_dialect: Dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # SQLAlchemy left it untyped


class Statement:
    """A query with named parameters (`bindparam`), as the rows that the driver answers.

    Values are given as the driver takes them: a list for an array, text for text; what the query compares
    with constants is part of its text. One that is not `prepared` is planned anew each time: for those whose
    best plan hangs on the values.
    """

    def __init__(self, query: ExternallyTraversible, *, prepared: bool = True) -> None:
        """Describe the query; it is compiled when it is first run."""
        self._query = query
        self._is_prepared = prepared

    def all(self, **values: Any) -> Sequence[Row]:
        """Every row."""
        with reading(plans_once=True) as connection:
            return self._run(connection, values).fetchall()

    def first(self, **values: Any) -> Row | None:
        """The first row, if there is one."""
        with reading(plans_once=True) as connection:
            return self._run(connection, values).fetchone()

    def scalar(self, **values: Any) -> Any:
        """The first column of the first row; `None` where there is none."""
        row = self.first(**values)
        return None if row is None else row[0]

    def scalars(self, **values: Any) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self.all(**values)]

    def run(self, connection: Connection, **values: Any) -> Cursor[Row]:
        """Run it on a connection, that of an open unit of work for instance."""
        return self._run(connection, values)

    def _run(self, connection: Connection, values: Mapping[str, Any]) -> Cursor[Row]:
        text, given, converters = self._compiled
        values = {**given, **values}
        for name, convert in converters.items():
            values[name] = convert(values[name])
        for name, value in values.items():
            if type(value) is list:
                values[name] = _array(value)
        driver: Any = connection.connection.driver_connection
        try:
            if self._is_prepared:
                cursor: Cursor[Row] = driver.execute(text, values, prepare=True)
            else:
                # with the values in its text
                cursor = ClientCursor(driver).execute(text, values)
        except Error as error:
            # as SQLAlchemy would have raised it, so that whoever catches one knows one kind
            raise DBAPIError.instance(
                text, values, error, Error, hide_parameters=True, dialect=_dialect
            ) from error
        return cursor

    @cached_property
    def _compiled(self) -> tuple[str, Mapping[str, Any], Mapping[str, Callable[[Any], Any]]]:
        query: Any = self._query
        if self._is_prepared:
            query = visitors.replacement_traverse(self._query, {}, _written_out)
        compiled: Any = query.compile(dialect=_dialect, compile_kwargs={"render_postcompile": True})
        params: Mapping[str, BindParameter[Any]] = {name: compiled.binds[name] for name in compiled.params}
        given = {name: bound.value for name, bound in params.items() if not bound.required}
        converters = {
            name: convert
            for name, bound in params.items()
            if (convert := bound.type.dialect_impl(_dialect).bind_processor(_dialect)) is not None
        }
        return str(compiled), given, converters


def _array(values: list[Any]) -> Any:
    """Numbers as PostgreSQL writes an array of them: the driver would look at each."""
    if all(type(value) is int for value in values):
        return "{" + ",".join(map(str, values)) + "}"
    return values


def _written_out(element: Any, **_: Any) -> Any:
    """A word or number as part of the text: PostgreSQL has to see it for an index that is for it alone."""
    is_constant = isinstance(element, BindParameter) and isinstance(element.value, str | int)
    if not is_constant or element.type.literal_processor(_dialect) is None:
        return None
    compiled = element.compile(dialect=_dialect, compile_kwargs={"literal_binds": True})
    # whose signs of percent are doubled, as they will be again
    return literal_column(str(compiled).replace("%%", "%"), element.type)
