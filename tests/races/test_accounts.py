"""People who change themselves while others count on them: real threads on real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.errors import EmailTaken, RoleRequired
from marketplace.domains.accounts.events import VerificationAsked
from marketplace.domains.accounts.public import Account, AccountChanges, Role
from marketplace.domains.accounts.service import change as change_service
from marketplace.domains.accounts.service.verify import ask_for_verification
from marketplace.domains.deals import public as deals
from marketplace.domains.deals.errors import StillClient, StillFreelancer
from marketplace.domains.deals.public import ApplicationView, TaskView, Terms
from marketplace.domains.listings.public import Draft, Kind
from marketplace.kernel.money import Money
from tests.factories.payments import person
from tests.factories.people import application, task
from tests.facts import facts_of
from tests.together import together

REPEATS = 25
DRAFT = Draft(
    kind=Kind.TASK, title="Paint a fence", description="Blue.", category_id=6, price=Money(10_000, "USD")
)
TERMS = Terms(proposal="I can", price=Money(12_000, "USD"))


def give_up(who, role):
    return deals.change_account(actor=who, changes=AccountChanges(roles={role: False}))


def move_to(who, email):
    return deals.change_account(actor=who, changes=AccountChanges(email=email))


def roles_of(who):
    return accounts.get_account(person_id=who.id).roles


def test_who_gives_up_a_role_does_not_apply_with_it_at_the_same_moment(app):
    owner = person(Role.CLIENT)
    for _ in range(REPEATS):
        seller, listing = person(), task(owner)
        left, applied = together(
            partial(give_up, seller, Role.FREELANCER),
            partial(deals.apply, actor=seller, task_id=listing.id, terms=TERMS),
        )
        if isinstance(left, Account):
            assert isinstance(applied, RoleRequired)
            assert roles_of(seller) == {Role.CLIENT}
        else:
            assert isinstance(left, StillFreelancer)
            assert isinstance(applied, ApplicationView)


def test_who_gives_up_a_role_does_not_post_with_it_at_the_same_moment(app):
    for _ in range(REPEATS):
        owner = person()
        left, posted = together(
            partial(give_up, owner, Role.CLIENT), partial(deals.post_task, actor=owner, draft=DRAFT)
        )
        if isinstance(left, Account):
            assert isinstance(posted, RoleRequired)
        else:
            assert isinstance(left, StillClient)
            assert isinstance(posted, TaskView)


def test_who_is_chosen_at_this_moment_stays_a_freelancer(app):
    owner = person(Role.CLIENT)
    for _ in range(REPEATS):
        seller = person()
        offer = application(seller, task(owner))
        left, chosen = together(
            partial(give_up, seller, Role.FREELANCER),
            partial(deals.accept, actor=owner, application_id=offer.id),
        )
        assert isinstance(left, StillFreelancer)
        assert isinstance(chosen, ApplicationView)


def test_nobody_gives_up_both_roles_by_two_requests(app):
    for _ in range(REPEATS):
        who = person()
        together(partial(give_up, who, Role.CLIENT), partial(give_up, who, Role.FREELANCER))
        assert len(roles_of(who)) == 1


def test_of_six_who_move_to_one_address_one_does(app):
    crowd = [person() for _ in range(6)]
    results = together(*(partial(move_to, who, "Shared@example.com") for who in crowd))
    assert sum(isinstance(result, Account) for result in results) == 1
    assert sum(isinstance(result, EmailTaken) for result in results) == 5


def test_a_code_asked_for_while_the_address_changes_is_not_mailed_to_the_old_one(app, monkeypatch):
    who = person()
    with ThreadPoolExecutor(1) as pool:
        asked = []

        def ask_and_wait(unit, **whom):
            ask_for_verification(unit, **whom)
            asked.append(pool.submit(accounts.resend_verification, person=who, email=None))
            # it waits for our lock: without one, its code would be made by now, and nobody would end it
            wait(asked, timeout=0.5)

        monkeypatch.setattr(change_service, "ask_for_verification", ask_and_wait)
        move_to(who, "new@example.com")
        asked[0].result(timeout=20)
    assert len(facts_of(VerificationAsked)) == 1
