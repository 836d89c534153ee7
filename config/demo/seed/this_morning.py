"""What happened since yesterday, by the operations themselves: bank file, carts, waiting list."""

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random

from django.utils.translation import gettext as _

import events.operations
from billing.models import Invoice, Payment, StripeEvent
from billing.operations import (
    import_bank_file,
    register_payment,
    write_off,
)
from billing.operations.paying import locked_balance
from config.demo import bank_file
from config.demo.bank_file import Transfer
from config.demo.seed.clock import DAY, Clock
from config.demo.seed.crowd import Person
from config.demo.seed.sales import BANK, BY_HAND, CARD
from config.demo.seed.seats import House
from events.models import Booking
from members.models import BillingDetails, User
from members.operations import change_payer, movable, move_invoice

ON_SITE = Booking.Mode.ON_SITE
SMALL = Decimal(10)


class Morning:
    def __init__(
        self,
        random: Random,
        clock: Clock,
        staff: Mapping[str, User],
        people: Sequence[Person],
        houses: Sequence[House],
    ) -> None:
        self.random, self.clock, self.staff = random, clock, staff
        self.members = [one for one in people if one.user and one.life.is_member(clock.today)]
        self.houses = {house.plan.name: house for house in houses}  # of two, the one to come

    def pass_by(self) -> None:
        self._bank_file_comes()
        self._card_payment_is_disputed()
        self._fee_is_moved_to_an_employer()
        self._little_is_written_off()
        self._seats_are_given_back()
        self._people_wait()
        self._people_shop()

    # --- Money ------------------------------------------------------------------------------------

    def _bank_file_comes(self) -> None:
        """One payment that fits, and one of each kind that waits for the treasurer."""
        exact, too_much, *_rest = self._open_invoices()
        paid_twice = Invoice.objects.settled().filter(payments__method=BANK).order_by("-pk")[0]
        transfers = [
            _transfer(exact, locked_balance(exact)),
            _transfer(too_much, locked_balance(too_much) + 100),
            _transfer(paid_twice, paid_twice.total),
            Transfer("Sällinge kommun", Decimal(1645), "0000001", text="Medlemsavgift A Lind"),
            Transfer(
                "Region Mittskogen",
                Decimal(3000),
                "0000002",
                text=f"Fakturor {paid_twice.ocr} och {exact.ocr}",
            ),
        ]
        name = f"camt054-{self.clock.today}.xml"
        data = bank_file.written(transfers, name=name, now=self.clock.now)
        import_bank_file(data=data, name=name, by=self.staff["treasurer"])

    def _open_invoices(self) -> list[Invoice]:
        """Of the many, not yet due, newest first: those one can be keep theirs."""
        buyers = [one.user for one in self.members if not one.is_known]
        rows = Invoice.objects.open().filter(buyer__in=buyers, due_on__gte=self.clock.today)
        return list(rows.order_by("-pk"))

    def _card_payment_is_disputed(self) -> None:
        """Stripe has told of it; staff must answer there."""
        by_card = Payment.objects.filter(method=Payment.Method.CARD).select_related("invoice")
        number = by_card.latest("paid_on", "pk").invoice.number
        told = _("The card payment of invoice %s is disputed. Answer in Stripe's dashboard.")
        StripeEvent.objects.create(
            event_id="evt_demo_dispute",
            type="charge.dispute.created",
            payload={"data": {"object": {"id": "dp_demo"}}},
            applied_at=self.clock.now,
            problem=told % number,
        )

    def _fee_is_moved_to_an_employer(self) -> None:
        """The invoice came home and belongs at work: credited, and issued anew."""
        person = next(
            one
            for one in reversed(self.members)
            if one.employer and not one.employer_pays and one.user and movable(one.user)
        )
        employer, details, user = person.employer, person.details, person.user
        assert employer and details and user  # noqa: S101  see above
        details.payer, details.name = BillingDetails.Payer.EMPLOYER, employer.name
        details.organisation_number = employer.organisation_number
        details.street, details.postcode = employer.street, employer.postcode
        details.city, details.email = employer.city, f"faktura@{employer.domain}"
        change_payer(details=details, by=user)
        move_invoice(user=user, by=user, today=self.clock.today)

    def _little_is_written_off(self) -> None:
        little = Invoice.objects.open().filter(balance__lte=SMALL).order_by("pk")
        for invoice in little:
            write_off(
                invoice=invoice,
                reason="För litet för att kräva in",
                by=self.staff["treasurer"],
                today=self.clock.today,
            )

    # --- Seats ------------------------------------------------------------------------------------

    def _seats_are_given_back(self) -> None:
        """Two that were paid for. One has got the money back, the other is to get it."""
        manager, treasurer = self.staff["event-manager"], self.staff["treasurer"]
        seats = self._paid_seats()
        for booking, _invoice in seats:
            events.operations.cancel(booking=booking, by=manager, by_staff=True, now=self.clock.now)
        booking, invoice = seats[0]
        register_payment(
            invoice=invoice,
            amount=-booking.amount,
            paid_on=self.clock.today,
            method=BY_HAND,
            external_id="by-hand:demo-refund",
            by=treasurer,
            note="Återbetalat till betalarens konto",
        )

    def _paid_seats(self) -> list[tuple[Booking, Invoice]]:
        rows = self.houses["arena"].event.bookings.filter(state=Booking.State.CONFIRMED)
        sold = rows.filter(invoice_line__isnull=False, user__isnull=True).order_by("pk")[:2]
        seats = [(row, Invoice.objects.get(lines=row.invoice_line)) for row in sold]
        for _booking, invoice in seats:
            self._pay_rest(invoice)
        return seats

    def _pay_rest(self, invoice: Invoice) -> None:
        balance = locked_balance(invoice)
        if balance > 0:
            register_payment(
                invoice=invoice,
                amount=balance,
                paid_on=self.clock.ago(1),
                method=CARD,
                external_id=f"stripe:pi_demo_{invoice.number}",
            )

    def _people_wait(self) -> None:
        """Six wait for the workshop; then a seat is given back, and the first has an offer."""
        workshop = self.houses["workshop"]
        coming = [one for one in self.members if one.email not in workshop.people]
        waiting = [one for one in coming if one.is_first_in_line]
        waiting += self.random.sample([one for one in coming if not one.is_known], 5)
        for person in waiting:
            events.operations.join_waiting_list(
                event=workshop.event, mode=ON_SITE, by=person.user, now=self.clock.now
            )
        given_back = workshop.event.bookings.filter(user__isnull=False).seated().first()
        assert given_back is not None  # noqa: S101  it is full
        events.operations.cancel(booking=given_back, by=given_back.user, now=self.clock.now)

    def _people_shop(self) -> None:
        """Carts: two that hold a seat now, and two that lost theirs to the clock yesterday."""
        arena = self.houses["arena"]
        yesterday, now = self.clock.now - DAY, self.clock.now
        shopper = next(one for one in self.members if self._may_shop(one, arena))
        for by, moment in ((None, yesterday), (None, yesterday), (None, now), (shopper.user, now)):
            cart = uuid.UUID(int=self.random.getrandbits(128), version=4)
            events.operations.hold_seat(
                event=arena.event, mode=ON_SITE, cart=cart, by=by, now=moment
            )
        events.operations.sweep_seats(now=now)

    def _may_shop(self, person: Person, house: House) -> bool:
        return not person.is_known and person.email not in house.people


def _transfer(invoice: Invoice, amount: Decimal) -> Transfer:
    return Transfer(invoice.customer_name, amount, f"{invoice.sequence:07}", ocr=invoice.ocr or "")
