"""The workers' door: the Celery application, its queues and its regular errands."""

import os

from celery import Celery
from django_structlog.celery.steps import DjangoStructLogInitStep

from services.errands import BEAT, ROUTES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("onevisit")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = BEAT
app.conf.task_routes = ROUTES
# Celery closes the database connection around every errand unless told to use it this many times.
app.conf["CELERY_DB_REUSE_MAX"] = 500
app.steps["worker"].add(DjangoStructLogInitStep)
