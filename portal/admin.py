"""Where Django looks for the admin: it belongs to the desk."""

from portal.clerk import admin

__all__ = ["admin"]
