"""What workers do for files."""

from marketplace.domains.files.events import FileDiscarded
from marketplace.providers.storage import storage


def delete_blobs(fact: FileDiscarded) -> None:
    """Delete the blobs of a file that is gone."""
    storage.delete(fact.keys)
