"""A small Stripe for the demo and the tests, over real HTTP and used through Stripe's own library.

It keeps its state, checks every request against the parameter types that the library ships, has a
payment page, and signs and repeats its webhooks. Run it by `python -m config.demo.stripe_stand_in`,
or in a test:

    with StripeStandIn(webhook=address, secret="whsec_test") as stripe:
        ...  # STRIPE_API_BASE = stripe.url
        stripe.account.pay(session_id)
        stripe.webhooks.release(reversed)
"""

from config.demo.stripe_stand_in.account import Declined
from config.demo.stripe_stand_in.server import StripeStandIn

__all__ = ["Declined", "StripeStandIn"]
