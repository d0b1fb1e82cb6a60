"""The Flask application and the server that runs it. Beside it only parts with pages use Flask."""

from digitech_kg.web.app import create_app

__all__ = ["create_app"]
