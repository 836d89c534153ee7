"""What runs by itself, and when (Europe/Stockholm). Every job may run late, twice or not at all."""

from celery.schedules import crontab

BEAT_SCHEDULE = {
    "heartbeat": {"task": "config.tasks.heartbeat", "schedule": 60.0},
    "mail-sweep": {"task": "mail.tasks.sweep", "schedule": 60.0},
    "stripe-sweep": {"task": "billing.tasks.sweep_stripe_events", "schedule": 60.0},
    "bulk-sweep": {"task": "billing.tasks.sweep_bulk_acts", "schedule": 60.0},
    "seat-sweep": {"task": "events.tasks.sweep_seats", "schedule": 60.0},
    "newsletter-sweep": {"task": "news.tasks.sweep", "schedule": 300.0},
    # Beside the night, a minute after it has begun with the same: where a second worker process is
    # free and many years end, they share the people between them.
    "renewals": {
        "task": "config.tasks.take_part_in_renewals",
        "schedule": crontab(hour=3, minute=16),
    },
    "nightly": {"task": "config.tasks.nightly", "schedule": crontab(hour=3, minute=15)},
    "reconcile": {"task": "billing.tasks.reconcile", "schedule": crontab(hour=4, minute=30)},
}
