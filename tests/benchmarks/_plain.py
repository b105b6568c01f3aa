"""What keeps the same rows as a filing and does nothing else: sqlite3, a Flask app, a Django app.

Each takes the details and the letter from its form, checks its token, counts the network in a transaction of its own
as the portal does, and keeps the five rows in another. The tables are those of our migrations, and the pragmas ours.
Nothing is sealed, no draft is read, no letter is composed, no page is protected.
"""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex
from typing import Any
from wsgiref.types import WSGIApplication

from flask import Flask, redirect, render_template_string, request
from flask_wtf import FlaskForm
from sqlmodel import Session, SQLModel
from werkzeug.test import Client
from wtforms import TextAreaField
from wtforms.validators import DataRequired

from portal.cases.models import CaseRow, EventRow, FilingRow, LetterRow, WrapRow
from portal.config import ROOT
from portal.database import PRAGMAS, engine
from portal.limits import LimitRow

#: All that a filing keeps, in the order in which its rows hang on each other.
TABLES = (FilingRow, CaseRow, WrapRow, LetterRow, EventRow)
#: Where Django is put, beside what the portal needs.
DJANGO = ROOT / "build" / "django"

Values = Mapping[str, Any]
Rows = Mapping[type[SQLModel], Values]
#: Files so often as there are contents of forms.
Files = Callable[[list[Values]], None]


def like(rows: Rows, details: str, letter: str) -> list[tuple[type[SQLModel], dict[str, Any]]]:
    """The rows of another person: their details and letter, under ids of their own."""
    filing, case = token_hex(16), token_hex(16)
    own: Mapping[type[SQLModel], Values] = {
        FilingRow: {"id": filing, "lookup": token_hex(32)},
        CaseRow: {"id": case, "filing_id": filing, "details": details.encode()},
        WrapRow: {"case_id": case},
        LetterRow: {"id": token_hex(16), "case_id": case, "sealed": letter.encode()},
        EventRow: {"id": token_hex(16), "case_id": case},
    }
    return [(table, {**rows[table], **own[table]}) for table in TABLES]


def counted(address: str) -> str:
    """What the attempts of a network are counted under."""
    return sha256(f"file {address}".encode()).hexdigest()


# sqlite3


def bare(path: Path, rows: Rows) -> Files:
    """A loop of statements."""
    connection = sqlite3.connect(path, isolation_level=None)
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {value}").close()
    statements = {table: _insert(table, rows[table]) for table in TABLES}

    def file(forms: list[Values]) -> None:
        for form in forms:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "INSERT INTO limits VALUES (?, 1, 0) ON CONFLICT DO UPDATE SET count = count + 1", (counted(""),)
            )
            connection.execute("COMMIT")
            connection.execute("BEGIN IMMEDIATE")
            for table, values in like(rows, form["details"], form["letter"]):
                connection.execute(statements[table], [_for_sqlite(value) for value in values.values()])
            connection.execute("COMMIT")

    return file


def _insert(table: type[SQLModel], values: Values) -> str:
    names = ", ".join(f'"{name}"' for name in values)
    return f"INSERT INTO {table.__tablename__} ({names}) VALUES ({', '.join('?' * len(values))})"


