"""Staff read the queue, and nothing in it that only the receiver may use."""

import pytest
from django.conf import settings
from django.urls import reverse

from mail.models import Mail
from members import roles
from tests.factories import members
from tests.factories.mail import create_mail

pytestmark = pytest.mark.django_db

LIST = reverse("admin:mail_mail_changelist")
SECRET_LINK = f"{settings.SITE_URL}/bokning/very-secret-token/"


def page_of(mail: Mail) -> str:
    return reverse("admin:mail_mail_change", args=[mail.pk])


@pytest.fixture(params=[roles.EVENT_MANAGER, roles.TREASURER, roles.PRIVACY_OFFICER])
def reader(request, client):
    client.force_login(members.staff(request.param))
    return client


def test_a_code_is_not_shown(reader):
    mail = create_mail(key="account:login:1", text="Koden är ZCGS-WPNQ", html="<b>ZCGS-WPNQ</b>")

    page = reader.get(page_of(mail)).content.decode()

    assert "ZCGS" not in page
    assert mail.to in page


def test_a_link_is_not_shown(reader):
    text = f"Hej Anna!\n\nDin plats: {SECRET_LINK}\n"
    mail = create_mail(text=text, html=f'<a href="{SECRET_LINK}">', unsubscribe_url=SECRET_LINK)

    page = reader.get(page_of(mail)).content.decode()

    assert "very-secret-token" not in page
    assert "Hej Anna!" in page


def test_a_code_is_not_sent_again(client):
    client.force_login(members.staff(is_superuser=True))
    sent = {"state": Mail.State.FAILED}
    code, letter = create_mail(key="account:login:1", **sent), create_mail(key="welcome:1", **sent)

    client.post(LIST, {"action": "send_again", "_selected_action": [code.pk, letter.pk]})

    code.refresh_from_db()
    letter.refresh_from_db()
    assert code.state == Mail.State.FAILED
    assert letter.state in {Mail.State.QUEUED, Mail.State.SENT}
