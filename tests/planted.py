"""A weaker function in the place of one of the product's, in the test's own database and for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.small_chain import SmallChain


@contextmanager
def planted(chain: SmallChain, name: str, was: str, now: str) -> Iterator[None]:
    """The function `name` with some of its text otherwise; the product's own again, whatever happens."""
    text = str(chain.value("select pg_get_functiondef(%s::regproc)", name))
    assert was in text, name
    chain.admin.execute(text.replace(was, now).encode())
    try:
        yield
    finally:
        chain.admin.execute(text.encode())
