"""Comparing the store with the rows: blobs that nobody speaks of, and files that lost theirs."""

from collections.abc import Iterable

import structlog

from marketplace.domains.files import rules
from marketplace.domains.files.queries import known_among, list_files
from marketplace.kernel.clock import clock
from marketplace.providers.storage import storage

log = structlog.get_logger()


def sweep_orphans() -> int:
    """Delete what was stored over a day ago and is no file's; answers how many blobs."""
    swept = 0
    for chunk in storage.listed():
        now = clock.real_now()
        old = {key for key, stored_at in chunk if rules.is_orphaned(stored_at, now)}
        orphans = old - known_among(old)
        storage.delete(sorted(orphans))
        swept += len(orphans)
    if swept:
        log.info("orphans_swept", blobs=swept)
    return swept


def find_lost() -> Iterable[str]:
    """Each file whose content is not in the store, in words."""
    there = {key for chunk in storage.listed() for key, _ in chunk}
    for file in list_files():
        missing = [key for key in (file.key, file.thumbnail_key) if key is not None and key not in there]
        if missing:
            yield f"file {file.id} has lost {' and '.join(missing)}"
