"""What gunicorn serves, without preloading it: the courier is a thread of the serving process."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "portal.sandbox.settings"

application = get_wsgi_application()

from portal.sandbox import courier  # noqa: E402 - models exist only from here on

courier.start()
