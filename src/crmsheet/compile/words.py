"""Every text the compiler itself puts into a workbook, in both languages.

Knows words. Does not know where they are shown. Boards have words of their own (`board_words`), if they like.
`{name}` stands for a value that the caller gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crmsheet.model.metrics import Aggregation
from crmsheet.model.spec import FieldType
from crmsheet.model.words import Label, Language

WORDS: Final[Mapping[str, Label]] = {
    # Sheets
    "guide": Label("使用说明", "Guide"),
    "glossary": Label("指标说明", "Glossary"),
    "kpi_history": Label("指标历史", "KPI_History"),
    "change_log": Label("修改记录", "ChangeLog"),
    "merge_conflicts": Label("合并冲突", "Merge conflicts"),
    "settings": Label("设置", "Settings"),
    "lists": Label("选项", "Lists"),
    # Generated columns
    "status_header": Label("数据检查", "Data check"),
    "status_note": Label(
        "这一行有什么问题；空白表示合格。", "What is wrong in this row; empty when nothing is."
    ),
    # Entry sheets
    "entry_hint": Label(
        "从最后一行的下一行接着填；每行一条记录。灰色列自动计算，请勿修改。",
        "Type new records right below the last row. Grey columns compute themselves: leave them.",
    ),
    "legend_required": Label("必填", "Required"),
    "legend_input": Label("可填", "Optional"),
    "legend_computed": Label("自动计算", "Computed"),
    "detail_hint": Label("点表头上方的 + 展开更多列", "Click + above the headers for more columns"),
    "mobile_hint": Label(
        "手机上填左边 {count} 列就够了", "On a phone the {count} columns at the left are enough"
    ),
    "mobile_band": Label("手机上填", "On a phone"),
    # Status column
    "join": Label("；", "; "),
    "cell_error": Label("有单元格是错误值", "a cell holds an error"),
    "columns_moved": Label(
        "本表的列移动过，请刷新此工作簿（crmsheet refresh）",
        "columns of this table were moved: refresh the workbook (crmsheet refresh)",
    ),
    "missing": Label("缺{label}", "{label} missing"),
    "not_number": Label("{label}不是数字", "{label} is not a number"),
    "not_date": Label("{label}不是日期", "{label} is not a date"),
    "not_whole": Label("{label}不是整数", "{label} is not a whole number"),
    "not_boolean": Label("{label}不是 TRUE/FALSE", "{label} is not TRUE/FALSE"),
    "too_small": Label("{label}太小", "{label} too small"),
    "below": Label("{label}小于{limit}", "{label} below {limit}"),
    "above": Label("{label}大于{limit}", "{label} above {limit}"),
    "too_large": Label("{label}太大", "{label} too large"),
    "too_early": Label("{label}太早", "{label} too early"),
    "too_late": Label("{label}太晚", "{label} too late"),
    "before_field": Label("{label}早于{limit}", "{label} before {limit}"),
    "after_field": Label("{label}晚于{limit}", "{label} after {limit}"),
    "too_long": Label("{label}超过{limit}字", "{label} over {limit} characters"),
    "bad_form": Label("{label}格式不对", "{label} malformed"),
    "repeated": Label("{label}重复", "{label} repeated"),
    "not_listed": Label("{label}不在选项中", "{label} not in its list"),
    "not_under": Label("{label}与{parent}不符", "{label} does not fit {parent}"),
    "not_found": Label("{label}在“{table}”中找不到", "{label} not found in {table}"),
    # Prompts and alerts
    "required": Label("必填。", "Required."),
    "required_sometimes": Label("有时必填。", "Sometimes required."),
    "unique": Label("不可重复。", "Must be unique."),
    "pick_list": Label(
        "从下拉列表选择；选项可在“{sheet}”表增改。", "Choose from the list; add options on {sheet}."
    ),
    "pick_child": Label("先选{parent}，再从下拉列表选择。", "Choose {parent} first, then from the list."),
    "pick_table": Label(
        "从下拉列表选择；先在“{sheet}”表登记。", "Choose from the list; enter it on {sheet} first."
    ),
    "pick_many": Label(
        "可填多项，用“、”隔开：{options}。", "Several allowed, separated by commas: {options}."
    ),
    "form_date": Label("日期，如 {example}。", "A date such as {example}."),
    "form_datetime": Label("日期和时间，如 {example}。", "Date and time such as {example}."),
    "form_number": Label("数字。", "A number."),
    "form_integer": Label("整数。", "A whole number."),
    "form_currency": Label("金额（{currency}）。", "An amount in {currency}."),
    "form_percent": Label("百分比，如 20%。", "A percentage such as 20%."),
    "form_boolean": Label("TRUE（是）或 FALSE（否）。", "TRUE (yes) or FALSE (no)."),
    "form_email": Label("邮箱，如 name@example.com。", "An e-mail address such as name@example.com."),
    "form_phone": Label(
        "电话，如 13800001234 或 010-12345678。", "A phone number such as +86 138 0000 1234."
    ),
    "form_url": Label("网址，如 https://example.com。", "A web address such as https://example.com."),
    "form_text": Label("最多 {limit} 个字。", "At most {limit} characters."),
    "between": Label("{low} 至 {high}。", "From {low} to {high}."),
    "at_least": Label("不小于 {low}。", "At least {low}."),
    "at_most": Label("不大于 {high}。", "At most {high}."),
    "not_before": Label("不早于{low}。", "Not before {low}."),
    "not_after": Label("不晚于{high}。", "Not after {high}."),
    "today": Label("今天", "today"),
    "assigned": Label("刷新时自动编号，不必填。", "Numbered at refresh; leave it empty."),
    "computed": Label("自动计算，请勿修改。", "Computed: leave it as it is."),
    "sentiment_score": Label(
        "“{text}”里的褒贬：从 −1（抱怨）到 1（称赞），刷新时按词语算出；读不出反话。",
        "How “{text}” sounds, from −1 (complaint) to 1 (praise), by its words; computed at refresh. It misses irony.",
    ),
    "topic": Label(
        "“{text}”说的是什么，刷新时按“选项”里各主题的词语判断；没有认出的留空。",
        "What “{text}” speaks of, by the words of each topic on the sheet Lists; computed at refresh, empty where no "
        "word is known.",
    ),
    "topic_words": Label(
        "“{text}”提到的各个主题和依据的词语，刷新时算出。",
        "All topics that “{text}” speaks of, and the words that tell; computed at refresh.",
    ),
    "fixed_values": Label(
        "数值由刷新算出，截至上次刷新。", "Values as of the last refresh, which computes them."
    ),
    "wrong_title": Label("{label}：输入有误", "{label}: not accepted"),
    # Settings
    "settings_hint": Label(
        "黄色单元格可以修改，所有表立即按新值计算。", "Change the yellow cells; all sheets follow at once."
    ),
    "settings_dates": Label("统计日期", "Effective date"),
    "settings_values": Label("参数", "Parameters"),
    "settings_fixed": Label("建表时确定（在配置文件中修改）", "Fixed when built (change them in the spec)"),
    "as_of_input": Label("指定日期（留空 = 今天）", "Date to report on (empty = today)"),
    "as_of_input_help": Label(
        "想看某一天的情况时填写，看完清空：期间和天数算到那天，阶段、完成情况和累计数仍是现在的。",
        "Fill it to look at a day, clear it afterwards: periods and ages end there; stages, what is done and totals "
        "to date are those of now.",
    ),
    "as_of": Label("统计日期", "Effective date"),
    "as_of_help": Label("全表的“今天”。", "What every sheet takes as today."),
    "as_of_stands": Label(
        "全表的“今天”：上次刷新的日期（工作簿较大，刷新时才更新）。",
        "Today for every sheet: the day of the last refresh.",
    ),
    "language": Label("语言", "Language"),
    "language_value": Label("中文", "English"),
    "currency": Label("币种", "Currency"),
    "fiscal_year_start": Label("财年起始月", "Fiscal year starts in month"),
    # What is remembered
    "history_hint": Label(
        "每次刷新记一次，从建表或第一次刷新开始；不随看板筛选变化。最近 {days} 天每个日期都留，之前每月留最后一次，"
        "共 {months} 个月。",
        "Written at each refresh, from the first one on; boards' selectors change nothing here. Of the last {days} "
        "days every date is kept, before them the last one of each month, for {months} months.",
    ),
    "history_window": Label("期间：{window}。", " Window: {window}."),
    "history_day": Label("统计日期", "As of"),
    "history_metric": Label("指标", "Metric"),
    "history_scope": Label("范围", "Scope"),
    "history_member": Label("对象", "Of"),
    "history_value": Label("数值", "Value"),
    "history_n": Label("样本数", "n"),
    "history_reason": Label("无数值的原因", "Why there is none"),
    "history_run": Label("计算日期", "Computed on"),
    "history_total": Label("全部", "All"),
    "history_metric_id": Label("指标编号", "Metric id"),
    "history_scope_id": Label("范围编号", "Scope id"),
    "history_member_id": Label("对象编号", "Of id"),
    "history_format": Label("格式", "Format"),
    "change_hint": Label(
        "两次刷新之间的修改，每个单元格合并记一次，记在发现它的那次刷新；“最后保存者”是当时文件的最后保存人，不一定是修改人。"
        "最多保留 {changes} 条。",
        "What changed between two refreshes, each cell once, on the day of the refresh that found it. “Last saved by” "
        "is whoever saved the file last before that: not always who made the change. At most {changes} rows are kept.",
    ),
    "conflict_hint": Label(
        "主表与分表都改过的单元格，主表的值暂时保留。在“选择”列选“{ours}”或“{theirs}”，"
        "下次合并（crmsheet merge）时生效。",
        "Cells that were changed in the master and in a copy, or in two copies; the master keeps its value. Choose "
        "“{ours}” or “{theirs}” in the last column: the next crmsheet merge carries it out.",
    ),
    "conflict_table": Label("表", "Table"),
    "conflict_row": Label("记录", "Row"),
    "conflict_field": Label("字段", "Field"),
    "conflict_ours": Label("主表的值", "In the master"),
    "conflict_theirs": Label("分表的值", "In the copy"),
    "conflict_source": Label("分表", "Copy"),
    "conflict_choice": Label("选择", "Choice"),
    "conflict_whole": Label("（整行）", "(the row)"),
    "conflict_gone": Label("（已删除）", "(deleted)"),
    "conflict_changed": Label("（有修改）", "(changed)"),
    "choice_ours": Label("主表", "master"),
    "choice_theirs": Label("分表", "copy"),
    "change_day": Label("发现日期", "Found on"),
    "change_table": Label("表", "Table"),
    "change_row": Label("记录", "Row"),
    "change_field": Label("字段", "Field"),
    "change_old": Label("原值", "Old"),
    "change_new": Label("新值", "New"),
    "change_who": Label("最后保存者", "Last saved by"),
    "change_gone": Label("（整行删除）", "(row deleted)"),
    "change_table_id": Label("表编号", "Table id"),
    "change_row_id": Label("记录编号", "Row id"),
    "change_field_id": Label("字段编号", "Field id"),
    # Lists
    "lists_hint": Label(
        "名称可以直接改，数据会在刷新时跟着改；新选项写在最后一项的下一格。",
        "Rename freely, refresh carries it into the data; type new options right below the last one.",
    ),
    "list_label": Label("名称", "Label"),
    "list_of": Label("按{parent}", "by {parent}"),
    "attribute:probability": Label("概率", "Probability"),
    "attribute:rot_days": Label("停滞天数", "Idle days allowed"),
    "attribute:kind": Label("类别", "Kind"),
    "attribute:color": Label("颜色", "Colour"),
    "attribute:order": Label("顺序", "Order"),
    "attribute:days": Label("天数", "Days"),
    "attribute:score": Label("分值", "Points"),
    "attribute:counts": Label("计入", "Counts"),
    "attribute:weight": Label("权重", "Weight"),
    "list_repeated": Label("这个名称已经有了。", "This label exists already."),
    # Guide
    "guide_what": Label("这是什么", "What this is"),
    "guide_what_text": Label(
        "“{title}”由一份字段定义生成：在录入表里填数据，看板和指标自动计算。"
        "录入表、设置和选项里的内容都是您的；灰色的公式列、看板和本页由 crmsheet 维护。",
        "“{title}” is made from a definition of fields: people fill the entry sheets, boards and figures "
        "compute themselves. What you type is yours; grey formula columns, boards and this page are kept "
        "up by crmsheet.",
    ),
    "guide_steps": Label("怎么填", "How to fill it"),
    "guide_step_lists": Label(
        "看一眼“{sheet}”：下拉选项可以改名、增加。", "Look at {sheet}: options can be renamed and added."
    ),
    "guide_step_tables": Label(
        "依次填写录入表：先填被引用的表，再填引用它们的表：{sheets}。",
        "Fill the entry sheets in this order, those that others refer to first: {sheets}.",
    ),
    "guide_step_row": Label(
        "新记录写在表格最后一行的下一行；点单元格会出现填写提示，深蓝表头必填。",
        "Type new records right below the last row; a selected cell shows what to enter. Dark blue headers "
        "are required.",
    ),
    "guide_step_check": Label(
        "看每行的“{column}”列：有字就说明有问题，空白就是合格。",
        "Look at the column “{column}”: words there name a problem, an empty cell means the row is fine.",
    ),
    "guide_step_board": Label(
        "在看板上方的下拉框选择期间和范围，数字和图表随之变化。",
        "Choose period and scope in the drop-downs on top of a board; figures and charts follow.",
    ),
    "guide_step_refresh": Label(
        "定期关闭文件并运行 crmsheet refresh 文件名，它会检查数据、收编新行、更新看板。",
        "From time to time close the file and run crmsheet refresh FILE: it checks the data, takes in new "
        "rows and brings the boards up to date.",
    ),
    "guide_sheets": Label("各表用途", "Sheets"),
    "guide_sheet": Label("工作表", "Sheet"),
    "guide_purpose": Label("用途", "Purpose"),
    "purpose_board": Label(
        "看板：自动计算，可选择期间和范围", "Board: computes itself, choose period and scope"
    ),
    "purpose_entry": Label("录入：{fields}", "Entry: {fields}"),
    "purpose_settings": Label("统计日期、参数", "Effective date and parameters"),
    "purpose_cadence": Label("至少每 {days} 天录入一次", "At least one new row every {days} days"),
    "purpose_glossary": Label("看板上每个指标的定义、算法和出处", "What every figure on the boards means"),
    "purpose_history": Label(
        "每次刷新记下的指标数值，按日期", "The figures that each refresh wrote down, by date"
    ),
    "purpose_changes": Label("重点字段何时由什么改成了什么", "What became of audited fields, and when"),
    "purpose_conflicts": Label(
        "主表与分表改得不同的单元格，等待选择",
        "Cells that master and copy changed differently, to be decided",
    ),
    "purpose_lists": Label("下拉选项", "Options of the drop-downs"),
    "guide_pivots": Label("数据透视表", "Pivot tables"),
    "guide_pivots_text": Label(
        "“{sheets}”可以直接做数据透视表：点表内任一单元格，插入 → 数据透视表，不用另外整理。"
        "日期的年、季度、月份、周，以及客户、产品、人员的各个维度都在右侧收起的列里（点表头上方的 + 展开），"
        "没有的值写作“（空白）”。数据变化后，在透视表上右键 → 刷新。",
        "{sheets}: ready for pivot tables as they are. Click into the table, then Insert, PivotTable. Year, "
        "quarter, month and week of the date and the dimensions of customers, products and people stand in "
        "folded columns at the right (+ above the headers); what is missing reads “(blank)”. After data "
        "changed, right-click the pivot table and refresh it.",
    ),
    "guide_colors": Label("颜色含义", "Colours"),
    "color_required": Label("表头：必填列", "Header of a required column"),
    "color_input": Label("表头：选填列", "Header of an optional column"),
    "color_computed": Label("表头：自动计算的列，请勿修改", "Header of a computed column: leave it"),
    "color_input_cell": Label("可以填写的单元格", "A cell to fill"),
    "color_form_cell": Label(
        "设置、选项、看板上可以修改的单元格", "A cell to change on Settings, Lists and boards"
    ),
    "color_computed_cell": Label("计算结果", "A computed value"),
    "color_missing": Label("必填但还空着", "Required but still empty"),
    "color_repeated": Label("不可重复的内容重复了", "A value that must be unique is repeated"),
    "color_unlisted": Label("内容不在下拉选项中", "A value that is not in its list"),
    "sample": Label("示例", "Sample"),
    "guide_color": Label("颜色", "Colour"),
    "guide_meaning": Label("含义", "Meaning"),
    "guide_where": Label("所在", "Where"),
    "guide_fields": Label("字段说明", "Fields"),
    "guide_table": Label("表", "Sheet"),
    "guide_field": Label("字段", "Field"),
    "guide_type": Label("类型", "Type"),
    "guide_required": Label("必填", "Required"),
    "guide_allowed": Label("说明和允许的内容", "Meaning and what is allowed"),
    "yes": Label("是", "yes"),
    "sometimes": Label("有时", "at times"),
    "guide_metrics": Label("指标说明", "Figures"),
    "guide_metrics_text": Label(
        "每个指标的定义、算法、边界情况和出处见“{sheet}”；点看板上的指标名可跳到对应的一行。",
        "What each figure means, how it is computed, its edge cases and its source stand on {sheet}; a click on "
        "a figure's name on a board leads to its row.",
    ),
    "glossary_hint": Label(
        "看板上每个指标的含义；本页自动生成，点右侧的名称可回到看板",
        "What every figure on the boards means; generated, and the names at the right lead back to the boards",
    ),
    "glossary_tells": Label("说明什么", "What it tells"),
    "glossary_edge": Label("边界情况", "Edge cases"),
    "glossary_good": Label("好的方向", "Good is"),
    "glossary_source": Label("出处", "Source"),
    "glossary_shown": Label("显示在", "Shown on"),
    "good_up": Label("越高越好", "higher"),
    "good_down": Label("越低越好", "lower"),
    "good_none": Label("—", "—"),
    "guide_metric": Label("指标", "Figure"),
    "guide_definition": Label("定义", "Definition"),
    "guide_formula": Label("算法", "How it is computed"),
    "guide_unit": Label("单位", "Unit"),
    "guide_min_n": Label("最少样本", "Needs at least"),
    "guide_refresh": Label("关于刷新", "About refresh"),
    "guide_refresh_text": Label(
        "公式在 Excel、WPS 表格和 LibreOffice 里都会实时计算；刷新另外做这些事：收编表格下方新写的行、"
        "给记录编号、检查每一行、修复被覆盖的公式和校验规则、更新图表缓存。您的内容、格式、批注和自建的工作表原样保留，"
        "改动前会先备份。",
        "Formulas compute at once in Excel, WPS and LibreOffice. Refresh does the rest: it takes in rows "
        "typed below a table, numbers records, checks every row, restores overwritten formulas and rules, "
        "and updates the charts. Your content, formats, notes and own sheets stay as they are; "
        "a backup is made first.",
    ),
    "guide_renamed": Label(
        "改了客户、同事等名称后，其他表里还写着旧名称的行就查不到它了：看板顶部会显示“未匹配”的条数和金额，点一下就到录入表。"
        "刷新认得改了名的那一行，会列出还写着旧名称的地方；加上 --apply-renames 刷新，旧名称就全部改成新名称。",
        "When a customer or a colleague gets another name, rows on other sheets that hold the old one no longer "
        "find it: boards show on top how many are unmatched and their amount; click there to see them. Refresh "
        "knows the renamed row and lists where the old name still stands; with --apply-renames it writes the "
        "new name there.",
    ),
    "guide_programs": Label(
        "可用 Excel 2019 及以上、Microsoft 365、WPS 表格、LibreOffice 打开；不含宏。",
        "Works in Excel 2019 and later, Microsoft 365, WPS and LibreOffice; there are no macros.",
    ),
    "has_target": Label("目标见“{table}”表。", "Targets stand on {table}."),
    "purpose_everywhere": Label("所有录入表", "every entry sheet"),
    "one_of": Label("可选：{options}", "One of: {options}"),
    "list_join": Label("、", ", "),
    "topic_join": Label("、", ", "),
    "topic_colon": Label("：", ": "),
    "topic_end": Label("；", "; "),
    # How a metric is computed
    "metric_of": Label("{agg}：{table}的{field}", "{agg} of {field} in {table}"),
    "earliest": Label("最早", "Earliest"),
    "latest": Label("最晚", "Latest"),
    "metric_count": Label("{table}的记录数", "Number of records in {table}"),
    "metric_filter": Label("，只计{filter}", ", only where {filter}"),
    "metric_time": Label("，按{time}归期", ", by {time}"),
    "metric_conversion": Label(
        "{base} 之后 {span}内发生 {conversion} 的比例",
        "Share of {base} followed by {conversion} within {span}",
    ),
    "metric_conversion_ever": Label(
        "{base} 之后发生 {conversion} 的比例", "Share of {base} followed by {conversion}"
    ),
    "metric_top": Label("，只取最大的 {count} 个", ", the {count} largest"),
    "metric_first": Label("，只取最大的 1 个", ", the largest"),
    "metric_ratio": Label("{numerator} ÷ {denominator}", "{numerator} ÷ {denominator}"),
    "unit_days": Label("天", "days"),
    "unit_number": Label("数", "number"),
    # Print
    "printed": Label("打印于 &D", "Printed &D"),
    "page": Label("第 &P 页，共 &N 页", "Page &P of &N"),
}

TYPES: Final[Mapping[FieldType, Label]] = {
    FieldType.TEXT: Label("文字", "Text"),
    FieldType.LONG_TEXT: Label("长文字", "Long text"),
    FieldType.NUMBER: Label("数字", "Number"),
    FieldType.INTEGER: Label("整数", "Whole number"),
    FieldType.CURRENCY: Label("金额", "Amount"),
    FieldType.PERCENT: Label("百分比", "Percentage"),
    FieldType.DATE: Label("日期", "Date"),
    FieldType.DATETIME: Label("日期时间", "Date and time"),
    FieldType.BOOLEAN: Label("是/否", "Yes/no"),
    FieldType.CHOICE: Label("单选", "Choice"),
    FieldType.MULTI_CHOICE: Label("多选", "Several choices"),
    FieldType.REFERENCE: Label("引用", "Reference"),
    FieldType.LOOKUP: Label("带出", "Looked up"),
    FieldType.ROLLUP: Label("汇总", "Rolled up"),
    FieldType.FORMULA: Label("计算", "Computed"),
    FieldType.SENTIMENT_SCORE: Label("情感分", "Sentiment score"),
    FieldType.TOPIC: Label("主题", "Topic"),
    FieldType.TOPIC_WORDS: Label("主题词", "Words of topics"),
    FieldType.ID: Label("编号", "Number (auto)"),
    FieldType.EMAIL: Label("邮箱", "E-mail"),
    FieldType.PHONE: Label("电话", "Phone"),
    FieldType.URL: Label("网址", "Web address"),
    FieldType.RATING: Label("评分", "Rating"),
}

AGGREGATIONS: Final[Mapping[Aggregation, Label]] = {
    Aggregation.SUM: Label("合计", "Sum"),
    Aggregation.COUNT: Label("计数", "Count"),
    Aggregation.AVERAGE: Label("平均", "Average"),
    Aggregation.MIN: Label("最小", "Least"),
    Aggregation.MAX: Label("最大", "Greatest"),
    Aggregation.COUNT_DISTINCT: Label("不重复计数", "Number of different values"),
    Aggregation.MEDIAN: Label("中位数", "Median"),
}


def say(language: Language, key: str, **values: object) -> str:
    """The text of a key in a language, its `{names}` filled in."""
    text = WORDS[key].text(language)
    return text.format(**values) if values else text


def attribute_label(language: Language, name: str) -> str:
    """The header of a list attribute: a word if there is one, else its id."""
    label = WORDS.get(f"attribute:{name}")
    return label.text(language) if label else name
