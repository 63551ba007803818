"""A local Bot API emulator; knows nothing of the bot."""

from bot.sandbox.calls import Call
from bot.sandbox.clock import Clock
from bot.sandbox.faults import Fault
from bot.sandbox.groups import Group
from bot.sandbox.hindrances import HeldBackError
from bot.sandbox.limits import Rates
from bot.sandbox.people import NotSeenError, Person
from bot.sandbox.pressing import Answer
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.terminal import converse
from bot.sandbox.views import MessageView

__all__ = [
    "Answer",
    "Call",
    "Clock",
    "Fault",
    "Group",
    "HeldBackError",
    "MessageView",
    "NotSeenError",
    "Person",
    "Rates",
    "Sandbox",
    "converse",
]
