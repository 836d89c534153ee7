"""What happens in the account: payment pages, payments, refunds, disputes and payouts.

The API and the payment page call these, and so do tests, which play the customer and the bank.
Each is one transaction together with the events it causes.
"""

import time
from collections.abc import Callable

from config.demo.stripe_stand_in import objects
from config.demo.stripe_stand_in.errors import StripeRefusal, missing, parameter
from config.demo.stripe_stand_in.objects import Object
from config.demo.stripe_stand_in.session_checks import check_session
from config.demo.stripe_stand_in.state import State

DISPUTE_FEE = 175_00  # öre
GOOD_CARD, DISPUTED_CARD = "4242424242424242", "4000000000000259"
DECLINED_CARDS = {
    "4000000000000002": ("card_declined", "generic_decline", "Your card was declined."),
    "4000000000009995": (
        "card_declined",
        "insufficient_funds",
        "Your card has insufficient funds.",
    ),
    "4000000000000069": ("expired_card", "expired_card", "Your card has expired."),
    "4000000000000127": ("incorrect_cvc", "incorrect_cvc", "Your card's security code is wrong."),
}
INCORRECT_NUMBER = ("incorrect_number", "incorrect_number", "Your card number is incorrect.")

Emit = Callable[[Object], None]


class Declined(Exception):
    """The bank says no. `code` is Stripe's reason."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Account:
    """The association's account at Stripe. `emit` is told of each event."""

    def __init__(self, state: State, *, emit: Emit, clock: Callable[[], float] = time.time) -> None:
        self.state = state
        self._emit = emit
        self._clock = clock

    @property
    def now(self) -> int:
        return int(self._clock())

    def find(self, kind: str, identifier: str) -> Object:
        found = self.state.get(identifier)
        if found is None or found["object"] != kind:
            raise missing(kind, identifier)
        return found

    # --- Payment pages --------------------------------------------------------------------

    def create_session(self, params: Object, *, page: str) -> Object:
        """`page` is the address of this server, where the payment page is."""
        check_session(params, now=self.now)
        session = objects.checkout_session(params, now=self.now, page=page)
        with self.state.change():
            return self.state.put(session)

    def session(self, identifier: str) -> Object:
        """As it is now: one whose time has passed has expired."""
        with self.state.change():
            found = self.find("checkout.session", identifier)
            if found["status"] == "open" and found["expires_at"] <= self.now:
                return self._expire(found)
            return found

    def expire_session(self, identifier: str) -> Object:
        with self.state.change():
            found = self.session(identifier)
            if found["status"] != "open":
                raise StripeRefusal("Only an open Checkout Session can be expired.")
            return self._expire(found)

    def expire_what_is_due(self) -> None:
        for found in self.state.newest_first("checkout.session"):
            if found["status"] == "open" and found["expires_at"] <= self.now:
                self.session(found["id"])

    def _expire(self, session: Object) -> Object:
        session |= {"status": "expired", "url": None}
        self.state.put(session)
        self._tell("checkout.session.expired", session)
        return session

    # --- Payments -------------------------------------------------------------------------

    def pay(
        self,
        session_id: str,
        *,
        method: str = "card",
        number: str = GOOD_CARD,
        email: str | None = None,
        settled: bool = True,
    ) -> Object:
        """The customer pays on the page. With `settled=False` the money is only under way."""
        declined: Declined | None = None
        with self.state.change():
            session = self.session(session_id)
            if session["status"] != "open":
                raise StripeRefusal(f"This Checkout Session is {session['status']}.")
            intent = self._intent(session)
            refusal = _refusal_of(number) if method == "card" else None
            if refusal is None:
                self._complete(session, intent, method, number, email, settled)
            else:
                declined = self._decline(intent, refusal)
        if declined is not None:
            raise declined
        return session

    def settle(self, session_id: str, *, succeeded: bool = True) -> Object:
        """Money that was under way arrives, or does not."""
        with self.state.change():
            session = self.find("checkout.session", session_id)
            if session["status"] != "complete" or session["payment_status"] != "unpaid":
                raise StripeRefusal("No payment of this Checkout Session is under way.")
            intent = self.find("payment_intent", session["payment_intent"])
            if succeeded:
                session["payment_status"] = "paid"
                self.state.put(session)
                self._charge(intent, session, "klarna", "")
                self._tell("checkout.session.async_payment_succeeded", session)
            else:
                intent |= {"status": "requires_payment_method"}
                self.state.put(intent)
                self._tell("payment_intent.payment_failed", intent)
                self._tell("checkout.session.async_payment_failed", session)
            return session

    def _intent(self, session: Object) -> Object:
        if session["payment_intent"]:
            return self.find("payment_intent", session["payment_intent"])
        intent = self.state.put(objects.payment_intent(session, now=self.now))
        session["payment_intent"] = intent["id"]
        self.state.put(session)
        self._tell("payment_intent.created", intent)
        return intent

    def _complete(
        self,
        session: Object,
        intent: Object,
        method: str,
        number: str,
        email: str | None,
        settled: bool,
    ) -> None:
        email = email or session["customer_email"]
        if email:
            session["customer_details"] = objects.customer(email)
        session |= {
            "status": "complete",
            "url": None,
            "payment_status": "paid" if settled else "unpaid",
        }
        self.state.put(session)
        if settled:
            self._charge(intent, session, method, number[-4:])
        else:
            intent["status"] = "processing"
            self.state.put(intent)
            self._tell("payment_intent.processing", intent)
        self._tell("checkout.session.completed", session)
        if settled and method == "card" and number == DISPUTED_CARD:
            self.dispute(intent["id"])

    def _charge(self, intent: Object, session: Object, method: str, last4: str) -> None:
        payer = session["customer_details"] or {}
        charge = objects.charge(intent, now=self.now, method=method, last4=last4, payer=payer)
        self._book(charge, kind="charge", amount=charge["amount"], fee_for=method)
        intent |= {
            "status": "succeeded",
            "amount_received": charge["amount"],
            "latest_charge": charge["id"],
            "payment_method": charge["payment_method"],
            "last_payment_error": None,
        }
        self.state.put(intent)
        self._tell("charge.succeeded", charge)
        self._tell("payment_intent.succeeded", intent)

    def _decline(self, intent: Object, refusal: tuple[str, str, str]) -> Declined:
        code, reason, message = refusal
        intent["last_payment_error"] = {
            "type": "card_error",
            "code": code,
            "decline_code": reason,
            "message": message,
        }
        self.state.put(intent)
        self._tell("payment_intent.payment_failed", intent)
        return Declined(code, message)

    # --- What comes after -----------------------------------------------------------------

    def refund(self, params: Object) -> Object:
        with self.state.change():
            charge = self._charge_of(params)
            left = charge["amount"] - charge["amount_refunded"]
            if charge["disputed"]:
                raise StripeRefusal(
                    f"Charge {charge['id']} has been charged back; cannot issue a refund.",
                    code="charge_disputed",
                )
            if left == 0:
                raise StripeRefusal(
                    f"Charge {charge['id']} has already been refunded.",
                    code="charge_already_refunded",
                )
            amount = params.get("amount", left)
            if not 0 < amount <= left:
                raise parameter(
                    f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
                    if amount > left
                    else "Invalid positive integer",
                    "amount",
                )
            refund = objects.refund(charge, now=self.now, amount=amount, params=params)
            self._book(refund, kind="refund", amount=-amount)
            charge["amount_refunded"] += amount
            charge["refunded"] = charge["amount_refunded"] == charge["amount"]
            self.state.put(charge)
            self._tell("refund.created", refund)
            self._tell("charge.refunded", charge)
            return refund

    def dispute(self, payment_intent: str, *, reason: str = "fraudulent") -> Object:
        """The customer asks the bank to take the money back, and the bank takes it."""
        with self.state.change():
            charge = self._charge_of({"payment_intent": payment_intent})
            dispute = objects.dispute(charge, now=self.now, reason=reason)
            taken = objects.balance_transaction(
                dispute,
                now=self.now,
                kind="adjustment",
                amount=-dispute["amount"],
                fee=DISPUTE_FEE,
                category="dispute",
            )
            dispute["balance_transactions"] = [self.state.put(taken)]
            charge["disputed"] = True
            self.state.put(dispute)
            self.state.put(charge)
            self._tell("charge.dispute.created", dispute)
            self._tell("charge.dispute.funds_withdrawn", dispute)
            return dispute

    def decide_dispute(self, dispute_id: str, *, won: bool) -> Object:
        """The bank has heard both: when the association is right it gets the money again."""
        with self.state.change():
            dispute = self.find("dispute", dispute_id)
            if won:
                given = objects.balance_transaction(
                    dispute,
                    now=self.now,
                    kind="adjustment",
                    amount=dispute["amount"],
                    category="dispute_reversal",
                )
                dispute["balance_transactions"].append(self.state.put(given))
            dispute["status"] = "won" if won else "lost"
            self.state.put(dispute)
            if won:
                self._tell("charge.dispute.funds_reinstated", dispute)
            self._tell("charge.dispute.closed", dispute)
            return dispute

    def available(self, currency: str) -> int:
        return sum(item["net"] for item in self._unpaid_transactions(currency))

    def pay_out(self, *, currency: str = "sek", amount: int | None = None) -> Object:
        """All that has come in goes to the bank, as Stripe does by itself every few days."""
        with self.state.change():
            transactions = self._unpaid_transactions(currency)
            total = sum(item["net"] for item in transactions)
            if total <= 0 or amount not in (None, total):
                raise StripeRefusal(
                    f"The stand-in pays out the whole balance or nothing; it is {total}.",
                    code="balance_insufficient",
                )
            payout = objects.payout(now=self.now, amount=total, currency=currency)
            for item in transactions:
                self.state.put(item | {"_payout": payout["id"]})
            self._book(payout, kind="payout", amount=-total, payout=payout["id"])
            self._tell("payout.created", payout)
            self._tell("payout.paid", payout)
            return payout

    def _unpaid_transactions(self, currency: str) -> list[Object]:
        return [
            item
            for item in self.state.newest_first("balance_transaction")
            if item["currency"] == currency and item["_payout"] is None
        ]

    def _charge_of(self, params: Object) -> Object:
        if "charge" in params:
            return self.find("charge", params["charge"])
        if "payment_intent" not in params:
            raise parameter(
                "One of the following params should be provided: `payment_intent`, `charge`.",
                "payment_intent",
            )
        intent = self.find("payment_intent", params["payment_intent"])
        if intent["latest_charge"] is None:
            raise StripeRefusal(
                f"PaymentIntent {intent['id']} has no successful charge to refund.",
                code="resource_missing",
            )
        return self.find("charge", intent["latest_charge"])

    def _book(
        self,
        source: Object,
        *,
        kind: str,
        amount: int,
        fee_for: str = "",
        payout: str | None = None,
    ) -> None:
        """Every movement of the balance has a transaction, with the fee that Stripe took."""
        fee = objects.fee(amount, fee_for) if fee_for else 0
        booked = objects.balance_transaction(
            source, now=self.now, kind=kind, amount=amount, fee=fee
        )
        source["balance_transaction"] = booked["id"]
        self.state.put(booked | {"_payout": payout})
        self.state.put(source)

    def _tell(self, kind: str, item: Object) -> None:
        event = objects.event(kind, item, now=self.now)
        self._emit(self.state.put(event))


def _refusal_of(number: str) -> tuple[str, str, str] | None:
    if number in (GOOD_CARD, DISPUTED_CARD):
        return None
    return DECLINED_CARDS.get(number, INCORRECT_NUMBER)
