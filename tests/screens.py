"""A real browser for tests, and pages on which an outside request, an error or a violation fails the test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

#: Width and height in pixels, colours.
SCREENS = {
    "phone-light": (390, 844, "light"),
    "phone-dark": (390, 844, "dark"),
    "desk-light": (1440, 900, "light"),
    "desk-dark": (1440, 900, "dark"),
}
#: Both widths and both sets of colours.
TWO_SCREENS = ("phone-dark", "desk-light")
# A busy machine may take its time; what never comes fails all the same.
expect.set_options(timeout=15_000)
#: Chromium itself asks for addresses of its maker; none of them resolves.
_ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Give Chromium; the test is skipped where there is none."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("chromium is not installed; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=[_ONLY_HERE])
        yield running
        running.close()


@contextmanager
def open_page(
    browser: Browser, base: str, screen: str, *, expected: tuple[str, ...] = ("status of 404",)
) -> Iterator[Page]:
    """Give a page of its own for `base`; when it closes, it has asked nobody else and its console was silent."""
    width, height, colours = SCREENS[screen]
    context = browser.new_context(
        base_url=base, viewport={"width": width, "height": height}, color_scheme=colours, locale="en-GB"
    )
    faults: list[str] = []
    context.route(lambda url: not url.startswith(base), lambda route: (faults.append(route.request.url), route.abort()))
    context.add_init_script(
        "addEventListener('securitypolicyviolation', (event) => console.error('CSP: ' + event.violatedDirective))"
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    yield page
    context.close()
    # A page that is meant to be missing is an error to the console only.
    assert [fault for fault in faults if not any(text in fault for text in expected)] == []
