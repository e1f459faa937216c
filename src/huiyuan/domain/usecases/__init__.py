"""domain.usecases: one module a subject, one function a verb: facts -> document -> door.post.

The only writers of the application. It may import: domain.ports and domain.model.
"""

from __future__ import annotations
