"""Tables: every foreign key is indexed, and no relationship loads rows behind one's back."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Column, ForeignKeyConstraint, Index, MetaData, Table
from sqlalchemy.orm import Mapper

WITHOUT_SURPRISE = {"raise", "raise_on_sql", "write_only", "noload"}


def unindexed_foreign_keys(metadata: MetaData) -> list[str]:
    """Each foreign key whose columns no key and no index of the table starts with."""
    return [
        f"{table.name}({', '.join(column.name for column in key.columns)}) is a foreign key without an index"
        for table in metadata.sorted_tables
        for key in sorted(table.foreign_key_constraints, key=lambda key: key.column_keys)
        if not any(_starts_with(columns, key) for columns in _indexed(table))
    ]


def surprising_relationships(mappers: Iterable[Mapper[object]]) -> list[str]:
    """Each relationship that would query when an attribute is touched."""
    return [
        f'{mapper.class_.__name__}.{relationship.key} is lazy="{relationship.lazy}", not "raise"'
        for mapper in sorted(mappers, key=lambda mapper: mapper.class_.__name__)
        for relationship in mapper.relationships
        if relationship.lazy not in WITHOUT_SURPRISE
    ]


def _starts_with(columns: Sequence[object], key: ForeignKeyConstraint) -> bool:
    wanted = set(key.columns)
    return set(columns[: len(wanted)]) == wanted


def _indexed(table: Table) -> Iterable[Sequence[object]]:
    yield list(table.primary_key.columns)
    for constraint in table.constraints:
        columns = getattr(constraint, "columns", None)
        if type(constraint).__name__ == "UniqueConstraint" and columns is not None:
            yield list(columns)
    for index in table.indexes:
        if _covers_every_row(index):
            yield list(index.expressions)
    for column in table.columns:
        if column.unique or column.index:
            yield [column]


def _covers_every_row(index: Index) -> bool:
    condition = index.dialect_options["postgresql"].get("where")
    if condition is None:
        return True
    columns: set[Column[object]] = set(index.columns)
    return any(str(condition).endswith(f"{column.name} IS NOT NULL") for column in columns)
