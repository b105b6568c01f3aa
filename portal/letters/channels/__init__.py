"""The ways of sending a letter, a module each."""

from types import ModuleType

from portal.law.records import Channel
from portal.letters.channels import email, form, portal, post

#: What each channel of the data is done by.
CHANNELS: dict[Channel, ModuleType] = {
    Channel.POST: post,
    Channel.EMAIL: email,
    Channel.FORM: form,
    Channel.PORTAL: portal,
}
