"""Makes members and goods findable whose names came in another way: a demo, an import, an older database."""

from __future__ import annotations

from typing import Any, Final

import psycopg

from huiyuan.repositories.search_words import member_tokens, product_tokens

_BATCH: Final = 1_000


def see_all_again(connection: psycopg.Connection[Any]) -> None:
    """Take from the documents when each member was last seen; without one it is the day of joining."""
    connection.execute("select shop.see_all_again()")


def index_missing(connection: psycopg.Connection[Any]) -> int:
    """Index every member that has no search row yet, a thousand in a statement; answers how many there were.

    Args:
        connection: Of the owner or a superuser, in autocommit: each batch stands by itself, and a second
            call goes on where one was cut.
    """
    done = 0
    while rows := connection.execute(
        "select m.id, m.name from shop.member m"
        " where not exists (select from shop.member_search s where s.member = m.id) order by m.id limit %s",
        (_BATCH,),
    ).fetchall():
        with connection.cursor() as cursor:
            cursor.executemany(
                "select shop.index_member(%s, %s)", [(member, member_tokens(name)) for member, name in rows]
            )
        done += len(rows)
    return done


def index_missing_goods(connection: psycopg.Connection[Any]) -> int:
    """Give tokens to every product that has none yet, a thousand at a time; answers how many there were.

    Args:
        connection: as for `index_missing`.
    """
    done = after = 0
    while rows := connection.execute(
        "select id, name, code from shop.product where tokens = '{}' and id > %s order by id limit %s",
        (after, _BATCH),
    ).fetchall():
        with connection.cursor() as cursor:
            cursor.executemany(
                "update shop.product set tokens = %s where id = %s",
                [(product_tokens(name, code), product) for product, name, code in rows],
            )
        done, after = done + len(rows), rows[-1][0]
    return done
