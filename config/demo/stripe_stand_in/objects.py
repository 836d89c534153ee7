"""The shapes of Stripe's objects: its field names, with what a Swedish association meets in them.

Keys that begin with an underscore are the stand-in's own and are never answered.
"""

import secrets
from typing import Any

Object = dict[str, Any]

API_VERSION = "2026-10-28.endive"
ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
# Much like the Swedish price list: tenths of a per cent, and a fixed part in öre.
FEES = {"card": (15, 180), "swish": (10, 300), "klarna": (33, 300)}


def new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"


def fee(amount: int, method: str) -> int:
    per_thousand, fixed = FEES[method]
    return (amount * per_thousand + 500) // 1000 + fixed


def public(value: Any) -> Any:
    """Without what is only ours."""
    if isinstance(value, dict):
        return {key: public(inner) for key, inner in value.items() if not key.startswith("_")}
    if isinstance(value, list):
        return [public(inner) for inner in value]
    return value


def listing(data: list[Object], url: str, *, has_more: bool = False) -> Object:
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def checkout_session(params: Object, *, now: int, page: str) -> Object:
    lines = [line_item(item) for item in params["line_items"]]
    identifier = f"cs_test_{secrets.token_hex(29)}"
    total = sum(line["amount_total"] for line in lines)
    email = params.get("customer_email")
    return {
        "id": identifier,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "after_expiration": None,
        "allow_promotion_codes": None,
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": None,
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "client_secret": None,
        "consent": None,
        "consent_collection": None,
        "created": now,
        "currency": lines[0]["currency"],
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        "customer": None,
        "customer_creation": "if_required",
        "customer_details": customer(email) if email else None,
        "customer_email": email,
        "expires_at": params.get("expires_at", now + 24 * 3600),
        "invoice": None,
        "livemode": False,
        "locale": params.get("locale"),
        "metadata": params.get("metadata", {}),
        "mode": "payment",
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required",
        "payment_method_options": {},
        "payment_method_types": params.get("allowed_payment_method_types", list(FEES)),
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": params.get("submit_type"),
        "subscription": None,
        "success_url": params["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{page}/c/pay/{identifier}",
        "_lines": lines,
        "_payment": params.get("payment_intent_data", {}),
    }


def customer(email: str, name: str | None = None) -> Object:
    return {
        "address": dict(ADDRESS),
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": None,
    }


def line_item(item: Object) -> Object:
    price = item["price_data"]
    quantity = item.get("quantity", 1)
    total = price["unit_amount"] * quantity
    return {
        "id": new_id("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": price["currency"],
        "description": price["product_data"]["name"],
        "metadata": item.get("metadata", {}),
        "quantity": quantity,
        "price": {
            "id": new_id("price"),
            "object": "price",
            "active": False,
            "billing_scheme": "per_unit",
            "currency": price["currency"],
            "livemode": False,
            "product": new_id("prod"),
            "type": "one_time",
            "unit_amount": price["unit_amount"],
            "unit_amount_decimal": str(price["unit_amount"]),
        },
    }


def payment_intent(session: Object, *, now: int) -> Object:
    identifier = new_id("pi")
    data = session["_payment"]
    return {
        "id": identifier,
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{identifier}_secret_{secrets.token_hex(12)}",
        "confirmation_method": "automatic",
        "created": now,
        "currency": session["currency"],
        "customer": None,
        "description": data.get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": data.get("metadata", {}),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_options": {},
        "payment_method_types": session["payment_method_types"],
        "processing": None,
        "receipt_email": data.get("receipt_email"),
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": data.get("statement_descriptor"),
        "statement_descriptor_suffix": data.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }


def charge(intent: Object, *, now: int, method: str, last4: str, payer: Object) -> Object:
    return {
        "id": new_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"],
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": {
            "address": dict(ADDRESS),
            "email": payer.get("email"),
            "name": payer.get("name"),
            "phone": None,
            "tax_id": None,
        },
        "calculated_statement_descriptor": "FORUM DATASKYDD",
        "captured": True,
        "created": now,
        "currency": intent["currency"],
        "customer": None,
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "on_behalf_of": None,
        "outcome": None,
        "paid": True,
        "payment_intent": intent["id"],
        "payment_method": new_id("pm"),
        "payment_method_details": _method_details(method, last4),
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "succeeded",
        "transfer_data": None,
        "transfer_group": None,
    }


def _method_details(method: str, last4: str) -> Object:
    if method != "card":
        return {"type": method, method: {}}
    card = {
        "brand": "visa",
        "country": "SE",
        "exp_month": 12,
        "exp_year": 2034,
        "funding": "debit",
        "last4": last4,
        "network": "visa",
    }
    return {"type": "card", "card": card}


def balance_transaction(
    source: Object, *, now: int, kind: str, amount: int, fee: int = 0, category: str | None = None
) -> Object:
    return {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now,
        "balance_type": "payments",
        "created": now,
        "currency": source["currency"],
        "description": source.get("description"),
        "exchange_rate": None,
        "fee": fee,
        "fee_details": _fee_details(fee, source["currency"]),
        "net": amount - fee,
        "reporting_category": category or kind,
        "source": source["id"],
        "status": "available",
        "type": kind,
        "_payout": None,
    }


def _fee_details(amount: int, currency: str) -> list[Object]:
    if not amount:
        return []
    detail = {"amount": amount, "application": None, "currency": currency, "type": "stripe_fee"}
    return [{**detail, "description": "Stripe processing fees"}]


def refund(source: Object, *, now: int, amount: int, params: Object) -> Object:
    method = source["payment_method_details"]["type"]
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": source["id"],
        "created": now,
        "currency": source["currency"],
        "destination_details": {"type": method, method: {}},
        "metadata": params.get("metadata") or {},
        "payment_intent": source["payment_intent"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def dispute(source: Object, *, now: int, reason: str) -> Object:
    return {
        "id": new_id("du"),
        "object": "dispute",
        "amount": source["amount"],
        "balance_transactions": [],
        "charge": source["id"],
        "created": now,
        "currency": source["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": {
            "due_by": now + 7 * 24 * 3600,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": source["payment_intent"],
        "payment_method_details": {"type": source["payment_method_details"]["type"]},
        "reason": reason,
        "status": "needs_response",
    }


def payout(*, now: int, amount: int, currency: str) -> Object:
    return {
        "id": new_id("po"),
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": now,
        "automatic": True,
        "balance_transaction": None,
        "created": now,
        "currency": currency,
        "description": "STRIPE PAYOUT",
        "destination": new_id("ba"),
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "completed",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "paid",
        "trace_id": None,
        "type": "bank_account",
    }


def event(kind: str, item: Object, *, now: int) -> Object:
    return {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": now,
        "data": {"object": public(item)},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }
