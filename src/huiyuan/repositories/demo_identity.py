"""Identity numbers of the demo's members, so that their registered cards may be topped up.

Always true: a number names a province and no place in it, which no real card does, so it is nobody's; the
same member has the same number in every demo; one member has none, so that the demo shows what then happens.
"""

from __future__ import annotations

from typing import Any, Final

import psycopg

from huiyuan.domain.model.id_number import check_character, masked_id_number
from huiyuan.repositories.sealing import ID_NO_MASK, seal
from huiyuan.repositories.secrets import DataKey, IndexKey

WITHOUT: Final = "000010"
_REGION: Final = "110000"


def demo_id_number(member: int) -> str:
    """The identity number of the member with this id."""
    first = f"{_REGION}19{member % 60 + 40:02}01{member // 60 % 28 + 1:02}{member // 1680 % 1000:03}"
    return first + check_character(first)


def add_identities(connection: psycopg.Connection[Any], index_key: IndexKey, data_key: DataKey) -> None:
    """Give every person of the demo that has none a number, sealed and findable."""
    found = connection.execute(
        "select m.id from shop.member m where m.id_no_index is null and m.archived_at is null"
        " and m.number <> %s order by m.id",
        (WITHOUT,),
    ).fetchall()
    texts = {member: demo_id_number(member) for (member,) in found}
    sealed = [seal(data_key, text, member=member, field="id_no") for member, text in texts.items()]
    shown = [
        seal(data_key, masked_id_number(text), member=member, field=ID_NO_MASK)
        for member, text in texts.items()
    ]
    indexes = [index_key.token("id_no", text) for text in texts.values()]
    connection.execute(
        "with given as (select * from unnest(%s::bigint[], %s::bytea[], %s::bytea[], %s::bytea[])"
        "   g(member, sealed, shown, found)),"
        " kept as (insert into shop.personal as p (member, id_no, id_no_shown)"
        "   select g.member, g.sealed, g.shown from given g on conflict (member) do update"
        "   set id_no = excluded.id_no, id_no_shown = excluded.id_no_shown)"
        " update shop.member m set id_no_index = g.found from given g where m.id = g.member",
        (list(texts), sealed, shown, indexes),
    )
