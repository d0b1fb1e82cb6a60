"""The Flask application and the server that runs it. The one package that knows Flask and the WSGI server."""

from digitech_kg.web.app import create_app

__all__ = ["create_app"]
