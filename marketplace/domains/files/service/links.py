"""Links to files, and what is behind one."""

import re
from uuid import UUID

from marketplace.domains.files import queries, rules
from marketplace.domains.files.errors import NoSuchFile
from marketplace.domains.files.types import File, Opened, Variant, Visibility
from marketplace.kernel.clock import clock
from marketplace.kernel.links import links
from marketplace.kernel.tokens import tokens
from marketplace.providers.storage import storage

PATH = "/files/"
PURPOSE = "file link"
THUMBNAIL_TYPE = "image/webp"


def path_of(file: File, variant: Variant = Variant.ORIGINAL) -> str:
    """Where a public file is, below the address of this house: it may be stored."""
    return f"{PATH}{file.public_id}" + ("/thumbnail" if variant is Variant.THUMBNAIL else "")


def url_of(file: File, variant: Variant = Variant.ORIGINAL) -> str:
    """A file's link; that of a private one expires after an hour at most, and is only for who may see it."""
    if file.visibility is Visibility.PUBLIC:
        return links.to(path_of(file, variant))
    expires = str(rules.link_expiry(clock.real_now()))
    signature = tokens.sign(PURPOSE, _message(file.public_id, variant, expires))
    return links.to(path_of(file, variant), expires=expires, signature=signature)


def open_file(
    public_id: UUID, variant: Variant = Variant.ORIGINAL, *, expires: str = "", signature: str = ""
) -> Opened:
    """What is behind a link; refuses one that is wrong or has expired as if nothing had ever been there."""
    file = queries.find_public(public_id)
    if file is None:
        raise NoSuchFile
    is_public = file.visibility is Visibility.PUBLIC
    if not is_public and not _is_good(_message(public_id, variant, expires), expires, signature):
        raise NoSuchFile
    is_original = variant is Variant.ORIGINAL
    key = file.key if is_original else file.thumbnail_key
    content = storage.find(key) if key is not None else None
    if content is None:
        raise NoSuchFile
    return Opened(
        content=content,
        media_type=file.media_type if is_original else THUMBNAIL_TYPE,
        name=file.name,
        version=f"{file.sha256}.{variant}",
        is_picture=file.is_picture,
        is_public=is_public,
        fresh_s=0 if is_public else int(expires) - int(clock.real_now().timestamp()),
    )


def _message(public_id: UUID, variant: Variant, expires: str) -> str:
    return f"{public_id}/{variant}/{expires}"


def _is_good(message: str, expires: str, signature: str) -> bool:
    is_signed = tokens.is_signed(PURPOSE, message, signature)
    is_number = re.fullmatch(r"\d{1,12}", expires, re.ASCII) is not None
    return is_signed and is_number and int(expires) > clock.real_now().timestamp()
