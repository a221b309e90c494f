"""The English words of the demo data. All persons and companies are invented."""

from __future__ import annotations

from crmsheet.starters.words import Opinion, Part, Words


def _parts(text: str) -> tuple[Part, ...]:
    return tuple(Part(word, word.lower()) for word in text.split())


_SURNAMES = """Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo Lin Gao Luo Zheng
Liang Tang Han Feng Deng Cao Shen Lu Fan Su Smith Miller Taylor Brown Wilson Clark Evans Harris Turner
Walker Cooper Reed Foster Morgan Bennett Hughes Palmer Grant Ellis Marsh"""

_GIVEN = """Kevin Grace Daniel Emily Frank Helen Jason Amy Steven Linda Michael Cindy Tony Rachel Eric
Vivian Alan Joyce Peter Sophie David Nancy Simon Karen Leo Alice Henry Wendy Oscar Fiona Martin Julia
Victor Irene Paul Teresa Andrew Monica George Sandra Felix Nora Ryan Tina Samuel Claire Adam Judy Lucas
Megan Patrick Olivia Gary Hannah Ivan Ruth"""

_FIRST = """Bright Harbour Silver North Green Clear Stone Golden Swift True Prime River Sun Blue Oak
High Lake Star Summit Bridge Pearl Crown East Union Grand Fair Well Cedar Iron Maple Jade Orchid Falcon
Lotus Beacon"""

_SECOND = """way point field line gate port tech worth bridge view wave path stone link works house land
mark ridge net brook side well ford spring craft source wind peak path"""

