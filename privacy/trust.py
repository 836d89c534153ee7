"""What the public may check us by, read live: the rules with their last night, and the drill."""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from privacy.models import Processor, RetentionRun
from privacy.remembered import Remembered
from privacy.retention import Rule, rules

standing_rules = Remembered(lambda: list(rules()))


@dataclass(frozen=True)
class RuleToldLive:
    """One period, and what the last night did by it. `run` is None before the first night."""

    rule: Rule
    run: RetentionRun | None


def rules_live() -> list[RuleToldLive]:
    """Every rule of clearing with the evidence of its last night. One query."""
    last = {run.rule: run for run in RetentionRun.objects.last_night()}
    return [RuleToldLive(rule, last.get(rule.key)) for rule in standing_rules()]


def processors() -> list[Processor]:
    """The companies in use."""
    return list(Processor.objects.filter(ended_on=None))


@dataclass(frozen=True)
class Drill:
    """The last time that a backup was restored to see whether it can be."""

    at: dt.datetime
    seconds: int
    is_whole: bool


def last_drill() -> Drill | None:
    """As the drill has written it down (JSON: `at`, `seconds`, `is_whole`); None before the first.

    Whatever is wrong with the file, the page is shown without it.
    """
    try:
        read = json.loads(Path(settings.RESTORE_DRILL).read_text(encoding="utf-8"))
        at = dt.datetime.fromisoformat(read["at"])
        return Drill(at, int(read["seconds"]), bool(read["is_whole"])) if at.tzinfo else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
