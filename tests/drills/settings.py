"""Production, but for the seconds that a visitor must spend over a form: here nobody reads it."""

from config.settings import *  # noqa: F403

HUMAN_CHECK_SHORTEST_S = 0
HUMAN_CHECK_SHORTEST_WITHOUT_PROOF_S = 0
