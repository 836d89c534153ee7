"""Production, but for the seconds that a visitor must spend over a form, since nobody reads here,
and for the heartbeat, which shows to two seconds when beat and worker are back.

With DRILL_UNSAFE set every transaction is taken away: the control, which must leave a mess.
"""

import os

from config.schedule import BEAT_SCHEDULE
from config.settings import *  # noqa: F403
from tests.drills.unsafe import without_transactions

HUMAN_CHECK_SHORTEST_S = 0
HUMAN_CHECK_SHORTEST_WITHOUT_PROOF_S = 0
CELERY_BEAT_SCHEDULE = {
    **BEAT_SCHEDULE,
    "heartbeat": {"task": "config.tasks.heartbeat", "schedule": 2.0},
}

if os.environ.get("DRILL_UNSAFE"):
    without_transactions()
