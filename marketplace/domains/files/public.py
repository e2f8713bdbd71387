"""What others may ask of files."""

from marketplace.domains.files.queries import find_files
from marketplace.domains.files.service.discard import discard
from marketplace.domains.files.service.links import open_file, path_of, url_of
from marketplace.domains.files.service.receive import keep, receive
from marketplace.domains.files.service.sweep import find_lost, sweep_orphans
from marketplace.domains.files.types import File, Opened, Purpose, Stored, Upload, Variant, Visibility

__all__ = [
    "File",
    "Opened",
    "Purpose",
    "Stored",
    "Upload",
    "Variant",
    "Visibility",
    "discard",
    "find_files",
    "find_lost",
    "keep",
    "open_file",
    "path_of",
    "receive",
    "sweep_orphans",
    "url_of",
]
