"""Rows of what was said: the tables activities, feedback, lead_events, surveys.

Knows these tables' input fields, those of all packs. Does not know which of them a starter has (`packs`).
"""

from __future__ import annotations

from crmsheet.starters.catalogue import PRODUCTS
from crmsheet.starters.days import as_date
from crmsheet.starters.demo import Row
from crmsheet.starters.surveying import answers
from crmsheet.starters.talking import Activity, Mood, events, feedback
from crmsheet.starters.trading import Deal
from crmsheet.starters.world import World

_UNSORTED = 3
"""Every third opinion came in by import, without a topic: its words tell."""


def activities(world: World) -> list[Row]:
    deals = world.market.deals
    rows: list[Row] = []
    for number, contact in enumerate(world.talks, 1):
        deal = deals[contact.deal] if contact.deal >= 0 else None
        product = deal.product if deal else world.rng.randrange(len(PRODUCTS))
        quantity, price = (deal.quantity, deal.price) if deal else (0, 0)
        plan = world.rng.choice(world.words.plans[contact.plan]) if contact.plan else None
        row: Row = {
            "date": as_date(contact.day),
            "customer": world.customers[contact.customer].name,
            "type": contact.type,
            "content": world.said(_texts(world, contact, deal), contact.customer, product, quantity, price),
            "result": contact.result,
            "owner": world.owner(contact.customer),
            "next_action": plan,
            "next_date": as_date(contact.due) if contact.due else None,
            "done_date": as_date(contact.done) if contact.done else None,
            "deal": world.deal_names[contact.deal] if deal else None,
            "minutes": contact.minutes or None,
            "quote_amount": deal.amount if deal and contact.type == "quote" else None,
            "link": None,
            "activity_no": f"A{number:05}",
        }
        if contact.customer in world.kept:
            rows.append(row)
    return rows


def _texts(world: World, contact: Activity, deal: Deal | None) -> tuple[str, ...]:
    match contact.mood:
        case Mood.UNREACHED:
            return world.words.unreached
        case Mood.COMPLAINT:
            return world.words.complaint
        case Mood.WON:
            return world.words.won
        case Mood.LOST if deal:
            return world.words.lost[deal.lost_reason]
        case Mood.TALK:
            return world.words.talk[contact.type]
        case _:
            return world.words.care[contact.type]


def voices(world: World) -> list[Row]:
    """The table feedback."""
    rows: list[Row] = []
    for number, voice in enumerate(feedback(world.stream("feedback"), world.market), 1):
        opinion = world.words.opinions[voice.topic]
        solved = voice.resolved and not voice.glad
        texts = opinion.glad if voice.glad else opinion.cross
        row: Row = {
            "date": as_date(voice.day),
            "customer": world.customers[voice.customer].name,
            "product": world.products[voice.product],
            "topic": None if number % _UNSORTED == 0 else voice.topic,
            "rating": voice.rating or None,
            "text": world.said(texts, voice.customer, voice.product),
            "owner": world.owner(voice.customer),
            "status": voice.status,
            "resolved_date": as_date(voice.resolved) if voice.resolved else None,
            "feedback_no": f"F{number:04}",
            "solution": world.rng.choice(world.words.solutions) if solved else None,
            "sentiment_manual": None,
        }
        if voice.customer in world.kept:
            rows.append(row)
    return rows


def lead_events(world: World) -> list[Row]:
    rows: list[Row] = []
    for number, event in enumerate(events(world.stream("events"), world.market), 1):
        detail = world.said(world.words.events[event.kind], event.customer, event.product)
        if event.customer in world.kept:
            rows.append(
                {
                    "date": as_date(event.day),
                    "customer": world.customers[event.customer].name,
                    "event": event.kind,
                    "product": world.products[event.product],
                    "detail": detail,
                    "event_no": f"E{number:05}",
                }
            )
    return rows


def surveys(world: World) -> list[Row]:
    rows: list[Row] = []
    for number, answer in enumerate(answers(world.stream("surveys"), world.market), 1):
        day = as_date(answer.day)
        opinion = world.words.opinions[answer.topic]
        texts = opinion.glad if answer.glad else opinion.cross
        comment = world.said(texts, answer.customer, answer.product)
        if answer.customer in world.kept:
            rows.append(
                {
                    "date": day,
                    "customer": world.customers[answer.customer].name,
                    "kind": answer.kind,
                    "score": answer.score,
                    "wave": f"{day.year}Q{(day.month + 2) // 3}",
                    "comment": comment if answer.speaks else None,
                    "survey_no": f"Q{number:04}",
                }
            )
    return rows
