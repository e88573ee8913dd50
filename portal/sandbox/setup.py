"""`python -m portal.sandbox.setup` makes the sandbox ready to serve; it may run again."""

import os
import sys

import django


def main() -> int:
    """Set up the sandbox, say what it holds, and return the exit status."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.sandbox.settings"
    django.setup()

    from portal.sandbox import preparing  # models exist only from here on
    from portal.sandbox.seeding.shapes import CannotRead

    try:
        seeded = preparing.prepare()
    except CannotRead as reason:
        print(f"The sandbox cannot be seeded: {reason}", file=sys.stderr)
        return 1
    state = "made up" if seeded.is_new else "already there"
    print(
        f"Sandbox: {seeded.people} people, {seeded.businesses} businesses, "
        f"{seeded.records} records in {seeded.registers} registers ({state})."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
