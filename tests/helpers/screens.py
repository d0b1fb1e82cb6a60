"""A real browser for tests, and pages on which an outside request, an error or a violation fails the test."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect, sync_playwright

#: Width and height in pixels, colours.
SCREENS = {
    "phone-light": (390, 844, "light"),
    "phone-dark": (390, 844, "dark"),
    "desk-light": (1440, 900, "light"),
    "desk-dark": (1440, 900, "dark"),
}
#: Both widths and both sets of colours.
TWO_SCREENS = ("phone-dark", "desk-light")
#: Marks of tests for which one screen is as good as another: they take turns. `make screens` looks at all.
on_a_phone = pytest.mark.screens("phone-dark")
on_a_desk = pytest.mark.screens("desk-light")
# A busy machine may take its time; what never comes fails all the same.
expect.set_options(timeout=60_000)
#: What a script has not finished yet.
_UNFINISHED = "#graph:not([data-ready]), #editor:not([data-ready]), #result[data-query]:not([data-ready])"
_OPTIONS = [
    # Chromium itself asks for addresses of its maker, and a page might for any: none of them resolves.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    # Without a graphics card, drawing in the browser's own process takes a fifth less than in another one.
    "--disable-gpu",
    "--in-process-gpu",
]


def screens_of(test: pytest.Item, *, every: bool) -> Sequence[str]:
    """Return the screens on which a test runs: those of its mark, else a narrow and a wide one; or `every` one."""
    mark = test.get_closest_marker("screens")
    return list(SCREENS) if every else mark.args if mark else TWO_SCREENS


def screens_in_turn(position: int, *, every: bool) -> Sequence[str]:
    """Return one screen, another for each position, or `every` one: for tests of many pages that share their parts."""
    names = list(SCREENS)
    return names if every else [names[position % len(names)]]


def show_as(page: Page, screen: str) -> None:
    """Give a page the size and the colours of a screen."""
    width, height, colours = SCREENS[screen]
    page.set_viewport_size({"width": width, "height": height})
    # Without motion, or a colour that still fades into the other set would be taken for the one that stays.
    page.emulate_media(color_scheme=colours, reduced_motion="reduce")  # type: ignore[arg-type]


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Give Chromium; the test is skipped where there is none."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("chromium is not installed; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=_OPTIONS)
        yield running
        running.close()


#: Pages to be used again, by context: to open one costs the browser three times as much as to show what is asked for.
_FREE: WeakKeyDictionary[BrowserContext, list[Page]] = WeakKeyDictionary()
#: Contexts that are open, by browser, address and screen.
_CONTEXTS: WeakKeyDictionary[Browser, dict[tuple[str, str], BrowserContext]] = WeakKeyDictionary()


def _context(browser: Browser, base: str, screen: str) -> BrowserContext:
    """Return the context for a screen, which has read style, fonts and scripts only once."""
    contexts = _CONTEXTS.setdefault(browser, {})
    if (base, screen) not in contexts:
        width, height, colours = SCREENS[screen]
        contexts[base, screen] = context = browser.new_context(
            base_url=base, viewport={"width": width, "height": height}, color_scheme=colours, locale="en-GB"
        )
        context.add_init_script(
            "addEventListener('securitypolicyviolation', (event) => console.error('CSP: ' + event.violatedDirective))"
        )
    return contexts[base, screen]


@contextmanager
def open_page(
    browser: Browser, base: str, screen: str, *, expected: tuple[str, ...] = ("status of 404",)
) -> Iterator[Page]:
    """Give a page of its own for `base`; when it closes, it has asked nobody else and its console was silent.

    Afterwards another test may have it, as if it were new; one that adds scripts to it has to close it.
    """
    context = _context(browser, base, screen)
    free = _FREE.setdefault(context, [])
    page = free.pop() if free else context.new_page()
    page.set_default_timeout(60_000)
    faults: list[str] = []
    heard: dict[Any, Callable[[Any], None]] = {
        # Only looked at: a request that the test would have to pass on takes the browser longer, and nothing is kept.
        "request": lambda sent: None if sent.url.startswith((base, f"blob:{base}")) else faults.append(sent.url),
        "pageerror": lambda error: faults.append(str(error)),
        "console": lambda said: faults.append(said.text) if said.type in ("error", "warning") else None,
    }
    for event, listener in heard.items():
        page.on(event, listener)
    yield page
    if not page.is_closed():
        # Asked of the browser: a page that is on its way elsewhere can't be asked. What it has said is heard by then.
        session = context.new_cdp_session(page)
        session.send("Page.enable")
        for event, listener in heard.items():
            page.remove_listener(event, listener)
        _leave(page, session, base, screen)
        free.append(page)
    context.clear_cookies()
    context.clear_permissions()
    # A page that is meant to be missing is an error to the console only.
    assert [fault for fault in faults if not any(text in fault for text in expected)] == []


def _leave(page: Page, session: CDPSession, base: str, screen: str) -> None:
    """Have a page as it was when it was new: nothing that it keeps is there for the next test."""
    page.goto("about:blank")
    session.send("Storage.clearDataForOrigin", {"origin": base, "storageTypes": "local_storage"})
    session.send("Page.resetNavigationHistory")
    session.detach()
    show_as(page, screen)
    page.emulate_media(media="null", reduced_motion="null")
    page.mouse.move(-1, -1)


def arrive(page: Page, path: str) -> None:
    """Go to a page and wait until its scripts have drawn what they draw."""
    page.goto(path)
    page.wait_for_function("(unfinished) => !document.querySelector(unfinished)", arg=_UNFINISHED)
