"""Goods of the whole demo chain: categories and some 360 products beside those of `demo_data`.

Always true: the same list on every machine; codes and in-store bar codes (24…, for use within a company) are
those of the place in the list, so a good that is added at the end changes no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from huiyuan.repositories.demo_data import ean13

IN_STORE: Final = "24"

# A department; below it shelves: code, name, price of the first size, tax, unit, brands; its sizes with their
# price per cent; its goods. Every good is there in every brand and size.
_SHELVES: Final = """
# FRESH 生鲜
FRUIT 水果 990 vat9 kg -
  -:100
  红富士苹果 皇冠梨 砂糖橘 巨峰葡萄 海南香蕉 沃柑 猕猴桃 蜜柚 火龙果 冬枣
VEG 蔬菜 598 vat9 kg -
  -:100
  小白菜 西红柿 黄瓜 土豆 胡萝卜 西兰花 长茄子 青椒 大白菜 生菜 莲藕 香菇
MEAT 肉禽 3280 vat9 kg -
  -:100
  精瘦肉 猪里脊 猪排骨 鸡胸肉 鸡翅中 牛腱子 羊腿肉
FISH 水产 4580 vat9 kg -
  -:100
  鲈鱼 基围虾 带鱼段 花蛤 三文鱼块
# DAIRY 乳品烘焙
MILK 牛奶 360 vat9 piece 晨牧,青原
  250ml:100 1L:330
  纯牛奶 脱脂牛奶 高钙牛奶
YOG 酸奶 520 vat9 piece 晨牧,青原
  150g:100 450g:260
  原味酸奶 草莓酸奶 蓝莓酸奶
BAKE 面包糕点 880 vat13 piece 麦田坊
  -:100
  奶香吐司 肉松面包 蛋黄酥 老婆饼 桃酥 蔓越莓曲奇
# GRAIN 粮油调味
RICE 米面 2580 vat9 piece 禾下乘凉
  2.5kg:100 5kg:190
  长粒香米 五常大米 小麦面粉 小米
OIL 食用油 4980 vat9 piece 金穗
  1.8L:100 5L:260
  花生油 菜籽油 玉米油
SAUCE 酱醋 690 vat13 piece 老灶,海味
  250g:100 500g:180
  生抽酱油 老抽酱油 香醋 蚝油 豆瓣酱 芝麻酱
SPICE 香料 780 vat13 piece 老灶
  50g:100
  花椒 八角 桂皮 白胡椒粉 孜然粉
# DRINK 饮料酒水
WATER 饮用水 200 vat13 piece 清涧,雪岭
  550ml:100 1.5L:180
  矿泉水 纯净水 苏打水
SODA 碳酸饮料 280 vat13 piece 欢乐,山泉
  330ml:100 500ml:130 1.25L:240
  可乐 雪柠汽水 橙味汽水
TEA 茶饮料 380 vat13 piece 山间,云上
  500ml:100 1L:170
  冰红茶 绿茶 乌龙茶 菊花茶
JUICE 果汁 560 vat13 piece 果园里,鲜榨记
  300ml:100 1L:280
  橙汁 苹果汁 葡萄汁 椰子水
BEER 啤酒 490 vat13 piece 江湖,北岸
  330ml:100 500ml:140
  拉格啤酒 小麦啤酒 无醇啤酒
LIQUOR 白酒 3880 vat13 piece 杏村
  125ml:100 500ml:360
  高粱酒 陈酿
# SNACK 休闲零食
CHIPS 膨化 450 vat13 piece 脆脆,田园
  45g:100 104g:190
  原味薯片 番茄薯片 黄瓜薯片 虾条
NUTS 坚果 1680 vat13 piece 林间,山货铺
  100g:100 250g:230
  巴旦木 腰果 开心果 夏威夷果 香瓜子 五香花生
CANDY 糖果巧克力 990 vat13 piece 甜时,喜乐
  80g:100
  牛奶糖 薄荷糖 黑巧克力 榛子巧克力
JERKY 肉脯 1890 vat13 piece 江边,老味道
  100g:100
  猪肉脯 牛肉干 鱼豆腐 鸡爪
NOODLE 方便食品 350 vat13 piece 快意,巷口
  单包:100 五连包:460
  红烧牛肉面 酸菜面 螺蛳粉 自热米饭
# HOME 家居日用
PAPER 纸品 1290 vat13 piece 柔云,竹语
  3包:100 12包:360
  抽纸 卷纸 湿巾 厨房纸
CLEAN 清洁 990 vat13 piece 净界,蓝泉
  500g:100 2kg:290
  洗衣液 洗洁精 洁厕灵 玻璃水 柔顺剂
