"""What an operator may choose about a server: by flags of `dubline serve`, by variables, else these defaults."""

from __future__ import annotations

import ipaddress
import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, IPvAnyNetwork, SecretStr, ValidationError

from dubline.domain.errors import UserError

VARIABLE = "DUBLINE_"
GIB = 1 << 30
SERIES = ("cors_origins", "egress_ports", "egress_allow")
"""Settings of several values, written with commas between them in a variable."""


class Limits(BaseModel):
    """Of one organisation; each may have others of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_upload_bytes: int = 20 * GIB
    max_storage_bytes: int = 200 * GIB
    max_unused_uploads: int = 1000
    """Finished or not, that no job was made of."""
    max_concurrent_jobs: int = 4
    max_queued_jobs: int = 1000
    minutes_per_month: float | None = None
    """Of media, times the languages it is dubbed into; None sets no limit."""
    requests_per_minute: int = 1200
    requests_per_minute_of_key: int = 600
    """Of each key, and of each person in a browser. Nought sets no limit, here and above."""


class ServiceSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    data: Path
    host: str = "127.0.0.1"
    port: int = 8765
    grpc_port: int | None = Field(default=None, ge=0, le=65535)
    """Where gRPC is spoken, on the same host; None: nowhere."""
    database_url: str = ""
    """Empty: SQLite in the data folder."""
    public_url: str = ""
    """How the world reaches this server, for the links it gives out; empty: as the request came."""
    require_key: bool = False
    """Ask for a key on this machine, too."""
    workers: int = 1
    cors_origins: tuple[str, ...] = ()
    retention_days: float = 7.0
    upload_hours: float = 24.0
    """How long an unfinished upload is kept."""
    upload_patience_seconds: float = Field(default=30.0, gt=0)
    """A sender that brings next to nothing for so long is cut off."""
    link_minutes: float = 15.0
    """How long a signed link is good for."""
    max_body_bytes: int = 1 << 20
    """Of a request that is no upload."""
    limits: Limits = Limits()
    least_free_share: float = Field(default=0.05, ge=0, lt=1)
    """New jobs are refused while less than this share of the disk is free."""
    task_memory_bytes: int = 2 * GIB
    """What a dub needs at most, as measured; beside others at work none is begun while less is free."""
    price_per_minute: float = Field(default=0.0, ge=0)
    """Of dubbed media, in whatever money the operator reckons; told by GET /usage."""
    policy_file: Path | None = None
    """Words and phrases, one a line, that the content policy looks for."""
    policy_action: Literal["flag", "refuse"] = "flag"
    oidc_issuer: str = ""
    """Who says who somebody is, for people who sign in with a browser; empty: nobody does."""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_organisation: str = ""
    """Where those are let in who are not known yet; empty: they are not."""
    oidc_role: str = "viewer"
    """What they are there."""
    session_hours: float = Field(default=12.0, gt=0)

    egress_http: bool = False
    """Whether addresses that users name may be without encryption."""
    egress_ports: tuple[int, ...] = ()
    """Ports that are contacted besides 80 and 443."""
    egress_allow: tuple[IPvAnyNetwork, ...] = ()
    """Networks that are contacted although they are not public."""
    egress_proxy: str = ""
    """http://[user:password@]host:port: the only way out for imports and webhooks."""

    egress_answer_seconds: float = Field(default=15.0, gt=0)
    """What the first answer may take; failures are told when this is over, whatever they were."""
    import_generic: bool = False
    """Whether videos are looked for in pages of any site; off, because such pages may name anything."""
    import_height: int = Field(default=1080, gt=0)
    """Lines of the picture that is taken where a site offers several."""
    import_minutes: float = Field(default=120.0, gt=0)
    """What fetching a video may take at most."""

    log_format: Literal["auto", "console", "json"] = "auto"
    """Plain lines for people where somebody sits at a terminal, else JSON."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_files: bool = False
    """Also into the folder logs of the data folder, a file for each process, old ones dropped by size."""
    traces_endpoint: str = ""
    """Where traces are sent, by OTLP over HTTP: http://collector:4318; empty: nowhere."""
    sentry_dsn: str = ""
    """Where bugs are reported, without what they were about; empty: nowhere."""
    drain_seconds: float = Field(default=0.0, ge=0)
    """How long the server still answers after it was told to end, while /readyz sends others elsewhere."""

    @property
    def on_loopback(self) -> bool:
        return self.host == "localhost" or _loopback(self.host)

    @property
    def open_access(self) -> bool:
        """Whoever sits at this machine needs no key for a first try."""
        return self.on_loopback and not self.require_key

    @property
    def tables_file(self) -> Path:
        return self.data / "dubline.sqlite"

    @property
    def tables(self) -> str:
        return self.database_url or f"sqlite:///{self.tables_file}"

    @cached_property
    def secret(self) -> bytes:
        """What links are signed with; made once and kept beside the data."""
        path = self.data / "secret"
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return _kept_secret(path)


def _kept_secret(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        file.write(made := secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    return made


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def from_environment(**chosen: object) -> ServiceSettings:
    """What was chosen on the command line wins over variables such as DUBLINE_RETENTION_DAYS."""
    fields = set(ServiceSettings.model_fields)
    given = {
        name: os.environ[variable]
        for name in fields
        if (variable := VARIABLE + name.upper()) in os.environ and name not in ("limits", *SERIES)
    }
    for name in SERIES:
        if several := os.environ.get(VARIABLE + name.upper()):
            given[name] = several.split(",")  # type: ignore[assignment]
    known = {name: value for name, value in chosen.items() if value is not None}
    try:
        settings = ServiceSettings.model_validate({**given, **known})
    except ValidationError as error:
        raise _invalid(error) from None
    if settings.workers < 0:
        raise UserError(
            "setting_invalid", "There cannot be fewer than no workers.", hint="Set --workers to 1."
        )
    return settings


def _invalid(error: ValidationError) -> UserError:
    """The first that is wrong; what was given is not repeated, since it may be a secret."""
    wrong = error.errors(include_input=False)[0]
    variable = VARIABLE + str(wrong["loc"][0]).upper()
    return UserError(
        "setting_invalid",
        f"{variable} cannot be used: {wrong['msg']}.",
        hint=f"Correct {variable}, or unset it for its default.",
    )
