"""docs/operations.md is followed by a volunteer at night: what it says is tried here."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

from config.schedule import BEAT_SCHEDULE
from tests.test_project import ROOT

PAGE = (ROOT / "docs" / "operations.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.M | re.S)
INSTALLED = "/srv/dpforum/site"
UNITS = ("web", "worker", "beat")


def blocks(language: str) -> list[str]:
    return [text for kind, text in BLOCKS if kind == language]


def units() -> dict[str, str]:
    """The worker's and beat's are told as what differs from the web's."""
    web, *others = blocks("ini")
    left_out = ("RuntimeDirectory", "ExecReload")
    lines = web.replace("\\\n", " ").splitlines()
    common = [line for line in lines if not line.startswith(left_out)]
    written = {"web": web}
    for name, text in zip(UNITS[1:], others, strict=True):
        own = dict(line.split("=", 1) for line in text.replace("\\\n", " ").splitlines())
        kept = [line for line in common if line.split("=", 1)[0] not in own]
        said = [f"{key}={value}" for key, value in own.items() if key != "Description"]
        kept.insert(kept.index("[Service]") + 1, "\n".join(said))
        written[name] = "\n".join(kept)
    return written


def systemds_complaints(folder: Path, name: str, text: str) -> list[str]:
    unit = folder / f"dpforum-{name}.service"
    unit.write_text(text.replace(INSTALLED, str(ROOT)))
    done = run("systemd-analyze", "verify", "--man=no", unit)
    return [line for line in done.stderr.splitlines() if unit.name in line]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
@pytest.mark.parametrize("name", UNITS)
def test_systemd_takes_the_unit(tmp_path: Path, name: str) -> None:
    text = units()[name]
    assert systemds_complaints(tmp_path, name, text) == []
    misspelt = text.replace("NoNewPrivileges", "NoNewPrivilege")
    assert systemds_complaints(tmp_path, name, misspelt) != []


def nginxs_complaints(folder: Path, conf: str) -> list[str]:
    key = folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x"]
    run(*command, "-keyout", key, "-out", key)
    conf = re.sub(r"/etc/letsencrypt/\S+\.pem", str(key), conf)
    conf = conf.replace("/var/log/nginx", str(folder))
    whole = f"pid {folder}/pid; error_log stderr; events {{}}\nhttp {{\n{conf}\n}}\n"
    (folder / "nginx.conf").write_text(whole)
    done = run("nginx", "-t", "-q", "-c", folder / "nginx.conf", "-p", folder)
    return [line for line in done.stderr.splitlines() if "[emerg]" in line]


@pytest.mark.skipif(not shutil.which("nginx"), reason="no nginx on this machine")
def test_nginx_takes_its_file(tmp_path: Path) -> None:
    (conf,) = blocks("nginx")
    assert nginxs_complaints(tmp_path, conf) == []
    assert nginxs_complaints(tmp_path, conf.replace("proxy_pass", "proxy_past")) != []


def run(*command: str | Path, **options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload, no-any-return]


def test_the_shell_can_read_every_block() -> None:
    for text in blocks("sh"):
        assert run("sh", "-n", input=text).stderr == "", text


def test_every_command_exists() -> None:
    named = set(re.findall(r"(?<!-u )\bdpforum ([a-z_]+)\b", PAGE)) - {"dpforum"}
    assert named - set(get_commands()) == set()
    assert {"backup", "restore", "replay_erasures", "check_ledger", "nightly"} <= named


def test_every_job_by_hand_exists_and_none_is_forgotten() -> None:
    named = {
        word for line in re.findall(r"run_scheduled ([a-z -]+)", PAGE) for word in line.split()
    }
    assert named == set(BEAT_SCHEDULE) - {"nightly"}


def test_every_setting_is_named() -> None:
    """Whatever the settings read from the environment is told, but for what only tests use."""
    read: set[str] = set()
    for name in ("settings", "environment"):
        text = (ROOT / "config" / f"{name}.py").read_text()
        read |= set(re.findall(r"""env\.\w+\(\s*"([A-Z_]+)\"""", text))
        read |= set(re.findall(r"""(?:required|both_or_none)\(\s*"([A-Z_]+)\"""", text))
    assert {name for name in read if f"`{name}`" not in PAGE} == {"CELERY_TASK_ALWAYS_EAGER"}
    assert "SECRET_KEY" in read
