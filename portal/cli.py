"""Commands: the law, routes, dates and letters for scripts, and the care of the house."""

import json
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from portal import database, documents, heads, jobs, lawbook, trail
from portal.backup import Backup, BadBackup, back_up, put_back
from portal.cases import confirmations, saved
from portal.cases.confirmations import State
from portal.cases.forgetting import Erased
from portal.config import ROOT
from portal.heads import Notary
from portal.law import completeness as law_completeness
from portal.law import patches
from portal.law.catalogue import Catalogue
from portal.law.deadlines import Uncountable, due, sentence
from portal.law.files import BadData, released
from portal.law.places import countries
from portal.law.records import DeadlineRule, Event, NoCount, Right, Side
from portal.law.review import findings
from portal.law.routing import Option, Outcome, Situation, route
from portal.letters import completeness as letters_completeness
from portal.letters import compose, shapes
from portal.letters.blocks import BadLetter
from portal.letters.compose import NoLetter, Request, Role, Sender
from portal.letters.details import DETAILS
from portal.letters.html import document
from portal.letters.letter import Letter
from portal.letters.printer import NotRendered
from portal.web.forgetting import forget
from portal.web.house import house
from portal.web.language import LANGUAGES
from portal.worker import Worker, kinds, publish, stopping

#: Dates that a line of the batch may carry, as the wire calls them.
_EVENTS = {event.value: event for event in Event if event is not Event.REPLY_DUE}
_STEP = 1_000
"""Results are written out after so many lines."""


class BadLine(ValueError):
    """A line of a batch cannot be used; the sentence says why."""


def register(app: Flask) -> None:
    """Add the commands to the application."""
    for command in (
        data,
        law_group,
        route_command,
        due_command,
        letter_command,
        migrate,
        backup_command,
        restore_command,
        cases_group,
        worker_command,
        audit,
        record_group,
        docs,
    ):
        app.cli.add_command(command)


# The law as data

data = AppGroup("data", help="The law as data.")


@data.command("check")
@click.option("--quiet", is_flag=True, help="Say only how many there are of each.")
def data_check(quiet: bool) -> None:
    """List all that is missing, unsourced, not looked at for 180 days or only “check”; fail on the first two."""
    catalogue = house().catalogue
    lacking = list(_lacking())
    for problem in lacking:
        click.echo(problem)
    found = sorted(findings(catalogue, house().today()), key=lambda one: (one.kind, one.file))
    for finding in [] if quiet else found:
        click.echo(f"{finding.kind:9} {finding.file}: {finding.what}")
    for kind in ("unsourced", "stale", "check"):
        click.echo(f"{sum(one.kind == kind for one in found):5} {kind}")
    if lacking:
        raise click.ClickException(f"something is missing, {len(lacking)} times: the first lines say what")
    if any(one.kind == "unsourced" for one in found):
        raise click.ClickException("a fact without a source: add “sources” to it")


@data.command("addresses")
def data_addresses() -> None:
    """List the addresses to look at, those first that most open cases wait on; also those that were found wrong."""
    with database.reading(house().engine) as session:
        found = confirmations.addresses(session, house().catalogue, house().today())
    for one in found:
        if one.state is not State.LOOKED_AT:
            file, table = patches.place(house().catalogue, one.record)
            on = confirmations.looked_on(one).isoformat()
            click.echo(f"{one.state:5} {on} {one.cases:5} cases  {one.record}: {file} [{table}]")


def _lacking() -> Iterator[str]:
    """All that the data, the letters and the saved messages lack; a sentence with file, key and cure for each."""
    catalogue, templates, config = house().catalogue, house().templates, house().config
    yield from law_completeness.missing(catalogue, LANGUAGES)
    yield from letters_completeness.missing(catalogue, templates)
    yield from saved.missing(house().saved, LANGUAGES)
    there = law_completeness.slugs(catalogue) | saved.slugs(house().saved)
    yield from law_completeness.unreleased(there, released(config.data))


law_group = AppGroup("law", help="One law.")


@law_group.command("review")
@click.option("--law", "id_", required=True, help="The law's id: eu-gdpr.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file; else the standard output.")
def law_review(id_: str, out: Path | None) -> None:
    """Write all about a law into one page of HTML, for a lawyer to mark up: letters, arguments, what is “check”."""
    catalogue = house().catalogue
    if id_ not in catalogue.laws:
        raise click.ClickException(f"unknown law {id_!r}: it is one of {', '.join(catalogue.laws)}")
    text = lawbook.of_law(current_app.jinja_env, catalogue, house().templates, catalogue.laws[id_], house().today())
    if out is None:
        click.echo(text)
    else:
        out.write_text(text, encoding="utf-8")


