"""The picture beside a person's name."""

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person
from marketplace.domains.files import public as files
from marketplace.domains.files.public import Purpose, Stored
from marketplace.domains.profiles.service.drafts import FileChange
from marketplace.domains.profiles.service.profile import lock_profile
from marketplace.kernel.unit_of_work import unit_of_work


def receive_avatar(change: FileChange) -> Stored | None:
    """Check a picture and store it; `wear_avatar` puts it on. Not to be called in a unit of work."""
    return None if change.upload is None else files.receive(change.upload, purpose=Purpose.AVATAR)


def wear_avatar(*, actor: Person, stored: Stored | None) -> None:
    """Put a picture beside the actor's name, or none; the one that was there goes."""
    with unit_of_work() as unit:
        file = None if stored is None else files.keep(stored, owner_id=actor.id)
        accounts.set_avatar(actor=actor, avatar=None if file is None else files.path_of(file))
        row = lock_profile(unit, actor.id)
        old, row.avatar_file_id = row.avatar_file_id, None if file is None else file.id
        unit.session.flush()
        if old is not None:
            files.discard([old])
