"""The coupon desk, its codes, and the forms of rules."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import Command, again, refresh, row, up_and_down

COUPONS: Final[tuple[Command, ...]] = (
    row("coupon_desk.add", "f2", "add", msg("New series"),
       msg("Proposes a series of coupons by its kind; another person approves it."), needs="rules",
       writes=True),
    row("coupon_desk.approve", "f3", "approve", msg("Approve"),
       msg("The marked proposal holds, if somebody else made it."), needs="rules", writes=True, letter="p"),
    row("coupon_desk.decline", "f4", "decline", msg("Decline"), msg("The marked proposal will not hold."),
       needs="rules", writes=True),
    refresh("coupon_desk", msg("Reads the series anew."), bar=False),
    row("coupon_desk.end", "f6", "end", msg("End"),
       msg("No more codes of the marked series are given out; those that are out stay good."), needs="rules",
       writes=True),
    row("coupon_desk.change", "f7", "change", msg("Edit"),
       msg("Proposes another version of the marked series; codes that are out hold as they were."),
       needs="rules", writes=True),
    row("coupon_desk.give", "f8", "give", msg("Give out"),
       msg("Gives out codes of the marked series: on paper, or to a member."), needs="coupon_issue"),
    row("coupon_desk.find", "f9", "find", msg("Find a code"),
       msg("What became of a code; passes it on or voids it."), needs="coupon_void"),
    # Giving out
    row("give_out.enter", "enter", "", msg("Next"), msg("Goes to the reason; from there it gives them out.")),
    row("give_out.give", "f2", "give", msg("Give out"), msg("Gives the codes out and prints them."),
       needs="coupon_issue", writes=True),
    row("give_out.copy", "f5", "copy", msg("Copies"),
       msg("Prints the same codes again, marked as copies.")),
    row("give_out.member", "f7", "member", msg("Member"), msg("Chooses the member they are for."),
       needs="members"),
    again("give_out", "f6"),
    # Finding
    row("coupon_find.enter", "enter", "", msg("Find"), msg("Looks for the code, or for its last four.")),
    row("coupon_find.pass_on", "f3", "pass_on", msg("Pass on"), msg("The marked code goes to a member."),
       needs="coupon_void", writes=True),
    row("coupon_find.void", "f4", "void", msg("Void"), msg("The marked code holds no longer."),
       needs="coupon_void", writes=True),
    again("coupon_find", "f6", letter="g"),
    *up_and_down("coupon_find"),
    # Forms of rules
    row("rule_form.enter", "enter", "", msg("Next"),
       msg("Goes to the next field; from the last one it is done.")),
    row("rule_form.done", "f2", "done", msg("Propose"), msg("Hands it over to a second person.")),
    row("rule_form.pick", "f4", "pick", msg("Choose"), msg("Lists what this field can name.")),
    row("picks.enter", "enter", "", msg("Take"), msg("Adds the marked word, or takes it away.")),
    *up_and_down("picks"),
)  # fmt: skip