def _for_sqlite(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


# Flask


class FilingForm(FlaskForm):
    details = TextAreaField(validators=[DataRequired()])
    letter = TextAreaField(validators=[DataRequired()])


PAGE = '<form method="post">{{ form.hidden_tag() }}{{ form.details() }}{{ form.letter() }}</form>'


def flask(path: Path, rows: Rows) -> WSGIApplication:
    """Flask with Flask-WTF and an SQLAlchemy session."""
    app = Flask("plain")
    app.config["SECRET_KEY"] = "a secret of at least thirty-two characters"
    made = engine(f"sqlite:///{path}")

    @app.route("/", methods=["GET", "POST"])
    def file() -> Any:
        form = FilingForm()
        if not form.validate_on_submit():
            return render_template_string(PAGE, form=form)
        with Session(made) as session:
            count = session.get(LimitRow, counted(request.remote_addr or ""))
            if count:
                count.count += 1
            else:
                session.add(LimitRow(id=counted(request.remote_addr or ""), count=1, ends_at=0))
            session.commit()
        with Session(made) as session:
            for table, values in like(rows, form.details.data, form.letter.data):
                session.add(table(**values))
                session.flush()
            session.commit()
        return redirect("/")

    return app


# Django


def django(path: Path, rows: Rows) -> WSGIApplication | None:
    """Django with its form and its models; None where it is not there and cannot be fetched."""
    if not _is_there():
        return None
    import django
    from django.conf import settings

    database = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "init_command": ";".join(f"PRAGMA {name} = {value}" for name, value in PRAGMAS.items()),
        },
    }
    settings.configure(
        SECRET_KEY="a secret of at least thirty-two characters",
        ALLOWED_HOSTS=["localhost"],
        DEBUG_PROPAGATE_EXCEPTIONS=True,
        DATABASES={"default": database},
        MIDDLEWARE=["django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        ROOT_URLCONF=_urls(rows),
    )
    django.setup()
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def _is_there() -> bool:
    """Whether Django can be imported; it is no part of our locks, and is fetched into a folder of its own."""
    if not DJANGO.exists():
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "django~=5.2.0"]
        subprocess.run([*pip, "--target", str(DJANGO)], check=False, capture_output=True, timeout=300)
    if str(DJANGO) not in sys.path:
        sys.path.append(str(DJANGO))
    return find_spec("django") is not None


def _urls(rows: Rows) -> type:
    """The one address, and the view behind it; models and forms are made at the first request, when all is set up."""
    from functools import cache

    from django.http import HttpResponse, HttpResponseRedirect
    from django.urls import path

    @cache
    def parts() -> tuple[Any, ...]:
        from django import forms
        from django.template import engines

        fields = {name: forms.CharField(widget=forms.Textarea) for name in ("details", "letter")}
        page = '<form method="post">{% csrf_token %}{{ form }}</form>'
        form = type("FilingForm", (forms.Form,), fields)
        return form, engines["django"].from_string(page), {table: _model(table) for table in (*TABLES, LimitRow)}

    def file(request: Any) -> Any:
        from django.db import transaction
        from django.db.models import F

        form_of, page, models = parts()
        form = form_of(request.POST or None)
        if not form.is_valid():
            return HttpResponse(page.render({"form": form}, request))
        id_ = counted(request.META.get("REMOTE_ADDR", ""))
        with transaction.atomic():
            count = models[LimitRow].objects
            if not count.filter(id=id_).update(count=F("count") + 1):
                count.create(id=id_, count=1, ends_at=0)
        with transaction.atomic():
            for table, values in like(rows, form.cleaned_data["details"], form.cleaned_data["letter"]):
                models[table].objects.create(**values)
        return HttpResponseRedirect("/")

    return type("urls", (), {"urlpatterns": [path("", file)]})


def _model(table: type[SQLModel]) -> Any:
    """A model of Django's for one of our tables."""
    from django.db import models

    kinds = {int: models.IntegerField, date: models.DateField, bytes: models.BinaryField}
    columns = list(table.__table__.columns)
    keys = [column.name for column in columns if column.primary_key]
    fields = {
        column.name: kinds.get(column.type.python_type, models.TextField)(
            null=column.nullable, primary_key=[column.name] == keys
        )
        for column in columns
    }
    if len(keys) > 1:
        fields["pk"] = models.CompositePrimaryKey(*keys)
    meta = type("Meta", (), {"app_label": "plain", "managed": False, "db_table": table.__tablename__})
    return type(table.__name__, (models.Model,), {**fields, "Meta": meta, "__module__": __name__})


# Their forms


def form_token(client: Client) -> dict[str, str]:
    """What the form of a plain app carries beside its fields."""
    page = client.get("/").text
    [(name, value)] = re.findall(r'name="(csrf\w*)"[^>]*value="([^"]+)"', page)
    return {name: value}
