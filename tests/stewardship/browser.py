"""Debian's Chromium over the real app, started as the operator starts it, at the size of a clerk's screen."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager
from urllib.error import URLError

SCREEN = {"width": 1366, "height": 768}
_STARTS_WITHIN = 90  # seconds; a machine that does other things too is slow to import


@contextmanager
def served(home, keys):
    """Run ``childindex review``; gives its address. Ends the process by its id."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "pipelines.cli", "review", "--home", str(home), "--port", str(port)]
    process = subprocess.Popen(words, env={**os.environ, "CHILDINDEX_KEYS": str(keys)}, stderr=subprocess.PIPE)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(process, f"{address}/login")
        yield address
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def chromium():
    """A browser that keeps to this machine."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    assert path, "Chromium is missing: make debian"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


def _wait(process, address):
    until = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < until:
        assert process.poll() is None, process.stderr.read().decode()
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.3)
        else:
            return
    raise AssertionError("the app didn't answer")
