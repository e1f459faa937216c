"""simulators: devices that replace the wire, with faults on demand, for the product's own drivers."""

from __future__ import annotations
