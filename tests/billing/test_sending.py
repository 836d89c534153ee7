import pytest

from billing import letters, operations
from mail.models import Mail
from tests.factories import members
from tests.factories.billing import issue_invoice, pay
from tests.factories.mail import create_mail

pytestmark = pytest.mark.django_db


def test_the_same_mail_is_sent_once_more():
    invoice = issue_invoice()
    Mail.objects.update(state="failed", problem="550")

    mail = operations.send_again(invoice=invoice, by=None)

    assert (mail.state, mail.problem) == ("queued", "")
    assert Mail.objects.count() == 1


def test_an_invoice_that_was_never_mailed_is_mailed():
    invoice = issue_invoice(mail=False)

    for _ in range(2):
        operations.send_again(invoice=invoice, by=None)

    assert Mail.objects.get().key == f"invoice:{invoice.pk}"


def test_a_credit_note_is_sent_as_a_credit_note():
    note = operations.credit_invoice(invoice=issue_invoice(), reason="Fel", by=None)

    mail = operations.send_again(invoice=note, by=None, to="ny@example.org")

    assert (mail.key, mail.to) == (f"credit-note:{note.pk}:ny@example.org", "ny@example.org")
    assert mail.attachments == [["invoice", {"invoice_id": note.pk}]]


def test_a_credit_note_says_what_it_takes_back_without_a_sign(
    mailoutbox, django_capture_on_commit_callbacks
):
    invoice = issue_invoice(mail=False)
    with django_capture_on_commit_callbacks(execute=True):
        operations.credit_invoice(invoice=invoice, reason="Fel", by=None)

    (message,) = mailoutbox
    assert "1\u00a0645\u00a0kr" in message.body
    assert "\u2212" not in message.body


def test_another_address_gets_it_alone_and_once():
    invoice = issue_invoice(buyer=members.person())

    for address in ("Ny@example.org", "ny@EXAMPLE.org"):
        operations.send_again(invoice=invoice, by=None, to=address)

    first, other = Mail.objects.order_by("pk")
    assert (first.cc, other.cc) == (invoice.buyer.email, "")


def test_the_customers_own_address_is_not_another():
    invoice = issue_invoice()

    operations.send_again(invoice=invoice, by=None, to=invoice.customer_email.upper())

    assert Mail.objects.count() == 1


def test_which_mails_are_about_an_invoice():
    first, other = issue_invoice(), issue_invoice()
    pay(first)
    pay(other)
    operations.send_again(invoice=first, by=None, to="ny@example.org")
    create_mail(key=f"reminder:{first.pk}:7")
    create_mail(key=f"reminder:{first.pk}0:7")
    create_mail(key=f"welcome:{first.pk}")

    keys = letters.about(first).order_by("key").values_list("key", flat=True)

    assert list(keys) == [
        f"invoice:{first.pk}",
        f"invoice:{first.pk}:ny@example.org",
        f"receipt:{first.payments.get().pk}",
        f"reminder:{first.pk}:7",
    ]


def test_undelivered_are_found_by_any_of_their_mails():
    refused, by_receipt, by_reminder, fine = (issue_invoice() for _ in range(4))
    receipt = pay(by_receipt)
    create_mail(key=f"reminder:{by_reminder.pk}:7")
    keys = (f"invoice:{refused.pk}", f"receipt:{receipt.pk}", f"reminder:{by_reminder.pk}:7")
    Mail.objects.filter(key__in=keys).update(state="failed")
    create_mail(key=f"invoices-of-the-year:{fine.pk}", state="failed")

    assert set(letters.undelivered()) == {refused, by_receipt, by_reminder}
