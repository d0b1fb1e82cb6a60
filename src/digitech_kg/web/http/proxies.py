"""Running behind reverse proxies, possibly under a path prefix."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def trust_proxies(app: Flask, count: int) -> None:
    """Use the client, scheme, host and path prefix that `count` proxies in front report; ignore them if it is 0.

    Reads `X-Forwarded-For`, `-Proto`, `-Host` and `-Prefix`. Anybody can send these headers, so this is off unless
    the server can be reached through the proxies only.
    """
    if count:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count, x_prefix=count
        )
