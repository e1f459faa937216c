"""Every kind of slip in both languages at three widths, through the strict reader of printers' bytes."""

from __future__ import annotations

import pytest

from huiyuan.devices.printing.encoder import encode_slip
from huiyuan.domain.model.cells import cells
from huiyuan.domain.model.receipt import COLUMNS_58MM, COLUMNS_80MM, COLUMNS_80MM_512_DOTS
from tests.devices.paper_view import PaperView
from tests.domain.slips import every_slip


@pytest.mark.parametrize("columns", [COLUMNS_58MM, COLUMNS_80MM_512_DOTS, COLUMNS_80MM])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_slip_is_on_paper_line_for_line(language: str, columns: int) -> None:
    for name, slip in every_slip(language, columns).items():
        for encoding in ("gb18030", "gbk", "utf-8"):
            job = encode_slip(slip, encoding, cuts=True, drawer="queued")
            paper = PaperView(columns, encoding).feed(job)
            assert paper.lines == list(slip.lines), name
            assert paper.tall == list(slip.tall), name
            assert (paper.cuts, paper.queued_pulses) == (1, slip.opens_drawer), name


@pytest.mark.parametrize("columns", [COLUMNS_58MM, COLUMNS_80MM_512_DOTS, COLUMNS_80MM])
def test_figures_stand_in_one_column_at_the_right_edge(columns: int) -> None:
    for language in ("zh_CN", "en"):
        lines = every_slip(language, columns)["sale"].lines
        for line in lines:
            if line.endswith(("336.00", "300.30", "200.00", "4.70", "-16.80", "32.86")):
                assert cells(line) == columns, line


def test_a_sale_says_all_that_a_member_may_ask_about() -> None:
    text = "\n".join(every_slip("zh_CN", COLUMNS_80MM)["sale"].lines)
    for part in ("西湖龙井茶", "0.735 x 20.00", "会员优惠 金卡九五折", "手工优惠", "共优惠", "合计",
                 "储值支付",
                 "积分抵扣", "使用积分", "凭证号", "T8841002", "现金", "找零", "含税 13%", "含税 9%",
                 "本次积分", "+300", "储值余额", "51.00", "本金", "赠金", "积分余额", "会员", "欧*** 金卡",
                 "******2233", "校验", "deadbeef", "谢谢惠顾"):  # fmt: skip
        assert part in text, part
    assert "欧阳" not in text
    assert "8800" not in text


def test_a_void_is_called_what_the_screen_calls_it() -> None:
    chinese, english = (every_slip(language, COLUMNS_58MM)["void"].lines for language in ("zh_CN", "en"))
    assert any("作废单" in line for line in chinese)
    assert not any("冲销" in line for line in chinese)
    assert any("VOID" in line for line in english)
    for part in ("原单号", "SH01-01-000042", "顾客刷错卡", "退至 现金", "已由第二人授权"):
        assert any(part in line for line in chinese), part


def test_a_card_issue_names_its_fee_and_a_top_up_its_bonus() -> None:
    slips = every_slip("zh_CN", COLUMNS_58MM)
    assert "工本费                     10.00" in slips["card_issue"].lines
    assert "本次赠送                  +50.00" in slips["top_up"].lines
    assert "移动支付                  500.00" in slips["top_up"].lines


def test_the_z_slip_holds_the_shift_and_the_count() -> None:
    lines = every_slip("zh_CN", COLUMNS_58MM)["z_report"].lines
    for line in ("班次                          17", "销售 x31                4,023.15",
                 "单据数                        36",
                 "移动支付 x12              880.00", "vip_coupon x1               9.00",
                 "应有现金                  245.30", "实点现金                  244.30",
                 "长短款                     -1.00"):  # fmt: skip
        assert line in lines, line
    assert "".join(lines).count("cafe") == 16


def test_the_picture_of_a_slip_holds_its_characters() -> None:
    slip = every_slip("zh_CN", COLUMNS_58MM)["sale"]
    picture = PaperView(COLUMNS_58MM).feed(encode_slip(slip, "gb18030", cuts=True)).svg()
    assert picture.count("<text") == sum(len(line.replace(" ", "")) for line in slip.lines)
