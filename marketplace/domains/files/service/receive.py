"""Taking a file in: first what it is, then its blobs, and last its row.

The blobs are written before the transaction that makes the row. A process that is killed in between leaves
blobs that no row speaks of, which the sweep removes a day later.
"""

import hashlib
from dataclasses import replace

from marketplace.domains.files import rules
from marketplace.domains.files.errors import NotAccepted
from marketplace.domains.files.models import FileRow
from marketplace.domains.files.queries import find_files
from marketplace.domains.files.rules import PICTURES, Terms
from marketplace.domains.files.service.pictures import read_picture
from marketplace.domains.files.service.recognise import recognise
from marketplace.domains.files.types import Document, File, Picture, Purpose, Stored, Upload
from marketplace.kernel.clock import clock
from marketplace.kernel.ids import new_public_id
from marketplace.kernel.offload import offload
from marketplace.kernel.reading import is_open
from marketplace.kernel.unit_of_work import unit_of_work
from marketplace.providers.storage import storage


def receive(upload: Upload, *, purpose: Purpose) -> Stored:
    """Check a file and store its blobs; `keep` makes it a file. Not to be called in a unit of work."""
    if is_open():
        message = "files are stored before the unit of work that keeps them"
        raise RuntimeError(message)
    terms = rules.TERMS[purpose]
    rules.check_size(upload, most_bytes=terms.most_bytes)
    found = _read(upload, terms)
    public_id = new_public_id()
    # the last digits of such an id are random: they spread the blobs over folders
    base = f"{purpose}/{public_id.hex[-2:]}/{public_id.hex}"
    stored = Stored(
        public_id=public_id,
        purpose=purpose,
        name=rules.clean_name(upload.name, found.media_type),
        media_type=found.media_type,
        size=len(found.content),
        sha256=hashlib.sha256(found.content).hexdigest(),
        key=f"{base}{rules.ENDINGS[found.media_type][0]}",
    )
    storage.put(stored.key, found.content)
    return stored if isinstance(found, Document) else _with_thumbnail(stored, found, f"{base}.thumbnail.webp")


def _read(upload: Upload, terms: Terms) -> Picture | Document:
    """What is in an upload; refuses what does not serve the purpose."""
    if terms.kinds == PICTURES:
        return read_picture(upload, longest_px=terms.longest_px)
    media_type = offload(recognise, upload)
    if media_type is None or media_type not in terms.kinds:
        raise NotAccepted(terms.accepted, field=upload.field)
    if media_type in PICTURES:
        return read_picture(upload, longest_px=terms.longest_px)
    return Document(media_type=media_type, content=upload.content)


def _with_thumbnail(stored: Stored, picture: Picture, key: str) -> Stored:
    storage.put(key, picture.thumbnail)
    return replace(stored, width=picture.width, height=picture.height, thumbnail_key=key)


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
