"""What the demo chain consists of: rows only, so that tests and the sign-in screen can name them.

Always true: every bar code has a valid EAN-13 check digit; some names hold brackets and hostile markup on
purpose, because real catalogues do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

CHAIN_UID: Final = UUID("019a0000-0000-7000-8000-00000000d0d0")
CHAIN_NAME: Final = "演示连锁"

UNITS: Final = (  # id, parent, kind, code, name
    (1, None, "headquarters", "HQ", "总部"),
    (2, 1, "region", "EAST", "华东区"),
    (3, 2, "store", "S01", "人民路店"),
    (4, 2, "store", "S02", "西湖店"),
)
HEADQUARTERS: Final = 1
REGION: Final = 2
STORE_1: Final = 3
STORE_2: Final = 4

SLIP: Final = (  # unit, key, lines
    (HEADQUARTERS, "slip_header", ["演示连锁 DEMO"]),
    (HEADQUARTERS, "slip_footer", ["谢谢惠顾,欢迎再来", "退换货请凭小票,七日内有效"]),
    (STORE_1, "slip_header", ["演示连锁 DEMO", "人民路店 021-5555 0101"]),
)


@dataclass(frozen=True, slots=True)
class DemoTerminal:
    """A seat: `drawer` is its id and also its order of enrolment."""

    role: str
    store: int
    code: str
    drawer: int


TERMINALS: Final = (
    DemoTerminal("t_s01_c01", STORE_1, "01", 1),
    DemoTerminal("t_s01_c02", STORE_1, "02", 2),
    DemoTerminal("t_s02_c01", STORE_2, "01", 3),
)


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """A person who works here. The PIN is the number, because a demo has nothing to hide."""

    number: str
    name: str
    duty: str
    units: tuple[int, ...]

    @property
    def pin(self) -> str:
        return self.number


STAFF: Final = (
    DemoStaff("1001", "陈小雨", "cashier", (REGION,)),
    DemoStaff("1002", "林志远", "cashier", (STORE_1,)),
    DemoStaff("2001", "周敏", "supervisor", (REGION,)),
    DemoStaff("3001", "郑大山", "stock", (STORE_1, STORE_2)),
    DemoStaff("9001", "王建国", "manager", (HEADQUARTERS,)),
    DemoStaff("9002", "何佳慧", "manager", (HEADQUARTERS,)),
)

TAXES: Final = (("free", 0), ("vat6", 600), ("vat9", 900), ("vat13", 1_300))
TIERS: Final = ((1, "basic", "普通", 1), (2, "silver", "银卡", 2), (3, "gold", "金卡", 3))
CARD_TYPES: Final = (("registered", "记名卡", True, 500_000), ("bearer", "不记名卡", False, 100_000))


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """`barcode` is twelve digits, the check digit comes by itself; `price_minor` is for one base unit."""

    code: str
    name: str
    price_minor: int
    barcode: str = ""
    kind: str = "goods"
    base_unit: str = "piece"
    tax: str = "vat13"
    stock: int = 60
    price_store_2: int | None = None
    member_minor: int | None = None
    gold_minor: int | None = None
    open_price: bool = False


PRODUCTS: Final = (
    DemoProduct("MILK-1L", "鲜牛奶 1L", 1_250, "690100000001", tax="vat9", price_store_2=1_180),
    DemoProduct("MILK-250", "纯牛奶 250ml", 350, "690100000002", tax="vat9", stock=240),
    DemoProduct("YOG-01", "原味酸奶", 680, "690100000003", tax="vat9"),
    DemoProduct("EGG-10", "鲜鸡蛋 10枚", 1_590, "690100000004", tax="vat9"),
    DemoProduct("BREAD-01", "全麦吐司", 1_280, "690100000005"),
    DemoProduct("BREAD-02", "红豆面包", 650, "690100000006"),
    DemoProduct("RICE-5", "东北大米 5kg", 4_990, "690100000007", tax="vat9"),
    DemoProduct("OIL-5", "花生油 5L", 12_900, "690100000008", tax="vat9", stock=20),
    DemoProduct("SOY-500", "生抽酱油 500ml", 1_150, "690100000009"),
    DemoProduct("SALT-400", "加碘盐 400g", 250, "690100000010", tax="vat9"),
    DemoProduct("SUGAR-500", "白砂糖 500g", 590, "690100000011"),
    DemoProduct("NOOD-05", "红烧牛肉面 五连包", 1_390, "690100000012"),
    DemoProduct("WATER-550", "矿泉水 550ml", 200, "690100000013", stock=480),
    DemoProduct("COLA-330", "可乐 330ml", 300, "690100000014", stock=480),
    DemoProduct("TEA-500", "茉莉花茶饮料 500ml", 450, "690100000015"),
    DemoProduct("JUICE-1L", "橙汁 1L", 1_480, "690100000016"),
    DemoProduct("BEER-500", "啤酒 500ml", 650, "690100000017", stock=240),
    DemoProduct("TEA-LJ", "龙井茶 100g", 16_800, "690100000018", stock=15),
    DemoProduct("COFFEE-10", "挂耳咖啡 10包", 4_580, "690100000019"),
    DemoProduct("CHOC-01", "黑巧克力", 1_990, "690100000020"),
    DemoProduct("CHIP-01", "原味薯片", 750, "690100000021"),
    DemoProduct("NUT-200", "每日坚果 200g", 2_990, "690100000022", member_minor=2_690, gold_minor=2_490),
    DemoProduct("BISC-01", "苏打饼干", 880, "690100000023"),
    DemoProduct("CUP-X", "马克杯 [/x] 限量", 3_900, "690100000024"),
    DemoProduct("TISSUE-3", "抽纸 3包", 1_290, "690100000025"),
    DemoProduct("SOAP-01", "香皂", 490, "690100000026"),
    DemoProduct("SHAM-400", "洗发水 400ml", 3_590, "690100000027"),
    DemoProduct("PASTE-01", "牙膏", 1_190, "690100000028"),
    DemoProduct("BRUSH-02", "牙刷 两支", 990, "690100000029"),
    DemoProduct("WASH-2", "洗衣液 2kg", 2_690, "690100000030"),
    DemoProduct("BAG-01", "环保袋", 50, "690100000031", stock=500),
    DemoProduct("BATT-4", "5号电池 4粒", 1_390, "690100000032"),
    DemoProduct("UMBR-01", "折叠伞", 4_900, "690100000033"),
    DemoProduct("TOWEL-01", "毛巾", 1_590, "690100000034", member_minor=1_350),
    DemoProduct("GIFT-01", "中秋礼盒 [限定]", 26_800, "690100000035", stock=12),
    DemoProduct("APPLE-KG", "红富士苹果", 1_198, "690100000036", base_unit="kg", tax="vat9", stock=80),
    DemoProduct("BANANA-KG", "香蕉", 698, "690100000037", base_unit="kg", tax="vat9", stock=60),
    DemoProduct("PORK-KG", "五花肉", 3_580, "690100000038", base_unit="kg", tax="vat9", stock=40),
    DemoProduct("COFFEE-S", "手冲咖啡(现制)", 2_800, kind="service", tax="vat6"),
    DemoProduct("DELIVER", "送货上门", 1_000, kind="service", tax="vat6"),
    DemoProduct("WRAP", "礼品包装", 0, kind="service", tax="vat6", open_price=True),
)
PACKS: Final = (("690100000113", "WATER-550", 12_000), ("690100000114", "COLA-330", 6_000))


@dataclass(frozen=True, slots=True)
class DemoRule:
    """A rule and its first version; `terms` are columns of shop.rule_version."""

    family: str
    name: str
    terms: dict[str, object]


RULES: Final = (
    DemoRule("tier", "银卡 95 折", {"max_bp": 500, "tiers": [2]}),
    DemoRule("tier", "金卡 9 折", {"max_bp": 1_000, "tiers": [3]}),
    DemoRule("points", "消费积分 1 元 1 分", {"points_rate": 100, "term_days": 365, "tiers": [1, 2, 3]}),
    DemoRule("bonus", "充 200 送 10%", {"max_bp": 1_000, "min_minor": 20_000, "term_days": 365}),
    DemoRule("fee", "开卡工本费", {"amount_minor": 1_000, "body": '{"kind": "card_issue", "code": "card"}'}),
    DemoRule(  # 100 points pay 1.00, for half of a sale at most, from 100 points on
        "redeem",
        "100 积分抵 1 元",
        {"points_rate": 10_000, "max_bp": 5_000, "min_minor": 100, "body": '{"min_points": 100}'},
    ),
    DemoRule(
        "fee",
        "补卡工本费",
        {"amount_minor": 1_000, "body": '{"kind": "card_replacement", "code": "replacement"}'},
    ),
)


@dataclass(frozen=True, slots=True)
class DemoMember:
    """A member. The number printed on slips is the place in MEMBERS with six digits, from 000001."""

    name: str
    tier: int
    kind: str = "person"


MEMBERS: Final = (
    DemoMember("张伟", 3),
    DemoMember("王芳", 2),
    DemoMember("李娜", 1),
    DemoMember("刘洋", 1),
    DemoMember("单雄飞", 2),
    DemoMember("仇小妹", 1),
    DemoMember("解晓东", 1),
    DemoMember("欧阳静 [VIP]", 3),
    DemoMember("O'Neil, Zhang", 1),
    DemoMember("曾国安", 1),
    DemoMember("朴美英", 1),
    DemoMember("明德茶业有限公司", 2, kind="company"),
)


@dataclass(frozen=True, slots=True)
class DemoCard:
    """A card and the wallet it opens; `member` is a place in MEMBERS from 1, 0 for a bearer."""

    number: str
    state: str
    member: int = 0
    principal_minor: int = 0
    bonus_minor: int = 0
    points: int = 0
    pin: str = ""
    type: str = "registered"


CARDS: Final = (
    DemoCard("88000001", "active", 1, 100_000, 10_000, 1_280, pin="123456"),
    DemoCard("88000002", "active", 2, 50_000, 5_000, 640, pin="123456"),
    DemoCard("88000003", "active", 3, 20_000, 0, 200),
    DemoCard("88000004", "active", 4, 3_500, 0, 35),
    DemoCard("88000005", "active", 5, 80_000, 8_000, 0, pin="123456"),
    DemoCard("88000006", "active", 6),
    DemoCard("88000007", "active", 7, 12_000, 1_200, 120),
    DemoCard("88000008", "active", 8, 300_000, 30_000, 5_000, pin="123456"),
    DemoCard("88000009", "active", 0, 20_000, type="bearer"),
    DemoCard("88000010", "issued", 9),
    DemoCard("88000011", "issued", 10),
    DemoCard("88000012", "frozen", 11, 6_000),
    DemoCard("88000013", "lost", 12, 40_000, 4_000),
    *(DemoCard(f"880000{number}", "blank") for number in range(14, 22)),
    *(DemoCard(f"880000{number}", "blank", type="bearer") for number in range(22, 25)),
)


def ean13(twelve: str) -> str:
    """Twelve digits and their check digit."""
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return twelve + str(-weighted % 10)
