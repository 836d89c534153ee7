"""Web, worker, beat, Redis and database are killed at random while people become members and book,
and the office's long runs go on beside: nothing is lost, nothing is done twice, no page is a fault.

`DRILL_KILLS` says how many (50 unless set), `DRILL_PEOPLE` how long the lists are, `DRILL_SEED`
repeats the order of the kills.
"""

import itertools
import os
import random
import threading
import time
from collections import Counter
from typing import Any

from tests.drills.visitors import Crowd
from tests.drills.whole_site import PATIENCE, Site, end_group, whole_site
from tests.drills.work import ACTIVITIES, PEOPLE

KILLS = int(os.environ.get("DRILL_KILLS", "50"))
SEED = int(os.environ.get("DRILL_SEED", "0")) or random.randrange(1, 10**6)
# Redis comes back empty: what the broker knew is forgotten.
VICTIMS = ("web", "worker", "beat", "other-beat", "redis", "database", "work")
# In the site the worker sends the mails, by itself.
RUNS = [name for name in ACTIVITIES if name not in {"sign_up", "book", "send"}]


class Office:
    """The long runs, one after the other, each begun anew until all has been done twice."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.now_at: Any = None
        self.done = Counter[str]()
        self.thread = threading.Thread(target=self._live)

    def _live(self) -> None:
        for activity in itertools.cycle(RUNS):
            if all(self.done[name] >= 2 for name in RUNS):
                return
            self.now_at = self.site.work(activity)
            self.done[activity] += self.now_at.wait() == 0


def strike(site: Site, office: Office, victim: str) -> None:
    if victim != "work":
        site.kill(victim)
    elif office.now_at is not None:
        end_group(office.now_at)


def wait_until_calm(site: Site) -> float:
    """Seconds until every mail has left, with nobody's help: the beat calls, the worker sends."""
    begun = time.monotonic()
    while set(site.examined()["mails"].values()) & {"queued", "sending"}:
        assert time.monotonic() - begun < 4 * PATIENCE, "mails were left behind"
        time.sleep(5)
    return time.monotonic() - begun


def drill_every_process_is_killed_at_random_while_people_use_the_site():
    print(f"DRILL_SEED={SEED} DRILL_KILLS={KILLS} DRILL_PEOPLE={PEOPLE}")
    chance, killed = random.Random(SEED), Counter[str]()
    with whole_site() as site:
        site.prepare()
        site.run("redis", "web", "worker", "beat", "other-beat")
        crowd, office = Crowd(site, PEOPLE), Office(site)
        crowd.start()
        office.thread.start()
        for number in range(KILLS):
            time.sleep(chance.uniform(0.5, 4))
            victim = VICTIMS[number % len(VICTIMS)]
            strike(site, office, victim)
            killed[victim] += 1
        site.wait_until_ready()
        crowd.wait()
        office.thread.join()
        seconds = wait_until_calm(site)
        told, taken = site.examined(), site.post.times()
        print(f"{dict(killed)}\nanswers {dict(crowd.seen)}\ncalm after {seconds:.0f} s")
        print(f"{len(taken)} mails, {sum(taken.values()) - len(taken)} of them twice", flush=True)

        assert told["faults"] == []
        assert crowd.gave_up == []
        assert set(crowd.seen) <= {"200", "302", "404", "409", "410", "503", "no answer"}
        # One of each, however often somebody had to press.
        once = {f"guest{number}@drill.example": 1 for number in range(PEOPLE)}
        assert told["guests"] == once
        assert told["on invoices"] == PEOPLE
        assert told["members"] == {name.replace("guest", "member"): 1 for name in once}
        outside = {"signed up", "booked", "renewed"}
        assert {told["done"][name] for name in told["done"] if name not in outside} == {PEOPLE}
        # Every mail came, the same one at most once more for each kill.
        sent = {number for number, state in told["mails"].items() if state == "sent"}
        assert sent <= set(taken)
        assert sum(taken.values()) - len(taken) <= KILLS
