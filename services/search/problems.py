"""The problems of search beside those that every service has."""

from shared.values.problems import Problem

INDEX_BUILDING = Problem("index_building", 503, "搜索索引正在生成", "搜索索引正在生成，请稍后重试。", retry_after=2)
TOO_MANY_SAVED_SEARCHES = Problem(
    "too_many_saved_searches", 409, "订阅过多", "您已保存 {most} 个订阅，请先删除不再需要的订阅。"
)
