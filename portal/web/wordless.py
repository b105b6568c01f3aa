"""What the server that runs us may log of a request: that something is wrong with it, never its words."""

import logging
import re

from portal.web.errors import place_of

#: How Gunicorn begins what it says of a request; what follows may be its address, a header, the network it came from.
_OF_A_REQUEST = (
    "Invalid request",
    "Error handling request",
    "Error handling HTTP/2 request",
    "Ignored premature client disconnection",
    "Closing connection",
    "Socket error processing request",
    "HTTP/2",
    "Exception in ",
)
#: What it says of each one where it is to say all.
_ADDRESS = re.compile(r"([A-Z]+) \S+")


class Wordless(logging.Filter):
    """Leaves of a line about a request its beginning, of an error its kind and place."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        begins = next((begin for begin in _OF_A_REQUEST if said.startswith(begin)), "")
        if record.levelno == logging.DEBUG and (address := _ADDRESS.fullmatch(said)):
            begins = address[1]
        if begins:
            record.msg, record.args = begins.strip(), ()
        if record.exc_info and record.exc_info[1]:
            record.msg, record.args = f"{record.getMessage()}: {place_of(record.exc_info[1])}", ()
            record.exc_info = record.exc_text = None
        return True