WORDS = Words(
    surnames=_parts(_SURNAMES),
    given=_parts(_GIVEN),
    surname_first=False,
    brands_first=_parts(_FIRST),
    brands_second=_parts(_SECOND),
    trades={
        "manufacturing": ("Electronics", "Precision Machinery", "Auto Parts", "Instruments", "Equipment"),
        "retail": ("Trading", "Digital Stores", "Appliances", "Telecom Retail", "Department Stores"),
        "ecommerce": ("E-commerce", "Online Store", "Marketplace", "Cross-border Trade"),
        "it": ("Information Technology", "Software", "Networks", "Systems"),
        "logistics": ("Logistics", "Supply Chain", "Express"),
        "hospitality": ("Hotels", "Catering", "Travel"),
        "finance": ("Financial Services", "Asset Management", "Insurance Brokers"),
        "real_estate": ("Properties", "Property Management", "Business Park"),
        "education": ("Education", "Training", "Media"),
        "health": ("Medical Devices", "Health Care", "Pharma"),
        "government": ("City Services", "Public Facilities", "Data Centre"),
        "other": ("Industries", "Resources", "Environmental"),
    },
    company="{city} {brand} {trade} Co., Ltd.",
    deal="{customer} - {product} - {month}",
    address="Room {room}, Building {building}, {number} {road}, {city}",
    roads=(
        *("Renmin Road", "Zhongshan Road", "Jiefang Avenue", "Jianshe Road", "Heping Street", "Science Road"),
        *("Innovation Avenue", "Changjiang Road", "Seaside Road", "College Road", "First Park Road"),
        *("Hi-tech Avenue", "Culture Road", "Xinhua Street", "Friendship Road", "Finance Street"),
        *("Software Park Road", "Welcome Avenue", "Chaoyang Road", "Lakeside Road"),
    ),
    titles=(
        *("Purchasing Manager", "Head of Procurement", "General Manager", "Deputy General Manager"),
        *("Operations Director", "IT Manager", "Office Manager", "Store Manager", "Category Manager"),
        *("Marketing Director", "Project Manager", "Head of IT", "Account Manager", "Secretary to the CEO"),
    ),
    needs=(
        "Wants {product} for their stores; margin and steady supply matter most",
        "Gifts for the annual party: about {quantity} × {product}, with their logo",
        "Staff benefits; comparing two or three offers for {product}",
        "Refitting meeting rooms with {product}; wants installation on site",
        "Cares about battery life of {product}; would like a sample first",
        "Asks for 30 days of credit and monthly statements, mainly for {product}",
        "Sells {product} online and needs drop shipping and after-sales support",
        "Present supplier delivers late; looking for a second source of {product}",
        "Central purchase of {product} for all branches, with VAT invoices",
        "Small budget; entry-level {product} preferred",
        "{product} must connect to their own management platform",
        "Waits for the new {product} and would take part in the first batch",
    ),
    talk={
        "call": (
            "Introduced {product} by phone; {contact} asked about configuration and price",
            "Followed up on the brochure; {contact} is waiting for budget approval",
            "{contact} asked about delivery time and warranty of {product}; all answered",
            "Confirmed the need for about {quantity} units, mostly for a project in {city}",
        ),
        "email": (
            "Sent the brochure and data sheet of {product} to {contact}",
            "Answered technical questions and attached the test report of {product}",
            "Sent references and certificates; {contact} forwards them to purchasing",
        ),
        "wechat": (
            "Chat: {contact} wanted photos and a comparison of {product}; sent",
            "Chat: sample has arrived, {contact} reports next week",
            "Chat: confirmed that {product} can carry their start screen",
        ),
        "meeting": (
            "Online meeting about {product} with their purchasing and technical staff",
            "Meeting at our office: delivery plan for {quantity} units and terms of payment",
            "Met {contact} and the department head; service response time is the main point",
        ),
        "visit": (
            "Visited stores and warehouse; learned what troubles them with the present brand",
            "Visited {contact} and showed {product}; they like the finish",
            "Delivered a sample with a short training; two questions solved on the spot",
        ),
        "demo": (
            "Showed the main functions of {product}; {contact} has doubts about battery life",
            "Remote demo of the console for {product}; they want bulk settings",
            "One hour of demo with five people; good response",
        ),
        "quote": (
            "Quoted {quantity} × {product} at {amount}, tax and freight included",
            "New quantity, new quote: {amount}, valid for 15 days",
            "{contact} found it a little high; recalculated at {amount}",
        ),
        "sample": (
            "Sent one sample of {product}; return date noted",
            "Sample arrived; {contact} has it tested for two weeks",
        ),
        "contract": (
            "Sent the draft contract; with their legal department now",
            "Discussed terms: 30/70 payment, one year of warranty stays",
        ),
    },
    care={
        "call": (
            "Routine call: {product} works well, no purchase planned at the moment",
            "Asked about next quarter; {contact} waits for the budget",
            "Holiday greetings and a word about the new {product}",
        ),
        "wechat": (
            "Sent news by chat; {contact} will come back when needed",
            "Told {contact} about the campaign; asked for the price of {product}",
        ),
        "email": (
            "Sent the quarterly statement and the new catalogue",
            "Announced the firmware update of {product} with instructions",
        ),
        "visit": (
            "Routine visit: checked display and stock, {product} sells well",
            "Visited {contact} and collected users' opinions on {product}",
        ),
        "service": (
            "Helped with a repair of {product}; sent in for inspection",
            "Guided the set-up of {product} by phone; solved",
            "Arranged the exchange of two faulty {product}; quick, they said",
        ),
        "meeting": ("Quarterly review: orders, service, and the goals for next quarter",),
    },
    unreached=(
        "Called twice, no answer; will try again",
        "No answer; left a message",
        "In a meeting; asked to call later",
    ),
    won=(
        "Order confirmed: {quantity} × {product}; contract signed",
        "Signed contract received; {product} ships as planned",
        "{contact} confirmed; the down payment has arrived",
    ),
    lost={
        "price": ("Went to a cheaper supplier, about ten per cent below us", "No agreement on price"),
        "competitor": ("Chose a competitor for its local service", "Competitor offered longer credit"),
        "budget": ("Budget cut, project cancelled", "Budget is used up this year; maybe next year"),
        "features": (
            "{product} lacks a function they need; failed the test",
            "Interface does not fit their platform",
        ),
        "long_cycle": ("Put off again and again, now on hold", "Approval took too long; shelved"),
        "no_decision_maker": (
            "Never met the decision maker; {contact} could not push it",
            "New decision maker, starts over",
        ),
        "silent": ("No reply after several attempts; closed as lost", "Contact lost; deal closed"),
        "poor_fit": ("Their need does not fit {product}", "They want a custom product we cannot make"),
        "other": ("Business reorganised, no purchase", "Company moved; project ended"),
    },
    complaint=(
        "Complaint: {product} arrived damaged; recorded",
        "{contact} is unhappy with our response time and wants a plan",
        "Complaint: battery of {product} does not last as advertised",
    ),
    plans={
        "call": (
            "Call about progress",
            "Call back to confirm interest",
            "Ask about budget approval",
            "Call to fix the next date",
        ),
        "email": ("Send further documents", "Answer technical questions", "Send references"),
        "wechat": ("Send comparison by chat", "Ask how the trial goes", "Remind about feedback"),
        "meeting": ("Arrange online meeting", "Arrange technical meeting", "Meet head of purchasing"),
        "visit": ("Visit on site", "Bring a sample", "Visit the decision maker"),
        "demo": ("Arrange a demo", "Show the console"),
        "quote": ("Send the quote", "Update the quote", "Recalculate and quote again"),
        "sample": ("Send a sample", "Arrange a trial"),
        "contract": ("Send draft contract", "Follow up on the contract"),
        "service": ("Check on the repair", "Ask whether the problem is solved"),
    },
    opinions={
        "quality": Opinion(
            ("{product} is solid; no trouble for months", "This batch of {product} passed every check"),
            (
                "Two {product} did not start properly; please check before shipping",
                "{product} had scratches; better packing please",
            ),
        ),
        "function": Opinion(
            (
                "{product} does all we need; staff learned it fast",
                "{product} connects reliably; meetings are better now",
            ),
            (
                "Battery of {product} lasts less than a day, not as promised",
                "{product} drops the connection at times; needs an update",
            ),
        ),
        "price": Opinion(
            ("{product} is good value", "Bulk price is attractive; will choose {product} again"),
            (
                "{product} costs more than others; please offer tiers",
                "Prices change too often to plan a budget",
            ),
        ),
        "delivery": Opinion(
            ("Arrived in three days, sooner than promised", "The driver helped to carry everything in"),
            (
                "{product} came five days late and spoiled our campaign",
                "One box missing; the rest took another week",
            ),
        ),
        "attitude": Opinion(
            ("Quick replies, always the same day", "Friendly and competent about {product}"),
            ("Took three calls to get an answer", "Our contact changed without notice; had to start over"),
        ),
        "aftersale": Opinion(
            ("Exchange was simple and took two days", "Repair status is always visible; satisfied"),
            ("Repair took three weeks without a spare", "Service line is hard to reach"),
        ),
        "other": Opinion(
            ("More events with new products, please", "Clear statements; our accountants are happy"),
            ("Wrong name on the invoice; correction took long", "Manual is printed too small"),
        ),
    },
    solutions=(
        "Exchanged, with an apology",
        "Firmware updated; confirmed by the customer",
        "Sent the rest and an accessory",
        "Changed the delivery plan",
        "Explained by phone; accepted",
    ),
    return_reasons=(
        "Defective",
        "Battery life",
        "Wrong model sent",
        "Project cancelled",
        "Damaged in transit",
        "Ordered too many",
    ),
    events={
        "visit": ("Viewed the page of {product}", "Viewed prices three times", "Viewed references"),
        "download": (
            "Downloaded the data sheet of {product}",
            "Downloaded a white paper",
            "Downloaded the price list",
        ),
        "form": ("Sent an enquiry: {product}", "Applied to become a reseller"),
        "webinar": ("Joined the launch of {product}", "Joined the partner briefing"),
        "trial": ("Asked for a trial of {product}", "Booked a visit to try {product}"),
    },
    remarks=(
        "Recommended by an old customer",
        "Pays slowly; watch receivables",
        "Insists on one carrier",
        "Buys before holidays",
        "Head office pays",
    ),
    hobbies=(
        "fishing",
        "badminton",
        "tea",
        "photography",
        "hiking",
        "calligraphy",
        "road trips",
        "basketball",
    ),
)
