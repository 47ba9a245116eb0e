"""Names of people who do not exist: Han names, and Mongolian names without a family name or with a middle dot."""

from rehearsal.chance import Chance

FAMILY_NAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎单解仇"
)
FAMILY_NAMES_OF_TWO = ("欧阳", "司马", "上官", "诸葛", "呼延")
GIVEN_MALE = "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林泽轩博文瑞晨睿航子昊天一诺"
GIVEN_FEMALE = "芳娜敏静丽艳娟霞秀玲桂英慧巧美雅婷雪琳晶欣怡佳思语萱雨诗涵梦洁悦彤可馨若曦予安宁一诺"
MONGOLIAN_MALE = (
    "巴特尔", "苏和", "布和", "朝鲁", "哈斯", "那顺", "格日勒图", "阿木尔", "宝音", "乌力吉",
    "呼和", "青格勒", "特木尔", "额尔德尼", "达布希拉图", "孟和", "吉日嘎拉", "满都拉", "敖其尔", "巴雅尔",
)  # fmt: skip
MONGOLIAN_FEMALE = (
    "萨仁", "其木格", "乌云", "娜仁", "塔娜", "斯琴", "高娃", "图雅", "托娅", "阿丽玛",
    "乌日娜", "萨日娜", "苏日娜", "格日乐", "哈斯其其格", "娜布其", "海棠其木格", "索布德", "阿茹娜", "乌仁",
)  # fmt: skip
MONGOLIAN_FATHERS = ("孛儿只斤", "奇渥温", "额尔德尼", "阿拉坦", "宝力道", "达楞太", "乌兰巴根")
ETHNICITIES = {"汉": 86, "蒙古": 11, "回": 2, "满": 1}
MIDDLE_DOT = "·"


def ethnicity(chance: Chance) -> str:
    """One of 汉, 蒙古, 回, 满, about as they live in Ordos."""
    return chance.one_of(ETHNICITIES)


def family_name(chance: Chance, nation: str) -> str:
    """A family name; empty for most Mongolian families, who use none."""
    if nation == "蒙古":
        return ""
    if nation == "回" and chance.happens(0.5):
        return "马"
    return chance.choice(FAMILY_NAMES_OF_TWO) if chance.happens(0.01) else chance.choice(FAMILY_NAMES)


def full_name(chance: Chance, family: str, sex: str, nation: str) -> str:
    """A whole name for somebody of this family, sex ("male" or "female") and ethnicity."""
    if nation == "蒙古":
        given = chance.choice(MONGOLIAN_MALE if sex == "male" else MONGOLIAN_FEMALE)
        return f"{chance.choice(MONGOLIAN_FATHERS)}{MIDDLE_DOT}{given}" if chance.happens(0.25) else given
    letters = GIVEN_MALE if sex == "male" else GIVEN_FEMALE
    return family + "".join(chance.sample(letters, 2 if chance.happens(0.78) else 1))
