"""What the membership secretary did this morning, and what she has not come to yet."""

from collections.abc import Mapping, Sequence

from allauth.account.models import EmailAddress

from billing.models import Invoice
from config.demo.seed.clock import Clock
from config.demo.seed.crowd import Person
from members.models import Membership, User
from members.old_register.reading import read
from members.old_register.resource import OldRegister
from members.operations import change_payer, collect_fees
from members.operations.collecting import payer_key

# A few who had been forgotten when the register was moved here.
FORGOTTEN = """E-post;Namn;Telefon;Arbetsgivare;Medlem från;Medlem till;Medlemstyp;Samtycke
gunborg.aspedal@brevlada.example;Aspedal, Gunborg;701740605;;1/9 {year};31/8 {next};Ordinarie;ja
TORE.LINDVALLA@HEMPOSTEN.example;Tore Lindvalla;070-174 06 06;;{year}0901;{next}0831;Ordinarie;
nora.vikmark@brevlada.example;Nora Vikmark;;;{year}-09-01;{next}-08-31;Studentmedlem;
"""

OLD_MEMBERS = 3
_OF_EMPLOYER = ("name", "organisation_number", "street", "postcode", "city", "email", "reference")


class Office:
    def __init__(self, clock: Clock, staff: Mapping[str, User], people: Sequence[Person]) -> None:
        self.clock, self.secretary = clock, staff["secretary"]
        self.members = [one.user for one in people if one.user and one.life.is_member(clock.today)]
        self.free = [one.user for one in people if one.user and not one.is_known]

    def pass_by(self) -> None:
        self._the_forgotten_are_taken_over()
        self._an_employer_gets_one_invoice()
        self._somebody_is_in_the_register_twice()

    def _the_forgotten_are_taken_over(self) -> None:
        """From the old register, with an invitation each."""
        year = self.clock.today.year - (self.clock.today.month < 9)
        file = FORGOTTEN.format(year=year, next=year + 1)
        register = OldRegister(
            by=self.secretary,
            now=self.clock.now,
            today=self.clock.today,
            send_invitations=True,
        )
        register.go_through(read(file.encode()), dry_run=False)

    def _an_employer_gets_one_invoice(self) -> None:
        """Colleagues who had an invoice each: the employer asked for one."""
        unpaid = Invoice.objects.open().filter(paid=0, credited=0).values("pk")
        rows = Membership.objects.not_ended().filter(
            user__in=self.free, invoice__in=unpaid, invoice_line=None
        )
        paid_for = [
            row for row in rows.select_related("user").order_by("-pk") if payer_key(row.user)
        ]
        if len(paid_for) < 2:
            return
        first, *others = paid_for[:3]
        for row in others:
            details, theirs = row.user.billing_details, first.user.billing_details
            for name in _OF_EMPLOYER:
                setattr(details, name, getattr(theirs, name))
            change_payer(details=details, by=row.user)
        collect_fees(memberships=paid_for[:3], by=self.secretary, today=self.clock.today)

    def _somebody_is_in_the_register_twice(self) -> None:
        """With another address: waits among the duplicates."""
        user = next(one for one in reversed(self.members) if one in self.free)
        double = User(
            email=f"{user.email.partition('@')[0]}@hemposten.example",
            name=user.name,
            phone=user.phone,
            employer=user.employer,
            language=user.language,
        )
        double.set_unusable_password()
        double.save()
        EmailAddress.objects.create(user=double, email=double.email, primary=True, verified=True)
