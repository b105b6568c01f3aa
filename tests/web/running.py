"""Who runs the portal of the tests."""

from base64 import b64encode
from dataclasses import dataclass

from portal.vault import Key, PublicHalf, new_pair

#: An organisation that does not exist.
OPERATOR = {
    "RIGHTFACE_OPERATOR_NAME": "Verein Beispiel",
    "RIGHTFACE_OPERATOR_ADDRESS": "Beispielgasse 1; 1010 Wien; Austria",
    "RIGHTFACE_OPERATOR_EMAIL": "portal@example.org",
    "RIGHTFACE_OPERATOR_COUNTRY": "AT",
}
#: As if nobody had said who runs it.
NOBODY = dict.fromkeys(OPERATOR, "")


@dataclass(frozen=True)
class Staff:
    """A pair whose private half the portal never has."""

    public: PublicHalf
    private: Key

    @property
    def written(self) -> str:
        return b64encode(self.public).decode()


STAFF = Staff(*new_pair())
