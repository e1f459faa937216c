"""Readings of Chinese surnames and given names that have more than one.

Always true: a reading stands without its tone, ü as v; the first is how the surname is really read, the
others are what somebody who does not know it types. Whatever is not here has the one common reading.
"""

from __future__ import annotations

from typing import Final

_SINGLE: Final = """
单 shan dan chan | 解 xie jie | 仇 qiu chou | 曾 zeng ceng | 查 zha cha | 区 ou qu | 朴 piao pu po
盖 ge gai | 乐 yue le | 折 she zhe | 繁 po fan | 覃 qin tan | 员 yun yuan | 句 gou ju | 牟 mou mu
种 chong zhong | 车 che ju | 尉 wei yu | 万 wan mo | 召 shao zhao | 祭 zhai ji | 郗 xi chi
缪 miao mou miu | 隗 kui wei | 逄 pang feng | 冼 xian sheng | 翟 zhai di | 沈 shen chen | 盛 sheng cheng
那 na nuo | 佴 nai er | 贲 ben bi | 秘 bi mi | 卜 bu bo | 柏 bai bo | 薄 bo bao | 乜 nie mie
能 nai neng | 洗 xian xi | 冯 feng ping | 谌 chen shen | 莘 shen xin | 郇 xun huan | 瞿 qu ju
俞 yu shu | 於 yu wu | 长 chang zhang | 钭 tou dou | 藏 zang cang | 呙 guo wai | 丌 ji qi | 不 fou bu
黑 he hei | 褚 chu zhu | 适 kuo shi | 宓 mi fu | 便 pian bian | 都 du dou | 贾 jia gu | 会 kuai hui gui
降 jiang xiang | 强 qiang jiang | 朝 chao zhao | 费 fei bi | 阚 kan han | 库 she ku | 谷 gu yu
角 jue jiao | 颉 xie jie | 隽 juan jun | 圈 juan quan | 逯 lu dai | 枞 cong zong | 炅 gui jiong
晟 cheng sheng | 番 pan fan po | 蔚 yu wei | 泷 shuang long | 黾 min mian meng | 粘 nian zhan
校 xiao jiao | 阿 a e | 纥 he ge | 啜 chuai chuo | 铫 yao diao | 澹 tan dan | 宿 su xiu | 薜 bi xue
术 zhu shu | 晁 chao zhao | 哈 ha he | 六 lu liu | 重 chong zhong | 行 xing hang | 斗 dou | 弹 tan dan
参 shen can | 大 da dai | 石 shi dan | 殷 yin yan | 尹 yin | 景 jing ying | 亓 qi | 陆 lu liu | 育 yu yo
訾 zi zui | 暨 ji | 幺 yao | 眭 sui | 妫 gui | 撒 sa | 睢 sui | 燕 yan | 任 ren | 华 hua | 应 ying
宁 ning | 相 xiang | 令 ling | 纪 ji | 葛 ge | 曲 qu | 占 zhan | 鲜 xian | 咸 xian | 教 jiao | 過 guo
过 guo | 瀋 shen | 單 shan dan chan | 區 ou qu | 樂 yue le | 車 che ju | 萬 wan mo | 蓋 ge gai
長 chang zhang | 員 yun yuan | 種 chong zhong | 馮 feng ping | 繆 miao mou miu | 費 fei bi | 賈 jia gu
薩 sa
"""

_COMPOUND: Final = """
尉迟 yu,wei chi | 尉遲 yu,wei chi | 万俟 mo,wan qi,si | 萬俟 mo,wan qi,si | 澹台 tan,dan tai
单于 chan,dan,shan yu | 長孫 zhang,chang sun | 长孙 zhang,chang sun | 令狐 ling hu | 夏侯 xia hou
宰父 zai fu | 亓官 qi guan | 鲜于 xian yu | 皇甫 huang fu,pu | 濮阳 pu yang | 公冶 gong ye
太叔 tai shu | 申屠 shen tu | 仲孙 zhong sun | 轩辕 xuan yuan | 钟离 zhong li | 宇文 yu wen
慕容 mu rong | 司徒 si tu | 司空 si kong | 司马 si ma | 司寇 si kou | 上官 shang guan | 欧阳 ou yang
歐陽 ou yang | 诸葛 zhu ge | 諸葛 zhu ge | 闻人 wen ren | 东方 dong fang | 赫连 he lian | 呼延 hu yan
拓跋 tuo,ta ba | 拓拔 tuo,ta ba | 夹谷 jia gu | 谷梁 gu liang | 穀梁 gu liang | 乐正 yue,le zheng
漆雕 qi diao | 公西 gong xi | 巫马 wu ma | 端木 duan mu | 颛孙 zhuan sun | 子车 zi ju,che
南宫 nan gong | 独孤 du gu | 百里 bai li | 左丘 zuo qiu | 纳兰 na lan | 叶赫 ye he | 完颜 wan yan
耶律 ye lv,lu | 公孙 gong sun | 第五 di wu | 西门 xi men | 东郭 dong guo | 南门 nan men | 羊舌 yang she
微生 wei sheng | 梁丘 liang qiu | 东门 dong men | 壤驷 rang si | 淳于 chun yu | 公良 gong liang
段干 duan gan | 司城 si cheng | 公羊 gong yang | 即墨 ji mo | 哥舒 ge shu | 贺兰 he lan
爱新觉罗 ai xin jue luo
"""

_GIVEN: Final = """
乐 le yue | 长 chang zhang | 行 xing hang | 朝 chao zhao | 重 zhong chong | 茜 qian xi | 盛 sheng cheng
晟 sheng cheng | 传 chuan zhuan | 参 shen can | 单 dan shan | 解 jie xie | 娜 na nuo | 朴 pu piao
柏 bai bo | 还 huan hai | 藏 cang zang | 隽 jun juan | 率 shuai lv | 尉 wei yu | 莎 sha suo | 拓 tuo ta
蔚 wei yu | 曾 zeng ceng | 强 qiang jiang | 炅 jiong gui | 樂 le yue | 長 chang zhang | 仇 chou qiu
车 che ju | 降 jiang xiang
"""


def _rows(text: str) -> list[list[str]]:
    return [row.split() for line in text.strip().splitlines() for row in line.split("|")]


SINGLE: Final = {char: tuple(readings) for char, *readings in _rows(_SINGLE)}
"""Surnames of one character: every reading, the right one first."""

COMPOUND: Final = {
    name: tuple(tuple(place.split(",")) for place in places) for name, *places in _rows(_COMPOUND)
}
"""Surnames of more characters: for each character its readings."""

GIVEN: Final = {char: tuple(readings) for char, *readings in _rows(_GIVEN)}
"""Characters of given names that people read in two ways."""
