"""`huiyuan staff`: who works here, done by a manager who signs in."""

from __future__ import annotations

import argparse

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext
from huiyuan.tui.staff_login import SignedInStaff, add_actions, read_new_pin, say_rows, signed_in

HELP = msg("Add staff, give a new PIN or another duty, list them, or let somebody leave")


def add_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """One action, and what it needs."""
    by_name = {
        "add": msg("Let somebody work here"),
        "pin": msg("Give somebody a new PIN"),
        "role": msg("Give somebody another duty"),
        "leave": msg("Somebody does not work here any more"),
        "list": msg("List the staff and the duties"),
    }
    for name, action in add_actions(parser, tr, by_name).items():
        if name != "list":
            action.add_argument("number", metavar="NUMBER", help=tr(msg("Staff number, 2 to 8 digits")))
        if name == "add":
            action.add_argument("--name", required=True, help=tr(msg("Name, as slips and reports show it")))
            action.add_argument("--duty", required=True, help=tr(msg("Code of the duty; see `list`")))
        if name == "role":
            action.add_argument("duty", metavar="DUTY", help=tr(msg("Code of the duty; see `list`")))
        if name in {"add", "role"}:
            units = tr(msg("Codes of stores or regions, with commas between"))
            action.add_argument("--units", required=name == "add", metavar="CODE,CODE", help=units)
        if name in {"add", "pin"}:
            of_whom = tr(msg("Read that person's PIN from this open file instead"))
            action.add_argument("--new-pin-fd", type=int, metavar="N", help=of_whom)


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Sign in, do one thing, say it."""
    context.start_logs()
    with signed_in(context, arguments) as here:
        if arguments.action == "list":
            _list(context, here)
        else:
            _change(context, here, arguments)
            sentence = {
                "add": msg("{number} works here now."),
                "pin": msg("{number} has a new PIN and was signed out everywhere."),
                "role": msg("{number} has the duty {duty} now."),
                "leave": msg("{number} does not work here any more and was signed out everywhere."),
            }[arguments.action]
            facts = {"number": arguments.number, "duty": getattr(arguments, "duty", "")}
            context.say(context.tr(sentence).format(**facts))
    return 0


def _change(context: CommandContext, here: SignedInStaff, arguments: argparse.Namespace) -> None:
    from huiyuan.repositories import staff

    number, connection = arguments.number, here.connection
    units = [code.strip() for code in (getattr(arguments, "units", None) or "").split(",") if code.strip()]
    if arguments.action == "add":
        pin = read_new_pin(context, arguments.new_pin_fd)
        given = {"number": number, "name": arguments.name, "duty": arguments.duty, "pin": pin}
        staff.add(connection, chain=here.chain, units=units, **given)
    elif arguments.action == "pin":
        pin = read_new_pin(context, arguments.new_pin_fd)
        staff.give_pin(connection, chain=here.chain, number=number, pin=pin)
    elif arguments.action == "role":
        staff.give_duty(connection, number=number, duty=arguments.duty, units=units or None)
    else:
        staff.leave(connection, number=number)


def _list(context: CommandContext, here: SignedInStaff) -> None:
    from huiyuan.repositories import staff

    found = staff.listed(here.connection)
    left = context.tr(msg("has left"))
    say_rows(
        context,
        [
            (each.number, each.name, each.duty, ",".join(each.units), "" if each.active else left)
            for each in found.staff
        ],
    )
    context.say("")
    say_rows(context, [(duty.code, duty.name, ", ".join(sorted(duty.permissions))) for duty in found.duties])
