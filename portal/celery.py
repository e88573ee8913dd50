"""The workers' door: the Celery application, its queues and its regular errands."""

import os

from celery import Celery
from django_structlog.celery.steps import DjangoStructLogInitStep

from services.errands import BEAT, ROUTES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("onevisit")
app.config_from_object("django.conf:settings", namespace="CELERY")
# What no installation chooses: errands carry ids as JSON, and nothing of the truth lies with the broker.
app.conf.update(
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    task_publish_retry=False,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_default_queue="route",
    task_acks_late=False,
    timezone="UTC",
    worker_pool="prefork",
    worker_prefetch_multiplier=1,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    worker_enable_remote_control=False,
    beat_scheduler="celery.beat:Scheduler",  # keeps no file: every tick is a sweep of the database
)
app.autodiscover_tasks()
app.conf.beat_schedule = BEAT
app.conf.task_routes = ROUTES
# Celery closes the database connection around every errand unless told to use it this many times.
app.conf["CELERY_DB_REUSE_MAX"] = 500
app.steps["worker"].add(DjangoStructLogInitStep)