# Routes


@click.command("route")
@click.option("--from", "place", help="Where the person lives: AT, CA-QC.")
@click.option("--to", "target", help="The organisation's id: clearview-ai.")
@click.option("--right", "right", help=f"One of {', '.join(Right)}.")
@click.option("--received", help="When they received it: 2027-01-31.")
@click.option("--batch", is_flag=True, help="Read a JSON object a line, write one a line.")
def route_command(place: str, target: str, right: str, received: str, batch: bool) -> None:
    """Who must answer, under which law, by when."""
    if batch:
        _batch(_routed)
        return
    country, _, _ = _wanted("--from", place).partition("-")
    region = place if "-" in place else None
    line = {"id": "", "country": country, "region": region, "target": target, "request_type": right}
    line |= {"received_on": received} if received else {}
    _print(_routed, line)


def _routed(line: Mapping[str, Any]) -> dict[str, Any]:
    found = route(house().catalogue, _situation(line))
    return {"id": line.get("id"), "options": [_wire(house().catalogue, option) for option in found.options]}


def _situation(line: Mapping[str, Any]) -> Situation:
    """A line of the wire as the facts that routing needs."""
    catalogue = house().catalogue
    target = _text(line, "target")
    if target not in catalogue.organisations:
        raise BadLine(f"unknown target {target!r}")
    organisation = catalogue.organisations[target]
    right = _text(line, "request_type")
    if right not in set(Right):
        raise BadLine(f"unknown request_type {right!r}: it is one of {', '.join(Right)}")
    sent = line.get("sent_at")
    place = _place(line)
    return Situation(
        place,
        organisation,
        Right(right),
        {event: _day(line, name) for name, event in _EVENTS.items() if line.get(name) is not None},
        sent_at=_moment(sent, catalogue, place) if sent is not None else None,
        extension_notice_on=_day(line, "extension_notice_on")
        if line.get("extension_notice_on") is not None
        else None,
        on_behalf_of=str(line.get("on_behalf_of") or ""),
    )


def _place(line: Mapping[str, Any]) -> str:
    """`AT`, or the region `CA-QC` of the country `CA`."""
    country = _text(line, "country").lower()
    region = line.get("region")
    if country not in countries("en"):
        raise BadLine(f"unknown country {country!r}: write the two letters of ISO 3166-1")
    if region is None or region == "":
        return country
    if not isinstance(region, str) or not region.lower().startswith(f"{country}-"):
        raise BadLine(f"unknown region {region!r}: write ISO 3166-2, beginning with {country.upper()}-")
    return region.lower()


def _text(line: Mapping[str, Any], key: str) -> str:
    value = line.get(key)
    if not isinstance(value, str) or not value:
        raise BadLine(f"“{key}” is missing")
    return value


def _day(line: Mapping[str, Any], key: str) -> date:
    try:
        return date.fromisoformat(str(line[key]))
    except (KeyError, ValueError) as error:
        raise BadLine(f"“{key}” is no date: write 2027-01-31") from error


