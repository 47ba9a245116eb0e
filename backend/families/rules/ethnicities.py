"""The 56 ethnic groups of GB/T 3304 by their short Chinese names, with the codes that the school register uses."""

_NAMES = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 "
    "达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 "
    "门巴 珞巴 基诺 其他 外国血统"
)
CODES = {name: f"{number:02d}" for number, name in enumerate(_NAMES.split(), start=1)}
"""Short name → two-digit code 01 to 58 (57 其他, 58 外国血统 as many systems have them; domain 4.2)."""


def read_ethnicity(text: str) -> str | None:
    """The short name in `text`, with or without 族 at its end; None where there is no such group."""
    name = text.strip()
    if name in CODES:
        return name
    return name.removesuffix("族") if name.removesuffix("族") in CODES else None
