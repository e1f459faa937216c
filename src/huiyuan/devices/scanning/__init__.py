"""Scanners with a line of their own: a serial port (USB-COM), or the kernel's input device."""

from __future__ import annotations
