"""What people do to a script, line by line, as pure functions: each gives a new script or says why not.

Whatever is done, lines stay in order of time, one speaker's lines never overlap, nothing reaches beyond the
programme, an id is never used again, and the revision of every line that changed grows. What was rendered of a
changed line goes; so does the freedom to reword it: once somebody worked on a line its wording is theirs.
"""

from dubline.craft.editing.changing import Change, change
from dubline.craft.editing.joining import merge, split
from dubline.craft.editing.lines import find_line, following
from dubline.craft.editing.listing import NewLine, another_take, insert, remove
from dubline.craft.editing.rules import SHORTEST, in_order, unrendered

__all__ = [
    "SHORTEST",
    "Change",
    "NewLine",
    "another_take",
    "change",
    "find_line",
    "following",
    "in_order",
    "insert",
    "merge",
    "remove",
    "split",
    "unrendered",
]
