"""Messages to members: the gateway of this counter, by its settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from huiyuan.config.i18n import msg
from huiyuan.tui.context import CommandContext, CommandRefused

if TYPE_CHECKING:
    from huiyuan.domain.ports import MessageGateway


def open_messages(context: CommandContext) -> MessageGateway:
    """The gateway that the settings name: HTTP, a folder, or none.

    Raises:
        CommandRefused: a URL without a sender or a key.
    """
    chosen = context.settings.messages
    if chosen.message_url is None:
        from huiyuan.devices.messages.no_messages import NoMessages

        return NoMessages()
    parts = urlsplit(chosen.message_url)
    if parts.scheme == "file":
        from huiyuan.devices.messages.spool import SpoolFolder

        return SpoolFolder(Path(unquote(parts.path)))
    from huiyuan.devices.messages.http_messages import HttpMessages, MessageSettings

    key = chosen.message_key.get_secret_value()
    if not key or not chosen.message_sender:
        raise CommandRefused(
            context.tr(msg("Messages need HUIYUAN_MESSAGE_SENDER and HUIYUAN_MESSAGE_KEY as well."))
        )
    return HttpMessages(
        MessageSettings(chosen.message_url, chosen.message_sender, key, answer_s=chosen.message_answer_s)
    )
