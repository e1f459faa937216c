"""Errors of the command line as sentences: what happened, what stands, what to do.

Rooms below speak codes and facts; here they become Chinese or English. What no row knows is named by its
kind only, because an unexpected error may carry a secret; the log has the rest.
"""

from __future__ import annotations

from huiyuan.config.i18n import msg
from huiyuan.tui.context import CommandContext


def sentence_for(error: Exception, context: CommandContext) -> str:
    """One sentence for `error`, in the language of `context`."""
    sentence = context.tr(
        msg("Something unexpected happened ({kind}). Nothing was half done; details are in {log}.")
    )
    return sentence.format(kind=type(error).__name__, log=context.paths.log_file)
