"""Dagster's own pages over a home: the graph is there, and a period can be launched from them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from pipelines import site
from pipelines.launch import dagster_instance
from warehouse import releases
from warehouse.home import Home

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
_PLACE = {"repositoryLocationName": "child-index", "repositoryName": "__repository__"}


@pytest.fixture
def webserver(county, keys, tmp_path):
    """``dagster dev`` on loopback over a new home; gives a function that asks its GraphQL."""
    home = tmp_path / "home"
    site.write(home, jurisdiction="429006", inbox=county / "inbox")
    dagster_instance(home).dispose()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "dagster", "dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)],
        cwd=ROOT,
        env={
            **os.environ,
            "DAGSTER_HOME": str(home / "dagster"),
            "CHILDINDEX_HOME": str(home),
            "CHILDINDEX_KEYS": str(keys),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def ask(query: str, **variables):
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{port}/graphql", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["data"]

    try:
        _until(lambda: ask("{ version }"), 120)
        yield home, ask
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # asked politely, it leaves its code servers behind
        process.wait()


def _until(met, seconds: float):
    """Ask again until something true comes back."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if found := met():
                return found
        except OSError:
            pass
        time.sleep(1)
    raise AssertionError(f"not within {seconds} s")


def test_a_period_is_launched_from_dagsters_pages_and_published(webserver):
    home, ask = webserver
    groups = ask("{ assetNodes { groupName } }")
    assert {"inbox", "raw", "std", "link", "core", "care", "mart", "published"} <= {
        node["groupName"] for node in groups["assetNodes"]
    }
    launched = ask(
        "mutation($how: ExecutionParams!) { launchPipelineExecution(executionParams: $how)"
        " { __typename ... on LaunchRunSuccess { run { runId } } } }",
        how={
            "selector": {**_PLACE, "pipelineName": "monitoring"},
            "executionMetadata": {"tags": [{"key": "dagster/partition", "value": "2026H1"}]},
        },
    )["launchPipelineExecution"]
    assert launched["__typename"] == "LaunchRunSuccess"
    run_id = launched["run"]["runId"]

    def ended():
        status = ask("query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }", id=run_id)
        return status["runOrError"]["status"] if status["runOrError"]["status"] in ("SUCCESS", "FAILURE") else None

    assert _until(ended, 240) == "SUCCESS"
    assert "2026H1" in releases.in_force(Home.at(home)).periods
