"""Production, but for the seconds that a visitor must spend over a form, and for the names of the
cookies: whoever measures logs people in by rows of his own.
"""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE

HUMAN_CHECK_SHORTEST_S = 0
HUMAN_CHECK_SHORTEST_WITHOUT_PROOF_S = 0
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "sessionid", "csrftoken"
MIDDLEWARE = ["tests.benchmarks.counting.count_queries", *MIDDLEWARE]
