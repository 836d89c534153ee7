"""How often something may happen within a while, counted in the shared cache by fingerprint."""

import ipaddress
import time
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


@dataclass(frozen=True)
class Limit:
    """At most so many within so many seconds, for each value that is counted."""

    name: str
    most: int
    seconds: int

    def allows(self, value: str, times: int = 1) -> bool:
        """Counts it, so many times, and says whether it was still within the limit."""
        # The number of the window is part of the key, so that no backend can stretch a window.
        window = int(time.time() // self.seconds)
        key = f"limit:{self.name}:{window}:{fingerprint(value)}"
        cache.add(key, 0, timeout=self.seconds)
        try:
            return cache.incr(key, times) <= self.most
        except ValueError:  # it expired between the two lines
            return True


def fingerprint(value: str) -> str:
    """The same for the same value, and of no use to anybody without our key."""
    return salted_hmac("privacy.rate_limits", value, algorithm="sha256").hexdigest()[:32]


@dataclass(frozen=True)
class Network:
    """Where a request comes from: one connection, and the network that it belongs to."""

    address: str
    prefix: str


def network_of(request: HttpRequest) -> Network:
    try:
        ip = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return Network("unknown", "unknown")
    # One household holds a /64 of IPv6 addresses and one address of IPv4.
    own, shared = (32, 24) if ip.version == 4 else (64, 48)
    return Network(
        *(str(ipaddress.ip_network(f"{ip}/{bits}", strict=False)) for bits in (own, shared))
    )
