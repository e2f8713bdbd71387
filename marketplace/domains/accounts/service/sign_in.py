"""Sessions: opening, refreshing, ending."""

from sqlalchemy import select, update

from marketplace.domains.accounts import queries, rules
from marketplace.domains.accounts.errors import AwaitsProof, BadCredentials
from marketplace.domains.accounts.events import SessionRevoked
from marketplace.domains.accounts.models import SignInSession, User
from marketplace.domains.accounts.service import locks
from marketplace.domains.accounts.types import Account, Person, Role, SignedIn, Status
from marketplace.kernel.clock import clock
from marketplace.kernel.passwords import verify_password
from marketplace.kernel.tokens import Claims, TokenNotValid, Use, tokens
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work


def sign_in(*, identifier: str, password: str, face: str) -> SignedIn:
    """Open a session for a username or an address with its password."""
    person_id, password_hash = _check(identifier, password)
    with unit_of_work() as unit:
        # A session that is opened while the password changes would be one that its change did not end.
        if not locks.keep_proven(unit, person_id, password_hash=password_hash):
            raise BadCredentials
        return open_session(unit, person_id=person_id, face=face)


def is_staff_password(*, identifier: str, password: str, role: Role) -> bool:
    """Whether these are the credentials of an active person who holds the role."""
    try:
        person_id, _ = _check(identifier, password)
    except BadCredentials:
        return False
    return role in _account(person_id).roles


def open_session(unit: UnitOfWork, *, person_id: int, face: str) -> SignedIn:
    """Open a session and sign its two tokens."""
    now = clock.real_now()
    session = SignInSession(
        user_id=person_id,
        face=face,
        generation=0,
        created_at=now,
        expires_at=now + tokens.lifetime(Use.REFRESH),
    )
    unit.session.add(session)
    unit.session.flush()
    return SignedIn(
        access=_issue(Use.ACCESS, session),
        refresh=_issue(Use.REFRESH, session),
        account=_account(person_id),
    )


def refresh(refresh_token: str) -> str:
    """A new access token; the refresh token stays good until its session ends."""
    claims = tokens.read(refresh_token, Use.REFRESH)
    with unit_of_work() as unit:
        session = _lock_live(unit, claims)
        reused = session.generation != claims.generation
        if reused:
            _revoke(unit, session)
    if reused:
        raise TokenNotValid
    return _issue(Use.ACCESS, session)


def rotate(refresh_token: str) -> tuple[str, str]:
    """A new pair that retires the old refresh token; a retired one ends the session (RFC 9700, 4.14)."""
    claims = tokens.read(refresh_token, Use.REFRESH)
    with unit_of_work() as unit:
        session = _lock_live(unit, claims)
        reused = session.generation != claims.generation
        if reused:
            _revoke(unit, session)
        else:
            session.generation += 1
            session.expires_at = clock.real_now() + tokens.lifetime(Use.REFRESH)
    if reused:
        raise TokenNotValid
    return _issue(Use.ACCESS, session), _issue(Use.REFRESH, session)


def sign_out(actor: Person) -> None:
    """End the session that the actor's access token belongs to; its tokens are dead at once."""
    with unit_of_work() as unit:
        session = unit.session.get(SignInSession, actor.session_id, with_for_update=True)
        if session is not None and session.revoked_at is None:
            _revoke(unit, session)


def revoke_sessions(unit: UnitOfWork, *, person_id: int, but_session_id: int | None = None) -> None:
    """End all sessions of a person, or all but one."""
    live = select(SignInSession).where(SignInSession.user_id == person_id, SignInSession.revoked_at.is_(None))
    for session in unit.session.scalars(live.order_by(SignInSession.id).with_for_update()):
        if session.id != but_session_id:
            _revoke(unit, session)


def identify(access_token: str) -> tuple[Person, Claims]:
    """Who an access token speaks for; refuses a dead session and a person who may not sign in."""
    claims = tokens.read(access_token, Use.ACCESS)
    person = queries.find_person(person_id=claims.person_id, session_id=claims.session_id)
    if person is None:
        raise TokenNotValid
    return person, claims


def set_status(*, person_id: int, status: Status) -> None:
    """Suspend or activate a person; suspension ends their sessions."""
    with unit_of_work() as unit:
        unit.session.execute(update(User).where(User.id == person_id).values(status=status))
        if not rules.may_sign_in(status):
            revoke_sessions(unit, person_id=person_id)


def _check(identifier: str, password: str) -> tuple[int, str | None]:
    credentials = queries.find_credentials(identifier)
    person_id, stored, status = credentials or (0, None, Status.INACTIVE)
    if not verify_password(stored, password):
        raise BadCredentials
    if not rules.may_sign_in(status):
        raise AwaitsProof if rules.awaits_proof(status) else BadCredentials
    return person_id, stored


def _lock_live(unit: UnitOfWork, claims: Claims) -> SignInSession:
    session = unit.session.get(SignInSession, claims.session_id, with_for_update=True)
    if session is None or session.revoked_at is not None or session.user_id != claims.person_id:
        raise TokenNotValid
    if queries.find_person(person_id=claims.person_id, session_id=claims.session_id) is None:
        raise TokenNotValid
    return session


def _revoke(unit: UnitOfWork, session: SignInSession) -> None:
    session.revoked_at = clock.now()
    unit.record(SessionRevoked(person_id=session.user_id, session_id=session.id))


def _issue(use: Use, session: SignInSession) -> str:
    return tokens.issue(
        use,
        person_id=session.user_id,
        session_id=session.id,
        generation=session.generation,
        face=session.face,
    )


def _account(person_id: int) -> Account:
    account = queries.find_account(person_id=person_id)
    if account is None:
        raise BadCredentials
    return account
