"""`huiyuan paying`: which ways of paying the chain takes and how its cash rounds, by who signs in."""

from __future__ import annotations

import argparse
from typing import Final

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext
from huiyuan.tui.staff_login import SignedInStaff, add_actions, say_rows, signed_in

HELP = msg("List the ways of paying, add one, switch one off, or say how cash rounds")
STEPS: Final = (1, 5, 10, 20, 50, 100)
ACCOUNTS: Final = ("prepaid", "voucher", "tender")
ROUNDINGS: Final = ("nearest", "down")


def add_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """One action, and what it needs."""
    by_name = {
        "list": msg("List the ways of paying and the rule of cash"),
        "add": msg("Take another way of paying, or name it anew"),
        "off": msg("Take a way of paying no longer"),
        "cash": msg("Say how cash rounds, and how much change a card keeps"),
    }
    for name, action in add_actions(parser, tr, by_name).items():
        if name in {"add", "off"}:
            action.add_argument("kind", metavar="KIND", help=tr(msg("Its code: small letters, digits and _")))
        if name == "add":
            account = tr(msg("Where the money lies until it is paid to us"))
            action.add_argument("--account", choices=ACCOUNTS, required=True, help=account)
            action.add_argument("--name", default="", help=tr(msg("Name, as slips and reports show it")))
        if name == "cash":
            coin = tr(msg("The least coin, in the smallest unit of the currency"))
            action.add_argument("--step", type=int, choices=STEPS, help=coin)
            action.add_argument("--rounding", choices=ROUNDINGS, help=tr(msg("To the nearest coin, or down")))
            kept = tr(msg("The most change that stays on a card, in the smallest unit"))
            action.add_argument("--keep-most", type=int, metavar="N", help=kept)


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Sign in, do one thing, say how it stands then."""
    context.start_logs()
    with signed_in(context, arguments) as here:
        _change(here, arguments)
        _list(context, here)
    return 0


def _change(here: SignedInStaff, arguments: argparse.Namespace) -> None:
    from huiyuan.domain.model.errors import Refused
    from huiyuan.domain.model.identity import CashRule
    from huiyuan.repositories import paying

    if arguments.action == "add":
        way = paying.WayOfPaying(arguments.kind, arguments.account, arguments.name, True, True)
        paying.put_way(here.connection, way)
    elif arguments.action == "off":
        found = {each.kind: each for each in paying.listed(here.connection).ways}.get(arguments.kind)
        if found is None:
            raise Refused("tender_not_allowed", {"tender": arguments.kind})
        off = paying.WayOfPaying(found.kind, found.account, found.name, found.reference, active=False)
        paying.put_way(here.connection, off)
    elif arguments.action == "cash":
        was = paying.listed(here.connection).cash
        most = was.keep_most_minor if arguments.keep_most is None else arguments.keep_most
        rule = CashRule(arguments.step or was.step_minor, arguments.rounding or was.rounding, most)
        paying.put_cash_rule(here.connection, rule)


def _list(context: CommandContext, here: SignedInStaff) -> None:
    from huiyuan.repositories import paying

    found = paying.listed(here.connection)
    off = context.tr(msg("not taken"))
    say_rows(
        context, [(each.kind, each.account, each.name, "" if each.active else off) for each in found.ways]
    )
    sentence = context.tr(msg("Cash: least coin {step}, {rounding}; a card keeps at most {most} of change."))
    context.say("")
    context.say(
        sentence.format(
            step=found.cash.step_minor,
            rounding=context.tr({"nearest": msg("to the nearest"), "down": msg("down")}[found.cash.rounding]),
            most=found.cash.keep_most_minor,
        )
    )