def _moment(value: Any, catalogue: Catalogue, place: str) -> datetime:
    """An ISO moment; where it names no offset, the person's own time."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise BadLine("“sent_at” is no moment: write 2027-01-31T14:05:00+01:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(catalogue.time_zone(place)))


def _wire(catalogue: Catalogue, option: Option) -> dict[str, Any]:
    """An option in the order and the words of the wire."""
    return {
        "law": option.law,
        "other_laws": list(option.other_laws),
        "outcome": option.outcome.value,
        "addressee": option.addressee,
        "regulator": option.regulator,
        "language_letter": option.language_letter,
        "language_complaint": option.language_complaint,
        "deadline_rule": option.deadline_rule,
        "due_date": option.due.day.isoformat() if option.due else None,
        "due_date_alternatives": [day.isoformat() for day in option.due.days] if option.due else [],
        "due_kind": option.due_kind.value if option.due_kind else None,
        "confidence": option.confidence.value,
        "channels": [channel.value for channel in option.channels],
        "next": [right.value for right in option.next],
        "reasons": [{"text": reason.text["en"], "source": reason.source} for reason in option.reasons],
    }


# Dates


@click.command("due")
@click.option("--rule", help="A deadline rule's id: us-foia-20wd.")
@click.option("--received", help="The day that the clock counts from: 2026-11-10.")
@click.option("--from", "place", default="", help="Whose holidays count, for rules that follow the person: AT.")
@click.option("--batch", is_flag=True, help="Read a JSON object a line, write one a line.")
def due_command(rule: str, received: str, place: str, batch: bool) -> None:
    """When an answer is due, and how that was counted."""
    if batch:
        _batch(_dated)
        return
    line = {"id": "", "rule": _wanted("--rule", rule), "received_on": received}
    country, _, _ = place.partition("-")
    line |= {"country": country, "region": place if "-" in place else ""} if place else {}
    _print(_dated, line)


def _dated(line: Mapping[str, Any]) -> dict[str, Any]:
    catalogue = house().catalogue
    name = _text(line, "rule")
    if name not in catalogue.deadlines:
        raise BadLine(f"unknown rule {name!r}")
    rule = catalogue.deadlines[name]
    start = _day(line, "received_on")
    calendar = catalogue.calendar(_place(line)) if line.get("country") else None
    calendars = {Side.PERSON: calendar, Side.ORGANISATION: calendar} if calendar else {}
    blind = isinstance(rule.calendar, Side) and calendar is None
    found = due(_weekends_only(rule) if blind else rule, dict.fromkeys(rule.counts_from, start), calendars)
    if found is None:
        return {"id": line.get("id"), "due_date": None, "counted": "The law sets no time."}
    counted = sentence(found) + (" Public holidays are not counted: name the country." if blind else "")
    return {"id": line.get("id"), "due_date": found.day.isoformat(), "counted": counted}


def _weekends_only(rule: DeadlineRule) -> DeadlineRule:
    """A rule that follows a place, where none is named: its weekends count, its holidays are said to be missing."""
    return replace(
        rule,
        calendar=None,
        readings=(),
        excludes=tuple(one for one in rule.excludes if one is not NoCount.HOLIDAY),
        rolls_on=tuple(one for one in rule.rolls_on if one is not NoCount.HOLIDAY),
    )


# Letters


@click.command("letter")
@click.option("--from", "place", required=True, help="Where the person lives: AT, CA-QC.")
@click.option("--to", "target", required=True, help="The organisation's id.")
@click.option("--right", "right", required=True, help=f"One of {', '.join(Right)}.")
@click.option("--sender", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--format", "shape", type=click.Choice(("pdf", "html", "text", "short")), default="pdf")
@click.option("--language", help="Another language than the one that the addressee reads.")
@click.option("--law", help="Another option than the first: its law.")
def letter_command(
    place: str, target: str, right: str, sender: Path, out: Path, shape: str, language: str, law: str
) -> None:
    """Write a letter, and the cover of a complaint in English to an authority that works in another language.

    The sender's details are a TOML file: full_name, address, email …
    """
    line = {"country": place.partition("-")[0], "region": place if "-" in place else "", "target": target}
    try:
        request = _request(_situation({**line, "request_type": right}), _sender(sender), language, law)
        letter = compose.compose(house().catalogue, house().templates, request)
        cover = compose.cover(house().catalogue, house().templates, request)
    except (BadLine, NoLetter, BadLetter) as error:
        raise click.ClickException(str(error)) from error
    try:
        out.write_bytes(_shaped(letter, shape))
        if compose.is_drafted(house().catalogue, request.language):
            click.echo(_warned(request.language), err=True)
        if cover:
            click.echo(_covered(out, cover, shape, compose.wanted_language(request.option)))
    except NotRendered as error:
        raise click.ClickException(str(error)) from error
    finally:
        house().printer.close()


def _covered(out: Path, cover: Letter, shape: str, wanted: str) -> str:
    """Write the cover beside its letter; the sentence says where, and what it is for."""
    beside = out.with_suffix(f".cover{out.suffix}")
    beside.write_bytes(_shaped(cover, shape))
    language = house().catalogue.languages[wanted].name_en
    return f"{beside}: put it on top of the letter; it says in {language} why the complaint is in English"


def _warned(language: str) -> str:
    name = house().catalogue.languages[language].name_en
    return f"a draft: no lawyer who writes {name} has read its words; leave --language away for English and a cover"


def _request(situation: Situation, sender: Sender, language: str | None, law: str | None) -> Request:
    catalogue, templates = house().catalogue, house().templates
    options = [one for one in route(catalogue, situation).options if law in (None, one.law)]
    if not options:
        raise BadLine(f"the law {law!r} gives nothing here")
    option = options[0]
    if option.outcome is Outcome.NOT_ELIGIBLE:
        raise BadLine(" ".join(reason.text["en"] for reason in option.reasons))
    written = language or compose.written_in(catalogue, templates, option)[0]
    if written not in catalogue.languages:
        raise BadLine(f"unknown language {written!r}")
    return Request(situation, option, sender, house().today(situation.place), written)


def _sender(path: Path) -> Sender:
    """Who writes, from a TOML file; an address may be a list of lines."""
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadLine(f"the sender's file is not TOML: {error}") from error
    role = read.pop("role", "self")
    if role not in set(Role):
        raise BadLine(f"unknown role {role!r}: it is one of {', '.join(Role)}")
    writer, address = str(read.pop("writer_name", "")), _joined(read.pop("writer_address", ""))
    declared = read.pop("declared", False) is True
    if role == Role.GROUP and not (writer and address and declared):
        raise BadLine(
            "for a group write “writer_name”, “writer_address” and, where it is of a kind that the law admits, "
            "“declared = true”"
        )
    known = {name: value for name, value in read.items() if name in DETAILS}
    if unknown := sorted({*read} - {*known}):
        raise BadLine(f"the sender's file has an unknown detail “{unknown[0]}”")
    details = {name: _joined(value) for name, value in known.items()}
    return Sender(Role(role), details, writer, writer_address=address)


def _joined(value: Any) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def _shaped(letter: Letter, shape: str) -> bytes:
    match shape:
        case "pdf":
            return house().printer.pdf(letter)
        case "html":
            return document(letter).encode()
        case "short":
            return shapes.short(letter).encode()
        case _:
            return shapes.printed(letter).encode()


# Batches


def _batch(answer: Callable[[Mapping[str, Any]], dict[str, Any]]) -> None:
    """Answer each line of the standard input; a line that cannot be used gets its error, and the rest still run."""
    for n, line in enumerate(_answers(sys.stdin.buffer, answer), start=1):
        sys.stdout.write(line + "\n")
        if n % _STEP == 0:
            sys.stdout.flush()


def _answers(lines: Iterable[bytes], answer: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Iterator[str]:
    for line in lines:
        if line.strip():
            yield json.dumps(_answered(line, answer), ensure_ascii=False)


def _answered(line: bytes, answer: Callable[[Mapping[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    id_ = None
    try:
        read = json.loads(line)
        if not isinstance(read, dict):
            raise BadLine("the line is no JSON object")
        id_ = read.get("id")
        return answer(read)
    except (BadLine, Uncountable, BadData) as error:
        return {"id": id_, "error": str(error)}
    except (ValueError, OverflowError, RecursionError) as error:
        return {"id": id_, "error": f"the line cannot be read: {error}"}


def _print(answer: Callable[[Mapping[str, Any]], dict[str, Any]], line: Mapping[str, Any]) -> None:
    try:
        click.echo(json.dumps(answer(line), ensure_ascii=False, indent=2))
    except (BadLine, Uncountable) as error:
        raise click.ClickException(str(error)) from error


def _wanted(option: str, value: str | None) -> str:
    if not value:
        raise click.UsageError(f"{option} is missing")
    return value


# The house


@click.command("migrate")
@click.argument("to", type=click.Choice(("head", "base")), default="head")
def migrate(to: str) -> None:
    """Bring the database's tables up to date."""
    database.migrate(house().engine, to)


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup_command(file: Path) -> None:
    """Write database, sealed files and ledger into FILE while the portal runs; no key is in it."""
    made = back_up(house().engine, house().eraser, house().config.lookup_key, file)
    click.echo(f"{file}: {_held(made)}")
    if made.lost:
        click.echo(f"{made.lost} papers have no file any more: look for it in an older backup", err=True)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", "replacing", is_flag=True, help="In the place of what is in the database.")
