"""The words the world is made of; surnames that mean "sample" or "example", so that nobody bears them."""

SURNAMES = (
    ("样本", "Yangben"), ("示例", "Shili"), ("测试", "Ceshi"), ("拟设", "Nishe"),
    ("仿写", "Fangxie"), ("虚构", "Xugou"), ("假定", "Jiading"), ("演示", "Yanshi"),
)  # fmt: skip
GIVEN = (
    ("安", "an"), ("宁", "ning"), ("河", "he"), ("山", "shan"), ("晴", "qing"), ("林", "lin"),
    ("雨", "yu"), ("禾", "he"), ("舟", "zhou"), ("星", "xing"), ("清", "qing"), ("远", "yuan"),
    ("和", "he"), ("平", "ping"), ("春", "chun"), ("秋", "qiu"), ("月", "yue"), ("泉", "quan"),
    ("松", "song"), ("竹", "zhu"), ("兰", "lan"), ("海", "hai"), ("云", "yun"), ("石", "shi"),
    ("田", "tian"), ("光", "guang"), ("朗", "lang"), ("乐", "le"),
)  # fmt: skip
STREETS = ("清河路", "长桥街", "东篱巷", "南园路", "西林街", "北苑路", "安平路", "新泉街", "石榴路", "白杨街")
COUNTRIES = ("示例国", "样本国", "测试国")
TRADES = (
    ("丝路贸易", "Silk Road Trading"), ("远航国际货运代理", "Far Sail Forwarding"),
    ("清泉餐饮", "Clear Spring Catering"), ("石榴果品", "Pomegranate Fruits"),
    ("安平建筑", "Anping Building"), ("白杨医药", "White Poplar Pharmacy"),
    ("新桥汽车", "New Bridge Motors"), ("长林物流", "Long Forest Logistics"),
    ("南园纺织", "South Garden Textiles"), ("北苑机械", "North Park Machinery"),
)  # fmt: skip
KIND_ENDINGS = {
    "company": ("有限公司", "Co., Ltd."),
    "sole_trader": ("经营部", "Store"),
    "cooperative": ("农民专业合作社", "Farmers' Cooperative"),
}
