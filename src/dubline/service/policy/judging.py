"""What comes of looking: a verdict that is kept with the job, whatever it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import structlog
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from dubline.domain.script import Script
from dubline.service.access.principal import Principal
from dubline.service.audit.log import Action, Outcome, record
from dubline.service.policy.checkers import Checker, Text, installed
from dubline.service.problem import ServiceError
from dubline.service.settings import ServiceSettings

MOST_REASONS = 50

log = structlog.get_logger()


class State(StrEnum):
    UNCHECKED = "unchecked"
    """The operator has no policy."""
    CLEAR = "clear"
    FLAGGED = "flagged"
    REFUSED = "refused"


class Verdict(BaseModel):
    model_config = ConfigDict(frozen=True)

    state: State = State.UNCHECKED
    reasons: list[str] = []

    def and_then(self, later: Verdict) -> Verdict:
        """Of a job that was looked at before: what was found stays found."""
        order = list(State)
        state = max(self.state, later.state, key=order.index)
        return Verdict(
            state=state, reasons=list(dict.fromkeys([*self.reasons, *later.reasons]))[:MOST_REASONS]
        )


def judge(settings: ServiceSettings, texts: Sequence[Text]) -> Verdict:
    checkers = installed(settings.policy_file)
    if not checkers:
        return Verdict()
    reasons = [reason for name, checker in checkers.items() for reason in _found(name, checker, texts)]
    if not reasons:
        return Verdict(state=State.CLEAR)
    state = State.REFUSED if settings.policy_action == "refuse" else State.FLAGGED
    return Verdict(state=state, reasons=reasons[:MOST_REASONS])


def _found(name: str, checker: Checker, texts: Sequence[Text]) -> list[str]:
    """A checker that breaks has not found everything to be well."""
    try:
        return list(checker.check(texts))
    except Exception:
        log.exception("policy checker broke", checker=name)
        return [f"the checker '{name}' broke, so this was not judged"]


def of_request(name: str, metadata: Mapping[str, str], source: str | None) -> list[Text]:
    labels = [Text("metadata", text) for pair in metadata.items() for text in pair]
    return [Text("name", name), *labels, *([Text("source_url", source)] if source else [])]


def of_scripts(scripts: Iterable[Script]) -> list[Text]:
    """What is said, in both languages, each as a whole: a phrase may go from one line to the next."""
    found: dict[str, str] = {}
    for script in scripts:
        found["original"] = " ".join(line.source_text for line in script.lines)
        found[f"translation ({script.target_language})"] = " ".join(line.text for line in script.lines)
    return [Text(where, text) for where, text in found.items()]


def note_verdict(
    session: Session, who: Principal | None, verdict: Verdict, about: str, organisation: str | None = None
) -> None:
    """In the audit log, if there is anything to note."""
    if verdict.reasons:
        outcome = Outcome.REFUSED if verdict.state is State.REFUSED else Outcome.DONE
        details = {"state": verdict.state, "reasons": verdict.reasons}
        record(
            session,
            Action.POLICY,
            who,
            organisation=organisation,
            about=about,
            outcome=outcome,
            details=details,
        )


def refusal(verdict: Verdict) -> ServiceError:
    return ServiceError(
        422,
        "policy_refused",
        f"The operator's content policy refuses this: {'; '.join(verdict.reasons)}.",
        hint="Change what it names, or ask the operator.",
    )
