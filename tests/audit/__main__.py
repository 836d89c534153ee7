"""`make audit`: the code is read and a running site attacked, each tool beside a planted hole.

A tool that does not find what was planted for it has not looked, and fails. Results are kept below
var/audit.
"""

import json
import os
import shutil
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from packaging.version import Version

from tests.audit.sites import demo_site, production_site
from tests.audit.tools import (
    OUT,
    REQUIREMENTS,
    ROOT,
    Missed,
    demand,
    observatory_scanner,
    output,
    tool,
)
from tests.audit.visitors import TOKEN, Visitor

ROOMS = ("config", "events", "members", "billing", "news", "mail", "privacy")
PLANTED = "tests/audit/planted"
# Modules of wapiti that ask nobody outside; `ssrf`, `xxe` and `log4shell` would.
WAPITI = "xss,sql,redirect,crlf,csp,cookieflags,http_headers,csrf,file,exec"


def main() -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    table = [verdict(name) for name in sys.argv[1:] or STEPS]
    print(
        "\n"
        + "\n".join(f"{name:<12} {ok:<5} {took:>4} s  {said}" for name, ok, took, said in table)
    )
    failed = [name for name, ok, _took, _said in table if ok != "ok"]
    took = sum(row[2] for row in table)
    print(f"\n{len(table) - len(failed)} of {len(table)} passed in {took} s; reports in var/audit")
    return 1 if failed else 0


def verdict(name: str) -> tuple[str, str, int, str]:
    """A row of the table at the end."""
    print(f"{name} ...", flush=True)
    begun = time.monotonic()
    try:
        ok, said = "ok", STEPS[name]()
    except Missed as fault:
        ok, said = "FAIL", str(fault)
    return name, ok, round(time.monotonic() - begun), said


# --- Reading the code ---------------------------------------------------------------------------


def bandit() -> str:
    command = [tool("reading", "bandit"), "--quiet", "--format", "json", "-ll", "--recursive"]
    mine = json.loads(output(*command, *ROOMS))["results"]
    planted = json.loads(output(*command, PLANTED))["results"]
    found = [
        f"{one['filename']}:{one['line_number']} {one['test_id']}"
        for one in mine
        if not is_judged(one["filename"], min(one["line_range"]), max(one["line_range"]))
    ]
    demand(not found, f"{found}")
    kinds = {one["test_id"] for one in planted}
    demand(kinds >= {"B608", "B602", "B324"}, f"planted holes were missed: {kinds}")
    return f"0 findings; {len(planted)} planted holes found"


def is_judged(name: str, first: int, last: int) -> bool:
    """Somebody has looked at it and written why it is safe, as ruff asks for as well."""
    lines = (ROOT / name).read_text().splitlines()[first - 1 : last + 1]
    return any("noqa: S" in line for line in lines)


def semgrep() -> str:
    command = [tool("reading", "semgrep"), "scan", "--config", "tests/audit/rules.yml"]
    command += ["--json", "--metrics=off", "--disable-version-check", "--quiet", "--no-git-ignore"]
    # Its own program lies beside it, and is looked for on the path.
    env = {"PATH": f"{Path(command[0]).parent}:{os.environ['PATH']}", "HOME": str(OUT)}
    mine = json.loads(output(*command, *ROOMS, env=env))["results"]
    # Elsewhere, since semgrep passes over folders that are named tests.
    copy = shutil.copytree(ROOT / PLANTED, OUT / "planted", dirs_exist_ok=True)
    planted = json.loads(output(*command, str(copy), env=env))["results"]
    found = [
        f"{one['path']}:{one['start']['line']} {one['check_id']}"
        for one in mine
        if not is_judged(one["path"], one["start"]["line"], one["end"]["line"])
    ]
    demand(not found, f"{found}")
    kinds = Counter(one["check_id"].rpartition(".")[2] for one in planted)
    wanted = ("no-mark-safe", "no-exempt-form", "no-shell", "no-weak-random")
    missed = Counter({**dict.fromkeys(wanted, 1), "no-sql-by-hand": 2}) - kinds
    demand(not missed, f"planted holes were missed: {dict(missed)}")
    return f"0 findings; {len(planted)} planted holes found"


