"""Asking the staff to look again at what of the law nobody has looked at for long."""

from datetime import date

from sqlmodel import Session, col, select

from portal.cases import tasks
from portal.cases.models import TaskRow
from portal.cases.tasks import Matter
from portal.law.catalogue import Catalogue
from portal.law.review import findings


def ask(session: Session, catalogue: Catalogue, today: date) -> int:
    """Put a task for each file of which something was not looked at for 180 days; how many are new.

    Addresses have a list of their own. What was decided stays decided while its task is kept: it is asked once in
    ninety days, until the file names a newer day.
    """
    known = {*session.exec(select(TaskRow.subject).where(col(TaskRow.matter) == Matter.STALE.value))}
    found = (one for one in findings(catalogue, today) if one.kind == "stale" and not one.at.endswith("contact"))
    stale = dict.fromkeys(one.file for one in found)
    asked = [file for file in stale if file not in known]
    for file in asked:
        tasks.put(session, tasks.new(Matter.STALE, file, today))
    return len(asked)
