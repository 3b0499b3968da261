"""A client for servers of dubline. It needs httpx and nothing else.

with Client("http://127.0.0.1:8765", key="dbl_…") as client:
    job = client.submit("talk.mp4", to="es")
    client.wait(job.id, progress=lambda event: print(event.progress))
    print(client.download(job.id))
"""

from __future__ import annotations

from dubline.client.client import Client
from dubline.client.downloads import Link, Output
from dubline.client.errors import (
    ClientError,
    ConnectionLost,
    Damaged,
    JobFailed,
    NotAllowed,
    NotFound,
    Refused,
    RenderFailed,
    RevisionConflict,
    ServerFault,
    TookTooLong,
    TooMany,
)
from dubline.client.events import Event
from dubline.client.jobs import Batch, BatchItem, Hook, Job, JobStatus, Stage, Target
from dubline.client.scripts import Edited, Line, Rendering, Script
from dubline.client.uploads import Sent, Upload

__all__ = [
    "Batch",
    "BatchItem",
    "Client",
    "ClientError",
    "ConnectionLost",
    "Damaged",
    "Edited",
    "Event",
    "Hook",
    "Job",
    "JobFailed",
    "JobStatus",
    "Line",
    "Link",
    "NotAllowed",
    "NotFound",
    "Output",
    "Refused",
    "RenderFailed",
    "Rendering",
    "RevisionConflict",
    "Script",
    "Sent",
    "ServerFault",
    "Stage",
    "Target",
    "TooMany",
    "TookTooLong",
    "Upload",
]
