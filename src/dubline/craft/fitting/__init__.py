"""How spoken lines find their place in time.

`plan_orders` decides which takes are worth asking a synthesizer for; `fit` places the takes that were made,
all lines together. What may be done to a line is ordered by how little a listener notices it: another
wording, another native rate, the pause after the line, a slightly earlier onset, a stretch. No word is ever
cut.
"""

from dubline.craft.fitting.orders import Order, plan_orders
from dubline.craft.fitting.placing import fit
from dubline.craft.fitting.terms import Placement, Recording, Spoken

__all__ = ["Order", "Placement", "Recording", "Spoken", "fit", "plan_orders"]
