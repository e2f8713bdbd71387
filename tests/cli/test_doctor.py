"""`flask doctor` on a house that is well and on one that is not."""

import pytest
import sqlalchemy as sa

from marketplace.domains.deals import public as deals
from marketplace.domains.messaging import public as messaging
from tests.factories.people import application, person, task


@pytest.fixture
def story(app):
    owner, seller = person(), person()
    listing = task(owner)
    deal = application(seller, listing)
    deals.accept(actor=owner, application_id=deal.id)
    room, _ = messaging.open_direct(actor=owner, participant_id=seller.id)
    messaging.send(actor=owner, room_id=room.id, body="Good morning")
    return listing


def test_a_house_in_order_is_well(app, story):
    result = app.test_cli_runner().invoke(args=["doctor", "--offline"])
    assert result.exit_code == 0, result.output
    assert [line.split(": ")[1] for line in result.output.splitlines()] == ["well"] * 6


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("UPDATE listings SET deals_count = 7", "task 1 counts 7 deals, there are 1"),
        (
            "UPDATE deals SET status = 'completed'",
            "task 1 is in_progress, its chosen application completed",
        ),
        ("UPDATE listings SET status = 'deleted'", "application 1 is accepted, its task 1 deleted"),
        ("UPDATE rooms SET last_seq = 9", "room 1 says 9 messages, there are 1"),
        ("UPDATE outbox_deliveries SET done_at = NULL, due_at = now() - interval '1 hour'", "late"),
        ("UPDATE alembic_version SET version_num = '0001'", "newest revision"),
    ],
)
def test_each_harm_is_told(app, owner, story, harm, told):
    with owner.connect() as connection:
        before = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        connection.execute(sa.text(harm))
        result = app.test_cli_runner().invoke(args=["doctor", "--offline"])
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :before"), {"before": before})
    assert result.exit_code == 1
    assert told in result.output
