"""Words of headers that tell what a column holds, in the forms that `intake.synonyms` gives them.

Knows the words. Does not know values.
"""

from __future__ import annotations

from typing import Final

MONEY: Final = frozenset(
    [
        "amount",
        "net_amount",
        "price",
        "cost",
        "revenue",
        "budget",
        "paid",
        "unpaid",
        "tax",
        "gross_profit",
        "expected_amount",
        "target",
    ]
)
"""Sums of money."""
CODES: Final = frozenset(
    [
        "code",
        "id",
        "customer_id",
        "order_no",
        "contract_no",
        "invoice_no",
        "product_code",
        "deal_id",
        "postcode",
        "id_card",
        "uscc",
        "qq",
        "wechat",
        "fax",
        "model",
    ]
)
"""Texts that only look like numbers."""
PHONES: Final = frozenset(("phone", "mobile", "fax"))
"""Numbers that somebody calls."""
DAYS: Final = frozenset(
    [
        "date",
        "created",
        "modified",
        "last_contact",
        "next_date",
        "expected_close",
        "closed_date",
        "due_date",
        "start",
        "end",
        "delivery_date",
        "birthday",
    ]
)
"""Days, also where they stand as bare numbers."""
NAMES: Final = frozenset(
    [
        "name",
        "customer",
        "company",
        "contact",
        "deal",
        "address",
        "short_name",
        "subject",
        "first_name",
        "last_name",
    ]
)
"""Names of things and people: no list, even where they repeat."""
SORTS: Final = frozenset(
    [
        "status",
        "stage",
        "level",
        "region",
        "province",
        "industry",
        "source",
        "channel",
        "type",
        "customer_type",
        "category",
        "gender",
        "priority",
        "owner",
        "team",
        "lifecycle",
        "company_size",
        "pay_status",
        "pay_method",
        "activity_type",
        "currency",
        "unit",
        "department",
        "country",
        "city",
        "lost_reason",
        "active",
        "done",
        "tags",
    ]
)
"""Words out of few: a list."""
FREE: Final = frozenset(("remark", "content", "needs", "next_step", "result"))
"""What people write in words of their own, even where a few of them repeat."""
NOTHING: Final = frozenset(
    ("-", "--", "—", "——", "/", "n/a", "na", "null", "none", "无", "暂无", "待定", "tbd", "未知")
)
"""What people write where there is nothing."""
