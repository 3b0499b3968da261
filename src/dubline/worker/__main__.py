"""python -m dubline.worker: started by the server, which hands its settings over in a variable."""

from __future__ import annotations

import os

from dubline.service.settings import ServiceSettings
from dubline.worker.main import work

if __name__ == "__main__":
    work(
        ServiceSettings.model_validate_json(os.environ["DUBLINE_WORKER_SETTINGS"]),
        os.environ.get("DUBLINE_WORKER_NUMBER", "0"),
    )
