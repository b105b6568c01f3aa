"""Rightface: a data-subject rights portal for facial recognition."""

from typing import Any


def create_app(*args: Any, **kwargs: Any) -> Any:
    """The public application; see `portal.application`.

    Imported when it is called, so that the law and the letters can be used without Flask.
    """
    from portal.application import create_app as make

    return make(*args, **kwargs)


def create_staff_app(*args: Any, **kwargs: Any) -> Any:
    """The staff's application; see `portal.staff_application`."""
    from portal.staff_application import create_staff_app as make

    return make(*args, **kwargs)
