import pytest
from django.core.management import CommandError, call_command

from config.schedule import BEAT_SCHEDULE
from mail.models import Mail
from tests.factories.mail import create_mail

pytestmark = pytest.mark.django_db


def test_the_sweep_sends_what_waits(mailoutbox):
    mail = create_mail()

    call_command("run_scheduled", "mail-sweep", "seat-sweep")

    mail.refresh_from_db()
    assert mail.state == Mail.State.SENT
    assert [message.to for message in mailoutbox] == [["anna@example.org"]]


@pytest.mark.parametrize("name", BEAT_SCHEDULE)
def test_everything_in_the_schedule_can_be_run(name):
    call_command("run_scheduled", name)


def test_what_is_not_in_the_schedule_is_refused():
    with pytest.raises(CommandError, match="no-such-job"):
        call_command("run_scheduled", "no-such-job")
