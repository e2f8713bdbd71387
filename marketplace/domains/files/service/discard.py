"""Letting files go: the row with the command, the blobs after its commit."""

from collections.abc import Collection

from sqlalchemy import delete

from marketplace.domains.files.events import FileDiscarded
from marketplace.domains.files.models import FileRow
from marketplace.kernel.unit_of_work import unit_of_work


def discard(file_ids: Collection[int]) -> None:
    """Delete files; nothing may refer to them any more."""
    statement = delete(FileRow).where(FileRow.id.in_(set(file_ids)))
    with unit_of_work() as unit:
        unit.session.flush()
        gone = unit.session.execute(statement.returning(FileRow.key, FileRow.thumbnail_key)).all()
        for keys in gone:
            unit.record(FileDiscarded(keys=[key for key in keys if key is not None]))
