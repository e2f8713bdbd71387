from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from marketplace.domains.notifications import public as notifications
from marketplace.domains.notifications.public import Changes, Filter, Type
from marketplace.domains.notifications.service import notify
from marketplace.kernel.database import database
from marketplace.kernel.pages import PageRequest
from tests.factories.people import person
from tests.query_count import counted_queries


@pytest.fixture
def sara(app):
    return person(username="sara")


def tell(reader, key="1", kind=Type.TASK_CANCELLED, actor_id=None):
    notify(
        kind,
        person_id=reader.id,
        actor_id=actor_id,
        key=key,
        words={"thing": "task", "title": "Paint a wall", "amount": "$120.00"},
        data={"task_id": 42},
    )


def inbox(reader, **wanted):
    page = notifications.list_notifications(
        person_id=reader.id, wanted=Filter(**wanted), request=PageRequest(size=100)
    )
    return list(page.items)


def test_the_same_is_told_once(sara):
    for _ in range(3):
        tell(sara)
    tell(sara, key="2")
    tell(sara, kind=Type.TASK_COMPLETED)
    assert [told.type for told in inbox(sara)] == ["task_completed", "task_cancelled", "task_cancelled"]


def test_eight_who_tell_the_same_at_once_tell_it_once(sara):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: tell(sara), range(8)))
    assert len(inbox(sara)) == 1
    with database.autocommit.connect() as connection:
        query = "SELECT count(*) FROM outbox_facts WHERE name = 'notifications.NotificationCreated'"
        assert connection.scalar(sa.text(query)) == 1


def test_nobody_is_told_of_their_own_act(sara):
    tell(sara, actor_id=sara.id)
    assert inbox(sara) == []


def test_money_is_told_of_whatever_else_is_muted(sara):
    notifications.change_preferences(
        actor=sara, changes=Changes(types={Type.TASK_CANCELLED: False, Type.SYSTEM: False})
    )
    tell(sara)
    tell(sara, kind=Type.PAYMENT_HELD)
    assert [told.message for told in inbox(sara)] == [
        "$120.00 for “Paint a wall” is paid and held in escrow."
    ]


def test_the_database_refuses_to_mute_money(sara):
    mute = "INSERT INTO notification_preferences (person_id, muted) VALUES (:id, ARRAY['payment_held'])"
    with (
        database.autocommit.connect() as connection,
        pytest.raises(sa.exc.IntegrityError, match="ck_notification_preferences_muted"),
    ):
        connection.execute(sa.text(mute), {"id": sara.id})


def test_two_who_change_different_preferences_at_once_both_succeed(sara):
    kinds = [Type.NEW_APPLICATION, Type.NEW_MESSAGE, Type.SYSTEM, Type.TASK_CANCELLED] * 2
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda kind: notifications.change_preferences(
                    actor=sara, changes=Changes(types={kind: False})
                ),
                kinds,
            )
        )
    assert notifications.get_preferences(person_id=sara.id).muted == set(kinds)


@pytest.mark.parametrize("rows", [10, 200])
def test_the_inbox_costs_the_same_however_long_it_is(sara, rows):
    for number in range(rows):
        tell(sara, key=str(number))
    with counted_queries() as queries:
        assert len(inbox(sara)) == min(rows, 100)
    assert len(queries) == 2
