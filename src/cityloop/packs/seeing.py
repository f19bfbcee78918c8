"""The tables of what cameras see and of the menus of lines of text."""

from cityloop.domain.policy.seeing import MENU_START, MENU_WORDS, SMS_WORDS, MenuDeed, MenuTakes, SeenBy
from cityloop.packs.declared import Table, Takes, column

CLASS = "class of the catalogue, as scheme/kind/code"

DETECTIONS = Table(
    file="detections.csv",
    says="What the city calls what cameras see: by the source's label, the city's own word, which rules name, and the class "
    "of the catalogue. A label without a row keeps the source's word and has no class.",
    key=("source", "label"),
    columns=(
        column("source", "in whose words the label is; a row of a source goes before one of any", Takes.choice, choices=tuple(SeenBy)),
        column("label", "as the source says it, e.g. car.stationary, fielddetection.vehicle, 5.6, vehicle.parked"),
        column("word", "the city's own word for it: small letters, digits and _"),
        column("name", "what people call it", Takes.words),
        column("class", CLASS, needed=False, refers="classes.csv"),
    ),
)
MENUS = Table(
    file="menus.csv",
    says="Menus for phones without applications: USSD, and SMS. A city without these rows takes an SMS as a report and has no menu.",
    key=("node", "key"),
    columns=(
        column("node", f"the menu that the row stands in; the first is {MENU_START}; {MENU_WORDS}: words that an SMS may begin with"),
        column("key", f"what is pressed; title: the heading; text: whatever is written; of {MENU_WORDS}: {', '.join(SMS_WORDS)}"),
        column("says", "the line as it is shown, or the word that is written", Takes.words),
        column("leads", f"the next node, or how it ends: {', '.join(MenuDeed)}", needed=False),
        column("class", f"what is reported: {CLASS}", needed=False, refers="classes.csv"),
        column(
            "takes", "what is written: the place, the words of the report, or a tracking code", Takes.choice, needed=False,
            default=MenuTakes.none, choices=tuple(MenuTakes),
        ),
    ),
)  # fmt: skip
