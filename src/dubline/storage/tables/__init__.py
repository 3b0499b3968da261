"""The product's tables, one file per noun."""

from dubline.storage.tables.base import Document, Table
from dubline.storage.tables.events import Event, Ticket
from dubline.storage.tables.hooks import Hook, Message, Try
from dubline.storage.tables.jobs import Job, Output, Stage, Task
from dubline.storage.tables.measurements import Measurement
from dubline.storage.tables.people import Key, Organisation, User
from dubline.storage.tables.records import AuditEntry, Reply, UsageEntry
from dubline.storage.tables.scripts import ScriptLine, ScriptRevision, ScriptRow
from dubline.storage.tables.uploads import Upload

__all__ = [
    "AuditEntry",
    "Document",
    "Event",
    "Hook",
    "Job",
    "Key",
    "Measurement",
    "Message",
    "Organisation",
    "Output",
    "Reply",
    "ScriptLine",
    "ScriptRevision",
    "ScriptRow",
    "Stage",
    "Table",
    "Task",
    "Ticket",
    "Try",
    "Upload",
    "UsageEntry",
    "User",
]
