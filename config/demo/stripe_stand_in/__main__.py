"""Runs the stand-in until it is told to stop."""

import argparse
import os
import signal
import threading

from config.demo.stripe_stand_in.server import StripeStandIn


def arguments() -> argparse.Namespace:
    """What the demo's own environment says, unless the command line says otherwise."""
    site = os.environ.get("SITE_URL", "http://localhost:8000").rstrip("/")
    parser = argparse.ArgumentParser(prog="stripe_stand_in", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8420)
    parser.add_argument("--state", default=":memory:", help="SQLite file that keeps everything")
    parser.add_argument("--webhook", default=f"{site}/stripe/webhook/", help="where events go")
    parser.add_argument(
        "--secret",
        default=os.environ.get("STRIPE_WEBHOOK_SECRET", "whsec_stand_in").split(",")[0].strip(),
        help="signs the webhooks",
    )
    parser.add_argument("--merchant", default="Forum för Dataskydd")
    return parser.parse_args()


def main() -> None:
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    with StripeStandIn(**vars(arguments())) as stand_in:
        print(f"The stand-in for Stripe listens at {stand_in.url}", flush=True)
        told.wait()


if __name__ == "__main__":
    main()
