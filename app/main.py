"""The application: settings, middleware, routers and the one error handler, put together; no logic."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from app.clock import Clock, system_clock
from app.config import Settings, read_settings
from app.db import Database
from app.live import Feed
from app.logging import set_up_logging
from app.metrics import MetricsMiddleware
from app.middleware import BodyLimitMiddleware, HeadMiddleware, SecurityMiddleware
from app.routers import api, errors, health, web
from app.routers.turns import Turns
from app.security import MAXIMUM_BODY, MAXIMUM_UPLOAD
from app.templating import STATIC_DIRECTORY
from app.worker import Worker


def create_app(settings: Settings | None = None, clock: Clock = system_clock, *, with_worker: bool = False) -> FastAPI:
    """The application for these settings (those of the environment where None), on this clock."""
    settings = settings or read_settings()
    database = Database(settings, clock)

    @asynccontextmanager
    async def lifespan(_application: FastAPI) -> AsyncIterator[None]:
        worker = Worker(database)
        feed = application.state.feed = Feed(database)
        take_back = feed.stop_with_the_server(worker.ask_to_stop)
        if with_worker:
            worker.start()
        yield
        take_back()
        feed.stop()
        worker.stop()
        database.dispose()

    application = FastAPI(
        title="Dialogforum",
        version="1",
        description=api.DESCRIPTION,
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    application.state.settings = settings
    application.state.database = database
    application.state.turns = Turns(database)
    errors.install(application)
    web.install(application)
    application.include_router(api.router)
    application.include_router(health.router, include_in_schema=False)
    application.mount("/static", StaticFiles(directory=STATIC_DIRECTORY, check_dir=False), name="static")
    application.add_middleware(BodyLimitMiddleware, limit=MAXIMUM_BODY, upload_limit=MAXIMUM_UPLOAD)
    application.add_middleware(SecurityMiddleware, settings=settings)
    application.add_middleware(MetricsMiddleware)
    application.add_middleware(HeadMiddleware)
    return application


def create_service(*, with_worker: bool = False) -> FastAPI:
    """What a serving process runs: the environment's settings, and its log in their form."""
    settings = read_settings()
    set_up_logging(settings)
    return create_app(settings, with_worker=with_worker)


def create_service_with_worker() -> FastAPI:
    """The same with a worker beside it."""
    return create_service(with_worker=True)
