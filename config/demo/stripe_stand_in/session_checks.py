"""What Stripe demands of a new payment page beyond the types of its parameters."""

from urllib.parse import urlsplit

from config.demo.stripe_stand_in.errors import StripeRefusal, parameter
from config.demo.stripe_stand_in.objects import Object

SHORTEST_LIFE, LONGEST_LIFE = 30 * 60, 24 * 3600
SMALLEST_AMOUNT = 3_00  # öre
MOST_LINES = 100


def check_session(params: Object, *, now: int) -> None:
    if params.get("mode") != "payment":
        raise parameter("The stand-in knows only `mode=payment`.", "mode")
    for name in ("success_url", "line_items"):
        if not params.get(name):
            raise parameter(f"Missing required param: {name}.", name, "parameter_missing")
    _check_addresses(params)
    _check_life(params.get("expires_at", now + LONGEST_LIFE) - now)
    _check_lines(params["line_items"])


def _check_addresses(params: Object) -> None:
    for name in ("success_url", "cancel_url"):
        parts = urlsplit(params.get(name, "http://unset"))
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise parameter("Not a valid URL", name, "url_invalid")
    if "@" not in params.get("customer_email", "@"):
        raise parameter("Invalid email address", "customer_email", "email_invalid")
    name = "client_reference_id"
    if len(params.get(name, "")) > 200:
        raise parameter(f"{name} has at most 200 characters.", name)


def _check_life(seconds: int) -> None:
    # A second of grace: times are cut to whole seconds on their way here.
    if not SHORTEST_LIFE - 1 <= seconds <= LONGEST_LIFE + 1:
        raise parameter(
            "The `expires_at` timestamp must be 30 minutes to 24 hours from now.", "expires_at"
        )


def _check_lines(items: list[Object]) -> None:
    if len(items) > MOST_LINES:
        raise parameter(f"At most {MOST_LINES} line items are allowed.", "line_items")
    for number, item in enumerate(items):
        _check_line(item, f"line_items[{number}]")
    total = sum(item["price_data"]["unit_amount"] * item.get("quantity", 1) for item in items)
    if total < SMALLEST_AMOUNT:
        raise StripeRefusal(
            "The Checkout Session's total amount must be at least 3.00 kr.",
            code="amount_too_small",
        )


def _check_line(item: Object, path: str) -> None:
    if not 1 <= item.get("quantity", 1) <= 999_999:
        raise parameter("Invalid quantity", f"{path}[quantity]")
    if "price_data" not in item:
        raise parameter("The stand-in keeps no prices: give price_data.", f"{path}[price]")
    price, path = item["price_data"], f"{path}[price_data]"
    if "product_data" not in price:
        raise parameter("Missing required param: product_data.", f"{path}[product_data]")
    if not 0 <= price.get("unit_amount", -1) <= 99_999_999:
        raise parameter("Invalid amount", f"{path}[unit_amount]")
    if price["currency"] != "sek":
        raise parameter("The stand-in knows only `sek`.", f"{path}[currency]")
