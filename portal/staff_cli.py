"""What is done for the staff's application from a terminal: inviting people, making its key and opening it."""

import os
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterable
from pathlib import Path

import click
from email_validator import EmailNotValidError, validate_email
from flask import Flask
from flask.cli import AppGroup
from sqlmodel import Session

from portal.accounts import credentials, invitations, keys, people
from portal.accounts.invitations import LIFE, Secret
from portal.accounts.keys import BadKeyFile, BadPassphrase
from portal.accounts.people import Account
from portal.accounts.permissions import STRONG, Role, proper
from portal.config import BadConfig, Config
from portal.database import reading, transaction
from portal.vault import Key, new_pair, public_half
from portal.web.house import house
from portal.web.staff import own
from portal.web.staff.noting import note_changed, note_invited


def register(app: Flask) -> None:
    """Add the commands to the application."""
    app.cli.add_command(staff)
    app.cli.add_command(keys_group)


# People

staff = AppGroup("staff", help="Who works for the portal, where there is no identity provider.")


@staff.command("invite")
@click.argument("email", required=False)
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="What they may do; more than once.",
)
@click.option("--name", default="", help="What they are called.")
@click.option("--again", "again", metavar="ID", help="For an account whose device is lost: see `staff list`.")
def staff_invite(email: str | None, roles: tuple[str, ...], name: str, again: str | None) -> None:
    """Print a link, good once and for 15 minutes, to make what EMAIL will sign in with."""
    if not own.is_open():
        raise click.ClickException("staff sign in with the identity provider; else set RIGHTFACE_STAFF_LOCAL=1")
    if again is None:
        address, wanted = _address(email), _some(roles)
        link = _invited(address, name.strip(), wanted)
    elif email or roles or name:
        raise click.UsageError("--again is for an account as it is: without e-mail address, role and name")
    else:
        link, wanted = _invited_again(again)
    click.echo(f"{house().config.staff_url}/enrol#{link}")
    click.echo(f"It works once, for {LIFE.seconds // 60} minutes, and whoever has it can use it.", err=True)
    if needing := sorted(wanted & STRONG):
        click.echo(f"{' and '.join(needing)}: needs a passkey; codes of an app are not offered.", err=True)


def _some(roles: Iterable[str]) -> frozenset[Role]:
    found = frozenset(map(Role, roles))
    if not found:
        raise click.UsageError(f"say what they may do, by --role: {', '.join(Role)}")
    if found != proper(found):
        raise click.UsageError(f"who works for a group has no other role: {Role.GROUP_MEMBER} goes alone")
    return found


