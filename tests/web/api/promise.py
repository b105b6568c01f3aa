"""Writes down what v1 promises, beside all that it ever promised: `python -m tests.web.api.promise`."""

import tempfile

from portal.application import create_app
from portal.config import read
from portal.database import migrate
from tests.web.api.asked import described
from tests.web.api.test_described import PROMISED, promises


def main() -> None:
    app = create_app(read({"RIGHTFACE_INSTANCE": tempfile.mkdtemp()}))
    migrate(app.extensions["rightface"].engine)
    kept = PROMISED.read_text(encoding="utf-8").splitlines() if PROMISED.exists() else []
    PROMISED.write_text("\n".join(sorted({*kept, *promises(described(app))})) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