def secrets() -> str:
    """Keys that were written into a file by mistake."""
    listed = output("git", "ls-files").splitlines() or [str(path) for path in ROOT.rglob("*.py")]
    looked_at = [name for name in listed if not name.startswith(("tests/", "requirements/"))]
    command = [tool("reading", "detect-secrets"), "scan", "--disable-plugin", "KeywordDetector"]
    # user:password@ stands in our examples.
    command += ["--disable-plugin", "Base64HighEntropyString"]
    command += ["--disable-plugin", "BasicAuthDetector"]
    found = json.loads(output(*command, *looked_at))["results"]
    demand(not found, f"{sorted(found)}")
    (OUT / "planted.py").write_text(f'KEY = "{"AKIA" + "IOSFODNN7" + "EXAMPLA"}"\n')
    planted = json.loads(output(*command, str(OUT / "planted.py")))["results"]
    demand(bool(planted), "a planted key was missed")
    return f"no key in {len(looked_at)} files; the planted one found"


def floors() -> str:
    wanted = tomllib.loads((REQUIREMENTS / "floors.toml").read_text())
    pinned = dict(
        line.split(" ")[0].split("==")
        for line in (REQUIREMENTS / "base.txt").read_text().splitlines()
        if "==" in line and not line.startswith((" ", "#"))
    )
    low = below(pinned, wanted)
    demand(not low, f"{low}")
    demand(below({"django": "4.2"}, {"django": {"version": "5.2"}}) != [], "it cannot fail")
    return f"{len(wanted)} packages are above their floor"


def below(pinned: dict[str, str], wanted: dict[str, Any]) -> list[str]:
    return [
        f"{name} {pinned.get(name, 'missing')} < {floor['version']}"
        for name, floor in wanted.items()
        if Version(pinned.get(name, "0")) < Version(floor["version"])
    ]


def bill_of_materials() -> str:
    target = OUT / "sbom.json"
    command = [tool("reading", "cyclonedx-py"), "requirements", str(REQUIREMENTS / "base.txt")]
    output(*command, "--output-format", "JSON", "--output-file", str(target))
    named = {part["name"].lower() for part in json.loads(target.read_text())["components"]}
    demand({"django", "django-allauth", "stripe", "psycopg"} <= named, f"{len(named)} named only")
    return f"{len(named)} parts in var/audit/sbom.json"


# --- Attacking a running site -------------------------------------------------------------------


