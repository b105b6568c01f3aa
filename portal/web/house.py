"""What a view takes from the application."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import Engine

from portal.cases.files import Files
from portal.cases.forgetting import Eraser
from portal.cases.saved import SavedMessage
from portal.config import Config
from portal.dossier.binder import Binder
from portal.law.catalogue import Catalogue
from portal.letters.compose import Templates
from portal.letters.printer import Printer
from portal.limits import LIMITS, Limit
from portal.papers.copier import Copier
from portal.web.shelf import Shelf


@dataclass(frozen=True, slots=True)
class House:
    """The parts that pages are made with; `clock` gives an aware moment."""

    config: Config
    catalogue: Catalogue
    saved: Mapping[str, SavedMessage]
    """What staff write often, by id."""
    templates: Templates
    engine: Engine
    files: Files
    eraser: Eraser
    printer: Printer
    copier: Copier
    binder: Binder
    clock: Callable[[], datetime]
    shelf: Shelf
    limits: Mapping[str, Limit] = field(default_factory=lambda: LIMITS)

    def today(self, place: str = "") -> date:
        """The calendar date where a person is."""
        return self.clock().astimezone(ZoneInfo(self.catalogue.time_zone(place))).date()


def house() -> House:
    """The parts of the application that answers."""
    return cast(House, current_app.extensions["rightface"])
