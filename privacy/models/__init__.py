"""Who handles and who looked, what people asked of us, and the evidence of what was done."""

from privacy.models.copies import Copy
from privacy.models.erasures import Erasure
from privacy.models.incidents import Incident
from privacy.models.looks import AccessLog
from privacy.models.processors import Processor
from privacy.models.protections import Protection
from privacy.models.requests import Request
from privacy.models.runs import RetentionRun

__all__ = [
    "AccessLog",
    "Copy",
    "Erasure",
    "Incident",
    "Processor",
    "Protection",
    "Request",
    "RetentionRun",
]
