"""How spoken lines find their place in time.

`plan_orders` decides which take of each line to ask a synthesizer for; `plan_retakes` which further ones would
serve better, once those are measured; `fit` places what was made, all lines together. What may be done to a line
is ordered by how little a listener notices it: another wording, another native rate, the pause after the line, a
slightly earlier onset, a stretch. No word is ever cut.
"""

from dubline.craft.fitting.comfort import MANNERS, MISHEARD
from dubline.craft.fitting.neighbours import standing
from dubline.craft.fitting.orders import Order, Studio, plan_orders, plan_retakes, wordings
from dubline.craft.fitting.placing import fit
from dubline.craft.fitting.terms import Placement, Recording, Spoken

__all__ = [
    "MANNERS",
    "MISHEARD",
    "Order",
    "Placement",
    "Recording",
    "Spoken",
    "Studio",
    "fit",
    "plan_orders",
    "plan_retakes",
    "standing",
    "wordings",
]