def restore_command(file: Path, replacing: bool) -> None:
    """Put FILE back; what was erased since it was written stays erased."""
    try:
        found = put_back(house().engine, house().eraser, house().config.lookup_key, file, replacing)
    except BadBackup as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"put back, but for what was erased: {_held(found)}")


def _held(backup: Backup) -> str:
    return ", ".join(f"{n} {what}" for what, n in [*backup.rows.items(), ("files", backup.files)])


cases_group = AppGroup("cases", help="What people file, and forgetting it.")


@cases_group.command("purge")
def cases_purge() -> None:
    """Erase all whose time is over: drafts, cases that browsers have open, cases, copies of identity documents."""
    _say(forget(house().eraser, house().clock()))


@cases_group.command("replay")
def cases_replay() -> None:
    """Erase again what the ledger holds, as after a backup was put back, and drop files that no case knows."""
    _say(house().eraser.replay(house().clock()))


def _say(erased: Erased) -> None:
    """How many of each were erased."""
    counts = {table: len(ids) for table, ids in erased.rows.items()}
    counts |= {"drafts": erased.drafts, "case sessions": erased.case_sessions}
    counts |= {
        "reports": erased.reports,
        "tasks": erased.tasks,
        "looks": erased.confirmations,
        "sights": erased.sights,
        "former groups": erased.former_groups,
        "lists of members": erased.imports,
    }
    click.echo("erased: " + ", ".join(f"{n} {what}" for what, n in counts.items()))


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due, and end.")
@click.option("--every", "pause", type=click.FloatRange(0.1, 3_600), default=5, help="Seconds between looks: 5.")
@click.option("--list", "listing", is_flag=True, help="Only list what there is to do and what was given up.")
@click.option("--retry", "retrying", is_flag=True, help="Only have begun anew what was given up.")
def worker_command(once: bool, pause: float, listing: bool, retrying: bool) -> None:
    """Do what the portal itself has to do, as it becomes due, until SIGTERM or Ctrl+C; what is begun is finished.

    Any number of workers may run at the same time, wherever database, files and ledger are reached.
    """
    if listing:
        _list_jobs()
    elif retrying:
        with database.transaction(house().engine) as session:
            click.echo(f"begun anew: {jobs.retry(session, house().clock())}")
    else:
        notary = Notary(house().engine, house().config.trail_heads, house().config.trail_post)
        staffed = bool(house().config.staff_public_key)
        worker = Worker(house().engine, kinds(house().eraser, notary, house().catalogue, staffed), house().clock)
        with stopping() as stop:
            worker.work_off(stop) if once else worker.work_on(stop, pause)


