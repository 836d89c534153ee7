"""How passwords are stored."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, as OWASP's cheat sheet on storing passwords asks.

    Django's own takes 100 MiB and eight threads: a fifth of a second of CPU for each log-in, and a
    small server is out of memory by a score at once. What was stored with other settings is stored
    anew at the next log-in.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
