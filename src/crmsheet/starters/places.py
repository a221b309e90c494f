"""The places of the demo data: provinces with their regions, cities and area codes.

Knows geography only, by the list ids of the starters' `region` and `province`.
"""

from __future__ import annotations

from crmsheet.model.words import Label
from crmsheet.structs import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A city; `weight` says how many of the customers are there, relative to the others."""

    region: str
    province: str
    city: Label
    code: str
    weight: int


PLACES: tuple[Place, ...] = (
    Place("east", "shanghai", Label("上海", "Shanghai"), "021", 14),
    Place("east", "jiangsu", Label("苏州", "Suzhou"), "0512", 8),
    Place("east", "jiangsu", Label("南京", "Nanjing"), "025", 6),
    Place("east", "zhejiang", Label("杭州", "Hangzhou"), "0571", 9),
    Place("east", "zhejiang", Label("宁波", "Ningbo"), "0574", 4),
    Place("east", "anhui", Label("合肥", "Hefei"), "0551", 3),
    Place("east", "fujian", Label("厦门", "Xiamen"), "0592", 3),
    Place("east", "shandong", Label("青岛", "Qingdao"), "0532", 4),
    Place("south", "guangdong", Label("深圳", "Shenzhen"), "0755", 20),
    Place("south", "guangdong", Label("广州", "Guangzhou"), "020", 17),
    Place("south", "guangdong", Label("东莞", "Dongguan"), "0769", 8),
    Place("south", "guangxi", Label("南宁", "Nanning"), "0771", 4),
    Place("north", "beijing", Label("北京", "Beijing"), "010", 13),
    Place("north", "tianjin", Label("天津", "Tianjin"), "022", 4),
    Place("north", "hebei", Label("石家庄", "Shijiazhuang"), "0311", 3),
    Place("central", "hubei", Label("武汉", "Wuhan"), "027", 6),
    Place("central", "hunan", Label("长沙", "Changsha"), "0731", 5),
    Place("central", "henan", Label("郑州", "Zhengzhou"), "0371", 5),
    Place("southwest", "sichuan", Label("成都", "Chengdu"), "028", 8),
    Place("southwest", "chongqing", Label("重庆", "Chongqing"), "023", 5),
    Place("southwest", "yunnan", Label("昆明", "Kunming"), "0871", 2),
    Place("northwest", "shaanxi", Label("西安", "Xi'an"), "029", 5),
    Place("northwest", "gansu", Label("兰州", "Lanzhou"), "0931", 1),
    Place("northeast", "liaoning", Label("沈阳", "Shenyang"), "024", 3),
    Place("northeast", "liaoning", Label("大连", "Dalian"), "0411", 3),
    Place("northeast", "jilin", Label("长春", "Changchun"), "0431", 1),
)