def _list_jobs() -> None:
    """A line a job, the oldest first."""
    with database.reading(house().engine) as session:
        for job in jobs.all_jobs(session, house().clock()):
            failure = f", last failure: {job.failure}" if job.failure else ""
            due = f"{job.due:%Y-%m-%d %H:%M} UTC"
            click.echo(f"{job.state:8}  {due}  {job.kind}, attempts: {job.attempts}{failure}")


record_group = AppGroup("record", help="The public record of how organisations answer.")


@record_group.command("publish")
def record_publish() -> None:
    """Publish the versions that are due: of each quarter that ended thirty days ago and has none."""
    made = list(publish(house().engine, house().catalogue.version, house().clock()))
    for one in made:
        version = one.version
        click.echo(
            f"version {version.n} closes {version.quarter}: {one.numbers} numbers, {one.organisations} organisations"
        )
    if not made:
        click.echo("nothing is due: a version comes thirty days after its quarter has ended")


audit = AppGroup("audit", help="The trail of what staff did.")


@audit.command("verify")
@click.option("--heads", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Heads noted.")
def audit_verify(path: Path | None) -> None:
    """Fail where a row of the trail is not as it was written, and name the first; held against the heads of a file.

    Without --heads that is the portal's own, where it is there.
    """
    known, unread = heads.known(path or house().config.trail_heads)
    found = heads.check(house().engine, known)
    if unread:
        click.echo(f"lines of the heads that cannot be read, and count for nothing: {unread}", err=True)
    if found.fault:
        raise click.ClickException(found.fault.sentence)
    click.echo(f"{found.last.n} rows, head {found.last.hash}")
    click.echo(
        f"heads that agree: {len(known)}" if known else "heads: none, so a tail that was cut off does not show"
    )


@audit.command("head")
def audit_head() -> None:
    """How far the trail has come, as one line to keep elsewhere: now, the number and the hash of the last row."""
    with database.reading(house().engine) as session:
        click.echo(heads.written(trail.head(session), house().clock()))


docs = AppGroup("docs", help="The documents that are drawn from the program.")
_DOCS = ROOT / "docs"


@docs.command("write")
def docs_write() -> None:
    """Write them as they should be now."""
    for name, text in documents.written(current_app.jinja_env):
        (_DOCS / name).write_text(text, encoding="utf-8")
        click.echo(f"docs/{name}")


@docs.command("check")
def docs_check() -> None:
    """Fail where one of them is out of date with the models, the retention table or its template."""
    for name, text in documents.written(current_app.jinja_env):
        path = _DOCS / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            raise click.ClickException(f"docs/{name} is out of date: flask --app wsgi docs write")
