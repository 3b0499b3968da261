"""The only door for requests to addresses that users name: imports, webhooks, anything of the kind.

A URL is read strictly, its name is looked up once, every answer is judged, and the connection goes to exactly the
address that was judged. Redirects pass through the same door.
"""

from dubline.egress.client import Caps, Egress, Reply
from dubline.egress.errors import Failed, ProxyDown, Refused, TooLarge, TooSlow
from dubline.egress.policy import Policy

__all__ = ["Caps", "Egress", "Failed", "Policy", "ProxyDown", "Refused", "Reply", "TooLarge", "TooSlow"]
