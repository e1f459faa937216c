"""Publishing a rule of the demo chain: version 1, in force for some days, as the desk would have it.

Always true: what the desk would refuse is refused here too; a type of cards has its row and a pass its
account as soon as its rule stands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from psycopg import Connection

_UNCLEAR: Final = """
select coalesce(shop.promotion_unclear(null, %(family)s, %(terms)s::jsonb),
  shop.card_rule_unclear(null, %(family)s, %(terms)s::jsonb),
  shop.value_terms_refused(%(family)s, %(terms)s::jsonb))
"""
_PUBLISH: Final = """
with made as (insert into shop.rule(family, name) values (%(family)s, %(name)s) returning id)
insert into shop.rule_version
select (shop.with_bounds(jsonb_populate_record(null::shop.rule_version,
  %(terms)s::jsonb || jsonb_build_object('rule', made.id, 'version', 1, 'published_at', now(),
    'bounded', false, 'valid_from', now() - make_interval(days => %(since)s))),
  %(family)s)).* from made returning rule
"""
_OPEN: Final = """
select shop.open_card_rule(v, f.family, f.name) from shop.rule_version v join shop.rule f on f.id = v.rule
 where v.rule = %s
"""


def publish(
    connection: Connection[Any],
    family: str,
    name: str,
    body: Mapping[str, Any],
    *,
    since: int = 1,
    **columns: object,
) -> int:
    """Publish a rule; answers its id. The connection is a superuser's.

    Args:
        since: for how many days it has been in force.
        columns: of `shop.rule_version`, beside the body.

    Raises:
        RuntimeError: the desk would refuse these terms.
    """
    terms = json.dumps({"min_minor": 0, "body": body, **columns})
    given = {"family": family, "name": name, "terms": terms, "since": since}
    unclear = connection.execute(_UNCLEAR, given).fetchone()
    if unclear is None or unclear[0] is not None:
        raise RuntimeError(f"a rule of the demo was refused: {name}: {unclear and unclear[0]}")
    row = connection.execute(_PUBLISH, given).fetchone()
    assert row is not None
    connection.execute(_OPEN, row)
    return int(row[0])