def wapiti() -> str:
    report = OUT / "wapiti.json"
    report.unlink(missing_ok=True)
    with demo_site() as site:
        command = [tool("attack", "wapiti"), "-u", f"{site}/", "--scope", "folder", "-m", WAPITI]
        command += ["-s", f"{site}/canary/?q=x", "-s", f"{site}/en/", "-x", f"{site}/admin/*"]
        command += ["-x", f"{site}/demo/*", "--depth", "4", "--max-links-per-page", "60"]
        command += ["--max-scan-time", str(SECONDS), "--max-attack-time", str(SECONDS // 4)]
        command += ["--flush-session", "--no-bugreport", "--dns-endpoint", "127.0.0.1"]
        output(*command, "-f", "json", "-o", str(report), env={"HOME": str(OUT)})
    demand(report.exists(), "no report was written")
    told = json.loads(report.read_text())
    holes = [
        f"{kind}: {one['method']} {one['path']} {one.get('parameter') or ''}".strip()
        for kind, found in told["vulnerabilities"].items()
        for one in found
    ]
    planted = [hole for hole in holes if "/canary/" in hole]
    ours = sorted(set(holes) - set(planted))
    demand(any("XSS" in one or "Cross" in one for one in planted), f"the canary lives: {planted}")
    ours = [hole for hole in ours if not hole.startswith(ON_PLAIN_HTTP)]
    demand(not ours, f"{ours}")
    return f"0 holes in {told['infos'].get('crawled_pages_nbr', '?')} pages; canary found"


# The site under attack speaks plain HTTP on this machine; production refuses to.
ON_PLAIN_HTTP = ("Secure Flag cookie", "HTTP Strict Transport Security", "Unencrypted Channels")
# For the crawl; each kind of attack gets a quarter of it.
SECONDS = int(os.environ.get("AUDIT_SECONDS", "180"))


def sqlmap() -> str:
    with demo_site() as site:
        canary = f"{site}/canary/"
        demand(injected(f"{canary}?q=x"), "the canary lives")
        demand(injected(canary, "--data", "q=x"), "the canary lives behind a form")
        asked = targets(site)
        holes = [name for name, words in asked.items() if injected(*words)]
    demand(not holes, f"{holes}")
    return f"{len(asked)} addresses and forms hold; both canaries found"


def targets(site: str) -> dict[str, list[str]]:
    """What is searched by anybody, sent by anybody, and searched by the office."""
    found = {path: [site + path] for path in SEARCHED}
    for name, (path, having) in SENT.items():
        visitor = Visitor(site)
        if name == "booking":
            visitor.put_a_seat_into_the_cart()
        form = visitor.form(path, having)
        words = [form.address, "--data", form.data, "--skip", TOKEN]
        found[name] = [*words, "--cookie", form.cookie, "--referer", site + path]
    staff = Visitor(site)
    staff.log_in("administrator")
    for path in OFFICE:
        found[path] = [site + path, "--cookie", staff.cookie, "-p", "q"]
    return found


SEARCHED = ("/nyheter/sok/?q=x", "/nyheter/?page=1", "/evenemang/?kind=seminar")
# The page, and a field by which its form is known.
SENT = {
    "log-in": ("/konto/login/", "login"),
    "code by mail": ("/konto/login/code/", "email"),
    "new password": ("/konto/password/reset/", "email"),
    "join": ("/bli-medlem/?kind=ordinary", "name"),
    "newsletter": ("/nyheter/nyhetsbrev/", "email"),
    "booking": ("/kassa/", "payer_name"),
}
OFFICE = ("/admin/members/user/?q=x", "/admin/billing/invoice/?q=x")


def injected(address: str, *more: str) -> bool:
    shutil.rmtree(OUT / "sqlmap", ignore_errors=True)
    command = [tool("attack", "sqlmap"), "-u", address, "--batch", "--level", "1", "--risk", "1"]
    command += ["--smart", "--threads", "2", "--disable-coloring", "--ignore-code", "*", *more]
    said = output(*command, "--output-dir", str(OUT / "sqlmap"), env={"HOME": str(OUT)})
    demand(
        "testing connection to the target URL" in said, f"{address} was not asked: {said[-300:]}"
    )
    demand("403 (Forbidden)" not in said, f"{address} let nobody in: nothing was tried")
    return "is vulnerable" in said or "injection point" in said


# --- Judging the headers ------------------------------------------------------------------------

# Each shows another side: a page for all, one with a form and its cookie, and the office's door.
JUDGED = ("", "konto/login/", "admin/")
BEST, WORST = 115, 40  # A+ begins at 100


def observatory() -> str:
    """By Mozilla's scorer, over HTTPS and with the settings of production."""
    scores = judged("config.wsgi")
    demand(min(scores) >= BEST, f"{scores}")
    bare = judged("tests.audit.canary:bare")
    demand(max(bare) <= WORST, f"a site without headers was given {bare}")
    return f"{scores} points, {BEST} wanted; {bare} without headers"


def judged(application: str) -> list[int]:
    scanner = observatory_scanner()
    with production_site(application) as (site, certificate):
        trusting = {"NODE_EXTRA_CA_CERTS": str(certificate)}
        told = [output("node", scanner, f"{site}/{page}", env=trusting) for page in JUDGED]
    verdicts = [json.loads(verdict) for verdict in told]
    demand(all("scan" in verdict for verdict in verdicts), f"{verdicts}")
    return [int(verdict["scan"]["score"]) for verdict in verdicts]


STEPS: dict[str, Callable[[], str]] = {
    "bandit": bandit,
    "semgrep": semgrep,
    "secrets": secrets,
    "floors": floors,
    "sbom": bill_of_materials,
    "wapiti": wapiti,
    "sqlmap": sqlmap,
    "observatory": observatory,
}

if __name__ == "__main__":
    sys.exit(main())