KITCHEN 厨具 3900 vat13 piece -
  -:100
  炒锅 汤锅 菜刀 砧板 保鲜盒 保鲜膜 饭勺
TEXTILE 家纺 2590 vat13 piece 棉语
  -:100
  纯棉毛巾 浴巾 枕套 抱枕 地垫
TOOL 五金电池 1390 vat13 piece -
  -:100
  5号电池 7号电池 插线板 LED_灯泡 胶带 螺丝刀
# CARE 个护母婴
HAIR 洗护 1990 vat13 piece 沐野
  200ml:100 400ml:170 750ml:280
  洗发水 护发素 沐浴露
MOUTH 口腔 1190 vat13 piece 皓齿
  -:100
  薄荷牙膏 儿童牙膏 软毛牙刷 漱口水 牙线
SKIN 护肤 3980 vat13 piece 素颜
  50ml:100 100ml:180
  洗面奶 爽肤水 面霜 护手霜 防晒霜
BABY 母婴 6900 vat13 piece 贝贝熊
  -:100
  纸尿裤_S 纸尿裤_M 纸尿裤_L 婴儿湿巾 奶瓶 米粉
# STATION 文具玩具
PEN 文具 350 vat13 piece 学而
  -:100
  中性笔 铅笔 橡皮 笔记本 文件夹 订书机 便利贴
TOY 玩具 4900 vat13 piece -
  -:100
  积木 拼图 毛绒熊 遥控车 跳绳 羽毛球拍 陀螺 泡泡机 画板 皮球 魔方
"""


@dataclass(frozen=True, slots=True)
class Category:
    """A department has no parent; a shelf lies below one."""

    code: str
    name: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Good:
    """`barcode` has 13 digits. `unit` kg is sold by weight; the price is for one unit."""

    code: str
    name: str
    category: str
    price_minor: int
    barcode: str
    tax: str
    unit: str
    brand: str
    spec: str


@dataclass(frozen=True, slots=True)
class _Shelf:
    category: Category
    price_minor: int
    tax: str
    unit: str
    brands: tuple[str, ...]
    sizes: tuple[tuple[str, int], ...]
    makes: tuple[str, ...]

    def pieces(self) -> Iterator[tuple[str, str, str, int]]:
        """Make, brand, size and per cent of the price of everything on it."""
        for make in self.makes:
            for brand in self.brands:
                for size, per_cent in self.sizes:
                    yield make.replace("_", " "), brand, size, per_cent


def _shelves() -> Iterator[Category | _Shelf]:
    department = ""
    head: list[str] = []
    sizes: tuple[tuple[str, int], ...] = ()
    makes: tuple[str, ...] = ()
    for line in [*_SHELVES.strip().splitlines(), "# END -"]:
        words = line.split()
        if line.startswith("  "):
            if sizes:
                makes += tuple(words)
            else:
                pairs = (word.rsplit(":", 1) for word in words)
                sizes = tuple((size.strip("-"), int(per_cent)) for size, per_cent in pairs)
            continue
        if head:
            code, name, price, tax, unit, brands = head
            where = Category(code, name, department)
            made = tuple("" if brand == "-" else brand for brand in brands.split(","))
            yield _Shelf(where, int(price), tax, unit, made, sizes, makes)
        head, sizes, makes = ([], (), ()) if words[0] == "#" else (words, (), ())
        if words[0] == "#" and words[1] != "END":
            department = words[1]
            yield Category(department, words[2])


def categories() -> list[Category]:
    """Departments and shelves, parents first."""
    found = [each if isinstance(each, Category) else each.category for each in _shelves()]
    return sorted(found, key=lambda category: category.parent is not None)


def goods(most: int) -> Iterator[Good]:
    """The first `most` goods of the shelves, in the order of the list."""
    number = 0
    for shelf in _shelves():
        if isinstance(shelf, Category):
            continue
        for made, (make, brand, size, per_cent) in enumerate(shelf.pieces(), start=1):
            number += 1
            if number > most:
                return
            yield Good(
                code=f"{shelf.category.code}-{made:03}",
                name=" ".join(filter(None, (brand, make, size))),
                category=shelf.category.code,
                price_minor=_price(shelf.price_minor, per_cent, made),
                barcode=ean13(f"{IN_STORE}{number:010}"),
                tax=shelf.tax,
                unit=shelf.unit,
                brand=brand,
                spec=size,
            )


def _price(first_minor: int, per_cent: int, place: int) -> int:
    """Neighbours on a shelf differ a little, and a price ends in 0, 5, 8 or 9."""
    rough = first_minor * per_cent * (80 + place * 37 % 60) // 10_000
    return max(rough // 10 * 10 + (0, 5, 8, 9)[place % 4], 50)
