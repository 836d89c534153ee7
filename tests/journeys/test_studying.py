"""A student's two years: free, ended by itself, applied for again, and paid."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import time_machine
from django.urls import reverse
from django.utils import formats, timezone, translation
from playwright.sync_api import Page, expect

from billing.models import Invoice
from config import jobs
from members.models import Application, Membership, User
from tests.factories import members
from tests.journeys.conftest import PHONE, LogIn, Mailbox, Visit, sees

EMAIL = "stina.student@umu.example"
CARD = "9876 5432 10"
SCHOOL = "Umeå universitet"
STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAY = timedelta(days=1)


def in_words(day: date) -> str:
    with translation.override("sv"):
        return formats.date_format(day, "DATE_FORMAT")


def apply_as_student(page: Page) -> None:
    page.goto(reverse("start"))
    page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Bli medlem").click()
    page.get_by_role("link", name="Ansök om studentmedlemskap").click()
    expect(page.locator(".lead")).to_have_text("Första året gratis, sedan 200\xa0kr om året")
    page.get_by_label("Namn", exact=True).fill("Stina Student")
    page.get_by_label("E-post", exact=True).fill(EMAIL)
    page.get_by_label("Skola").fill(SCHOOL)
    page.get_by_label("Mecenatnummer").fill(CARD)
    send_application(page)


def send_application(page: Page) -> None:
    last_day = timezone.localdate() + timedelta(days=500)
    page.get_by_label("Sista studiedag").fill(last_day.isoformat())
    page.get_by_label("Nej").check()
    page.get_by_role("button", name="Ansök om medlemskap").click()
    page.wait_for_url("**" + reverse("members:join-sent"))


def confirm(page: Page, mailbox: Mailbox) -> None:
    page.goto(mailbox.link(EMAIL, containing="/bekrafta/"))
    page.get_by_role("button", name="Bekräfta").click()


def approve(page: Page, *, says: str) -> Membership:
    """From the list of what waits, to the decision and what it will cost."""
    page.goto(reverse("admin:index"))
    page.get_by_role("link", name="1 Ansökningar att granska").click()
    page.get_by_role("link", name="Stina Student").click()
    page.get_by_role("link", name="Godkänn").click()
    sees(page, "9876543210")
    sees(page, says)
    page.get_by_role("button", name="Godkänn").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Godkänd")
    return Membership.objects.latest("starts_on")


def nights_until(last: date) -> None:
    """The nightly jobs, each on its night: now and then at first, every night in the end."""
    now_and_then = range((last - timezone.localdate()).days, 35, -30)
    for days_left in [*now_and_then, *range(35, -1, -1)]:
        night = datetime.combine(last - days_left * DAY, time(3, 15), STOCKHOLM)
        with time_machine.travel(night):
            outcomes = jobs.run_nightly()
        assert [outcome for outcome in outcomes if outcome.failed] == []


def expect_filled_in(page: Page) -> None:
    expect(page.get_by_label("Namn", exact=True)).to_have_value("Stina Student")
    expect(page.get_by_label("E-post", exact=True)).to_have_value(EMAIL)
    expect(page.get_by_label("Skola")).to_have_value(SCHOOL)
    expect(page.get_by_label("Mecenatnummer")).to_have_value("9876543210")


def test_student_of_two_years(visit: Visit, log_in: LogIn, mailbox: Mailbox):
    secretary = members.staff()
    today = timezone.localdate()

    # The first year: applied for on a phone, looked at by staff, free.
    page = visit(width=PHONE)
    apply_as_student(page)
    confirm(page, mailbox)
    sees(page, "Tack. Vi går igenom din ansökan och mejlar dig vårt beslut.")
    first = approve(log_in(secretary), says="Gratis: första året")
    student = User.objects.get(email=EMAIL)
    assert (first.user, first.kind.code, first.starts_on) == (student, "student", today)
    assert first.invoice is None
    last_day = in_words(first.ends_on)
    page.goto(reverse("my-pages"))
    sees(page, f"Studentmedlem till och med {last_day}, kostnadsfritt.")
    page.context.close()

    # A year goes by: two notices came, and never an invoice.
    mails = len(mailbox.to(EMAIL))
    nights_until(first.ends_on + DAY)
    notice = f"Ditt studentmedlemskap upphör {last_day}"
    assert mailbox.subjects(EMAIL)[mails:] == [notice, notice]
    assert Membership.objects.get() == first
    assert Invoice.objects.count() == 0

    with time_machine.travel(datetime.combine(first.ends_on + DAY, time(9), STOCKHOLM)):
        # It has ended by itself.
        page = log_in(student)
        page.goto(reverse("my-pages"))
        sees(page, f"Ditt medlemskap upphörde {last_day}.")

        # The second year: the application in the notice is filled in already.
        page = visit()
        page.goto(mailbox.link(EMAIL, containing="/ansok-igen/"))
        expect_filled_in(page)
        send_application(page)
        confirm(page, mailbox)
        second = approve(log_in(secretary), says="200\xa0kr, faktureras genast")

    assert (second.user, second.starts_on) == (student, first.ends_on + DAY)
    assert second.invoice == Invoice.objects.get()
    assert Invoice.objects.get().total == Decimal("200.00")
    assert Application.objects.filter(user=student, state="approved").count() == 2
    assert mailbox.subjects(EMAIL)[-2:] == [
        f"Faktura {Invoice.objects.get().number} från Forum för Dataskydd",
        "Välkommen som medlem",
    ]
