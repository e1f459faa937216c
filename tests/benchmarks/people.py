"""Names as they are spread in China, for the bench of the search: a few surnames are most of them.

Shares of surnames are per 10,000 people, rounded; characters of given names are in the order of how often
they are given. Not a census: the skew is what counts.
"""

from __future__ import annotations

from typing import Final

_SURNAMES: Final = """
王720 李719 张680 刘540 陈450 杨310 黄230 赵230 吴210 周200 徐170 孙150 马130 朱120 胡120 郭120
何120 高110 林110 罗100 郑90 梁90 谢70 宋70 唐65 许65 韩60 邓60 曹57 彭57 肖50 田50 董50 袁48 潘47
于46 蒋45 蔡45 余44 杜43 叶43 程42 苏40 魏40 丁40 姚37 卢36 姜35 崔34 钟34 谭33 汪32 范32 金31 廖30
夏29 韦29 付28 方28 白27 邹27 孟26 熊26 秦26 邱25 江25 薛24 闫23 段22 雷22 侯22 龙21 史20 陶20 黎20
贺20 顾20 毛20 郝19 龚19 邵19 钱18 严18 武16 戴16 莫16 孔15 向15 汤15 常14 温14 康14 施13 文13 牛13
樊12 葛12 邢11 安11 齐10 易10 乔9 伍9 庞8 颜8 倪7 庄7 聂6 章6 鲁5 岳5 翁4 申3 耿2 关1
"""
_GIVEN: Final = (
    "伟芳娜敏静秀丽强磊军洋勇艳杰涛明超霞平刚桂英华玉萍红娥玲芬燕彩春菊兰凤洁梅琳素云莲真环雪荣爱妹霜香月莺媛瑞凡佳嘉"
    "琼勤珍贞莉娣璧璐娅琦晶妍茵黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓纨仪荷丹蓉眉君琴蕊薇菁梦岚苑婕馨瑗琰韵融园艺咏卿聪澜纯"
    "毓悦昭冰爽琬茗羽希欣飘育滢馥筠柔竹霭凝晓欢霄枫芸菲寒伊亚宜可姬舒影荔枝思星子涵梓轩浩宇泽睿博文天佑俊豪皓志国建"
    "新民永健世广义兴良海山仁波宁贵福生龙元全胜学祥才发武利清飞彬富顺信钱松"
)

SURNAMES: Final = {pair[0]: int(pair[1:]) for pair in _SURNAMES.split()}
"""Surname -> how many of 10,000 people bear it."""

GIVEN: Final = {char: round(10_000 / (place + 12)) for place, char in enumerate(dict.fromkeys(_GIVEN))}
"""Character of a given name -> its weight."""

NEVER_MEET: Final = ("刘", "陈")
"""Two of the most common surnames, neither of which is a given name here."""
