"""What Stripe answers when it refuses, in the shape its libraries expect."""

from typing import Any


class StripeRefusal(Exception):
    """A refusal with an HTTP status; `body` is what is sent."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        error = {"message": message, "type": kind, "code": code, "param": param}
        self.body: dict[str, Any] = {
            "error": {name: value for name, value in error.items() if value is not None}
        }


def missing(kind: str, identifier: str) -> StripeRefusal:
    return StripeRefusal(
        f"No such {kind}: '{identifier}'", status=404, code="resource_missing", param="id"
    )


def parameter(message: str, param: str, code: str | None = None) -> StripeRefusal:
    return StripeRefusal(message, param=param, code=code)
