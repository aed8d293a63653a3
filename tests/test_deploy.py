"""What deploy/ promises: no root, little to write to, and who looks after it."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
import yaml

from tests.workspace import REPOSITORY

DEPLOY = REPOSITORY / "deploy"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_the_unit_exposes_little() -> None:
    result = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", str(DEPLOY / "recap.service")],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"Overall exposure level for recap\.service: ([0-9.]+)", result.stdout)
    assert found, result.stdout + result.stderr
    assert float(found[1]) < 2


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_the_unit_has_no_line_that_systemd_does_not_know() -> None:
    result = subprocess.run(
        ["systemd-analyze", "verify", str(DEPLOY / "recap.service")],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [line for line in result.stderr.splitlines() if "recap.service:" in line]
    assert [line for line in complaints if "is not executable" not in line] == []


def test_the_container_is_no_root_and_says_whether_watching_is_well() -> None:
    lines = (DEPLOY / "Containerfile").read_text("utf-8").splitlines()
    (user,) = (line for line in lines if line.startswith("USER"))
    (check,) = (line for line in lines if line.startswith("    CMD ["))
    assert user == "USER 10001:10001"
    assert check == '    CMD ["recap", "status", "--health", "-C", "/recap"]'
    assert lines.index(user) < lines.index(check)


def test_what_is_said_of_podman_keeps_the_health_check() -> None:
    told = (DEPLOY / "Containerfile").read_text("utf-8")
    builds = [line for line in told.splitlines() if "podman build" in line]
    assert builds == ["#   podman build --format docker -f deploy/Containerfile -t recap ."]


def test_the_composed_service_writes_to_its_folder_only() -> None:
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["recap"]
    assert (service["read_only"], service["cap_drop"], service["tmpfs"], service["volumes"]) == (
        True,
        ["ALL"],
        ["/tmp"],  # noqa: S108 - the container's own
        ["../my-recaps:/recap"],
    )
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
