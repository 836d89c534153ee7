from django.utils.functional import Promise


class Refused(Exception):
    """Everything stays as it is; the message says why."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = str(message)
