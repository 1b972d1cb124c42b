"""Prints a page to PDF by the Chromium or Chrome that the machine has; without one, any browser can print the page."""

import os
import shutil
import subprocess
from pathlib import Path

from reporting.whole import whole

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
_SECONDS = 180


class NoBrowser(RuntimeError):
    """No browser to print with, or it printed nothing."""


def to_pdf(page: Path, out: Path) -> Path:
    """Print an HTML file to PDF, whole or not at all. The browser gets a profile of its own, which is removed."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        raise NoBrowser(
            "没有可用于打印的浏览器，可用任何浏览器打开网页打印。 No Chromium or Chrome to print with. "
            "Open the .html in a browser and print it to PDF, or install one: "
            "apt-get install chromium fonts-noto-cjk."
        )
    profile = out.parent / f".{out.stem}.{os.getpid()}.profile"
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    try:
        with whole(out) as half:
            command = [
                *(browser, "--headless", "--disable-gpu", "--disable-dev-shm-usage", *as_root),
                *(f"--user-data-dir={profile}", "--no-pdf-header-footer", f"--print-to-pdf={half}"),
                page.resolve().as_uri(),
            ]
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
            if done.returncode or not half.stat().st_size:
                raise NoBrowser(
                    f"打印失败。 {Path(browser).name} ended with code {done.returncode} and printed nothing."
                )
    finally:
        shutil.rmtree(profile, ignore_errors=True)
    return out
