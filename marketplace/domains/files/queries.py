"""What files reads."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, select

from marketplace.domains.files.models import FileRow
from marketplace.domains.files.types import File, Purpose, Visibility
from marketplace.kernel.reading import reading

_FILE = select(*FileRow.__table__.c)


def find_files(file_ids: Collection[int]) -> Mapping[int, File]:
    """Several files by id, in one query."""
    if not file_ids:
        return {}
    return {file.id: file for file in _files(_FILE.where(FileRow.id.in_(set(file_ids))))}


def find_public(public_id: UUID) -> File | None:
    """A file by the id that stands in its link."""
    found = _files(_FILE.where(FileRow.public_id == public_id))
    return found[0] if found else None


def list_files() -> list[File]:
    """Every file, by id."""
    return _files(_FILE.order_by(FileRow.id))


def known_among(keys: Collection[str]) -> frozenset[str]:
    """Those of these keys that a row speaks of."""
    wanted = set(keys)
    query = select(FileRow.key, FileRow.thumbnail_key).where(
        FileRow.key.in_(wanted) | FileRow.thumbnail_key.in_(wanted)
    )
    with reading() as connection:
        return frozenset(key for row in connection.execute(query) for key in row if key is not None)


def _files(query: Select[*tuple[Any, ...]]) -> list[File]:
    with reading() as connection:
        return [_file(row) for row in connection.execute(query).mappings()]


def _file(row: RowMapping) -> File:
    kinds = {"purpose": Purpose(row["purpose"]), "visibility": Visibility(row["visibility"])}
    return File(**{**row, **kinds})
