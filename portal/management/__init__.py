"""The portal's own commands for manage.py."""
