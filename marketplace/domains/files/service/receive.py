"""Taking a file in: first what it is, then its blobs, and last its row.

The blobs are written before the transaction that makes the row. A process that is killed in between leaves
blobs that no row speaks of, which the sweep removes a day later.
"""

import hashlib

from marketplace.domains.files import rules
from marketplace.domains.files.models import FileRow
from marketplace.domains.files.queries import find_files
from marketplace.domains.files.service.pictures import read_picture
from marketplace.domains.files.types import File, Purpose, Stored, Upload
from marketplace.kernel.clock import clock
from marketplace.kernel.ids import new_public_id
from marketplace.kernel.unit_of_work import is_open, unit_of_work
from marketplace.providers.storage import storage


def receive(upload: Upload, *, purpose: Purpose) -> Stored:
    """Check a picture and store its blobs; `keep` makes it a file. Not to be called in a unit of work."""
    if is_open():
        message = "files are stored before the unit of work that keeps them"
        raise RuntimeError(message)
    rules.check_size(upload)
    picture = read_picture(upload, longest_px=rules.TERMS[purpose].longest_px)
    public_id = new_public_id()
    # the last digits of such an id are random: they spread the blobs over folders
    base = f"{purpose}/{public_id.hex[-2:]}/{public_id.hex}"
    stored = Stored(
        public_id=public_id,
        purpose=purpose,
        name=rules.clean_name(upload.name, picture.media_type),
        media_type=picture.media_type,
        size=len(picture.content),
        sha256=hashlib.sha256(picture.content).hexdigest(),
        width=picture.width,
        height=picture.height,
        key=f"{base}{rules.ENDINGS[picture.media_type]}",
        thumbnail_key=f"{base}.thumbnail.webp",
    )
    storage.put(stored.key, picture.content)
    storage.put(stored.thumbnail_key, picture.thumbnail)
    return stored


def keep(stored: Stored, *, owner_id: int) -> File:
    """Make stored blobs a file of somebody's."""
    with unit_of_work() as unit:
        row = FileRow(
            public_id=stored.public_id,
            owner_id=owner_id,
            purpose=stored.purpose,
            visibility=rules.TERMS[stored.purpose].visibility,
            name=stored.name,
            media_type=stored.media_type,
            size=stored.size,
            sha256=stored.sha256,
            width=stored.width,
            height=stored.height,
            key=stored.key,
            thumbnail_key=stored.thumbnail_key,
            created_at=clock.now(),
        )
        unit.session.add(row)
        unit.session.flush()
        return find_files([row.id])[row.id]