def _address(email: str | None) -> str:
    try:
        return validate_email(email or "", check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise click.UsageError("EMAIL: write an e-mail address, as name@example.org") from error


def _invited(email: str, name: str, roles: Iterable[Role]) -> Secret:
    """What the link of somebody new holds."""
    who, secret = invitations.own(email, name), house().config.staff_secret
    with transaction(house().engine) as session:
        found = people.find(session, secret, who)
        if found:
            raise click.ClickException(f"there is an account already: flask … staff invite --again {found.id}")
        made = invitations.invite(session, secret, who, roles, house().clock())
        note_invited(session, None)
    return made


def _invited_again(id_: str) -> tuple[Secret, frozenset[Role]]:
    """What the link of somebody holds who lost their device, and their roles."""
    secret = house().config.staff_secret
    with transaction(house().engine) as session:
        account = _account(session, id_)
        if not account.email or people.find(session, secret, invitations.own(account.email)) != account:
            raise click.ClickException("this account is of the identity provider: who lost a device asks there")
        made = invitations.invite_again(session, secret, account, house().clock())
        note_invited(session, id_)
    return made, account.roles


def _account(session: Session, id_: str) -> Account:
    account = people.get(session, house().config.staff_secret, id_)
    if account is None:
        raise click.ClickException("there is no account of this id: flask … staff list")
    return account


@staff.command("list")
def staff_list() -> None:
    """A line an account: its id, what it may do, how it signs in, whose it is; then who is invited."""
    secret = house().config.staff_secret
    with reading(house().engine) as session:
        for one in people.all_accounts(session, secret):
            how = ", ".join(credentials.kinds(session, one.id)) or "nothing here"
            state = "" if one.active else "  CLOSED"
            click.echo(f"{one.id}  {', '.join(sorted(one.roles))}  ({how})  {one.name} <{one.email}>{state}")
        for invited in invitations.all_open(session, secret, house().clock()):
            roles, who = ", ".join(sorted(invited.roles)), invited.who
            click.echo(f"invited until {invited.ends:%H:%M} UTC  {roles}  {who.name} <{who.email}>")


@staff.command("close")
@click.argument("id_", metavar="ID")
def staff_close(id_: str) -> None:
    """They may not sign in any more, and are signed out at once."""
    with transaction(house().engine) as session:
        _account(session, id_)
        people.close(session, id_, house().today())
        note_changed(session, id_)
    click.echo("closed, and signed out")


@staff.command("reopen")
@click.argument("id_", metavar="ID")
def staff_reopen(id_: str) -> None:
    """They may sign in again with what they had; for something new: staff invite --again."""
    with transaction(house().engine) as session:
        _account(session, id_)
        people.reopen(session, id_)
        note_changed(session, id_)
    click.echo("open again")


# The key

keys_group = AppGroup("keys", help="The staff's key, which opens what is sealed to them.")


@keys_group.command("staff")
def keys_staff() -> None:
    """Make the pair: write the private half into a file under a passphrase, print the public half as a setting."""
    path = house().config.staff_key
    if path.exists():
        raise click.ClickException(
            f"{path} is there already, and is not overwritten: what is sealed to it would be lost"
        )
    passphrase = click.prompt(
        "Passphrase (5 words, or 20 characters)", hide_input=True, confirmation_prompt=True, err=True
    )
    public, private = new_pair()
    try:
        _write_new(path, keys.locked(private, passphrase))
    except BadPassphrase as error:
        raise click.ClickException(str(error)) from error
    except FileExistsError as error:
        raise click.ClickException(f"{path} is there already, and is not overwritten") from error
    click.echo(f"{path}: copy it, and keep the passphrase elsewhere. The public portal needs this setting:", err=True)
    click.echo(f"RIGHTFACE_STAFF_PUBLIC_KEY={b64encode(public).decode()}")


def _write_new(path: Path, content: bytes) -> None:
    """For its owner alone, whole or not at all. Raises FileExistsError where there is one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent) as file:  # made with O_EXCL and 0600
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        os.link(file.name, path)


def opened(config: Config, ask: Callable[[], str] | None) -> Key | None:
    """The staff's private key; None where there is no key file. `ask` has somebody type the passphrase.

    Raises BadConfig where the passphrase is wrong or nobody can type it, or the public portal seals to another.
    """
    if not config.staff_key.exists():
        return None
    try:
        private = keys.unlocked(config.staff_key.read_bytes(), _passphrase(config, ask))
    except (BadPassphrase, BadKeyFile, OSError) as error:
        raise BadConfig(f"{config.staff_key}: {error}") from None
    if config.staff_public_key not in (None, public_half(private)):
        raise BadConfig(f"{config.staff_key} is not of the pair that RIGHTFACE_STAFF_PUBLIC_KEY names")
    return private


def _passphrase(config: Config, ask: Callable[[], str] | None) -> str:
    if config.staff_passphrase_file:
        try:
            return config.staff_passphrase_file.read_text(encoding="utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            raise BadPassphrase("the file of RIGHTFACE_STAFF_PASSPHRASE_FILE is no text") from None
    if ask is None:
        raise BadPassphrase("start it from a terminal, or set RIGHTFACE_STAFF_PASSPHRASE_FILE to a file or pipe")
    return ask()
