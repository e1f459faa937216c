"""What the domain asks of the world, as Protocols. Every method lists what it can refuse.

Any method that talks to the server may raise `Unreachable`; it is listed only where more is to be said.
All but those of `goods` block; screens call them from `ask.py` only.
"""

from __future__ import annotations

from huiyuan.domain.ports.approving import Approvals
from huiyuan.domain.ports.baskets import Baskets, Removals, SeatBaskets
from huiyuan.domain.ports.card_book import CardBook
from huiyuan.domain.ports.card_life import CardDesk
from huiyuan.domain.ports.cards import CardReader, OnCard, OnDevice, OnScan, Scanner
from huiyuan.domain.ports.desk import SalesDesk
from huiyuan.domain.ports.devices import CustomerDisplay, DeviceDesk
from huiyuan.domain.ports.finding import MemberFinder
from huiyuan.domain.ports.goods import Catalogue
from huiyuan.domain.ports.group_orders import GroupOrders
from huiyuan.domain.ports.invoices import Invoices
from huiyuan.domain.ports.law import Law
from huiyuan.domain.ports.members import MemberBook
from huiyuan.domain.ports.messages import MessageGateway, Outbox
from huiyuan.domain.ports.outside import Clock, Ids
from huiyuan.domain.ports.paying import ChargeBook, PaymentGateway
from huiyuan.domain.ports.people import SignIn, StaffBook
from huiyuan.domain.ports.posting import Door, Journal, OnState
from huiyuan.domain.ports.printing import OnJob, PrintJobs, ReceiptPrinter
from huiyuan.domain.ports.promotions import Promotions
from huiyuan.domain.ports.reading import Reads
from huiyuan.domain.ports.reports import ReportFiles, Reports
from huiyuan.domain.ports.scales import Scale
from huiyuan.domain.ports.settings import Settings
from huiyuan.domain.ports.value import ValueBook
from huiyuan.domain.ports.value_books import ValueBooks

__all__ = [
    "Approvals",
    "Baskets",
    "CardBook",
    "CardDesk",
    "CardReader",
    "Catalogue",
    "ChargeBook",
    "Clock",
    "CustomerDisplay",
    "DeviceDesk",
    "Door",
    "GroupOrders",
    "Ids",
    "Invoices",
    "Journal",
    "Law",
    "MemberBook",
    "MemberFinder",
    "MessageGateway",
    "OnCard",
    "OnDevice",
    "OnJob",
    "OnScan",
    "OnState",
    "Outbox",
    "PaymentGateway",
    "PrintJobs",
    "Promotions",
    "Reads",
    "ReceiptPrinter",
    "Removals",
    "ReportFiles",
    "Reports",
    "SalesDesk",
    "Scale",
    "Scanner",
    "SeatBaskets",
    "Settings",
    "SignIn",
    "StaffBook",
    "ValueBook",
    "ValueBooks",
]
