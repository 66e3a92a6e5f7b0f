"""How a masked message stands: does it go, wait for a person, or wait for its author?"""

from __future__ import annotations

from dataclasses import dataclass

from config.settings import EmployerWarning, TypedAddresses
from relay.intake.asking import may_ask
from relay.intake.own_address import WHY, Written, as_written
from relay.intake.question import Question
from relay.masking.gate import residual
from relay.masking.values import Masked, View
from relay.threads.waiting import EMPLOYER, GATE
from screening.case import Disposition
from storage.records.mail import OutgoingState, Reason


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the message goes, waits for a person, or waits for its author; and why."""

    state: OutgoingState
    reasons: tuple[Reason, ...] = ()
    written: Written | None = None  # what waits for its author's word on their own address

    @property
    def caught(self) -> bool:
        """Whether the gate holds it: then its author writes it again."""
        return any(reason.rule == GATE for reason in self.reasons)

    @property
    def goes(self) -> bool:
        return self.state is OutgoingState.QUEUED


def stand(question: Question, view: View, masked: Masked) -> Standing:
    """What the gate, the author's own wishes and the screening make of the masked message."""
    meant = masked.typed if view.allow_typed else ()
    residue = residual(masked.content, view.hidden, tuple(view.swapped), meant)
    if residue:
        places = ", ".join(sorted({one.where for one in residue}))
        caught = Reason(GATE, f"it would still show who wrote it, in: {places}")
        return Standing(OutgoingState.HELD, (caught,))
    if question.warns and question.settings.privacy.employer_warning is EmployerWarning.HOLD:
        why = Reason(EMPLOYER, "its author seems to write from an employer's address")
        return Standing(OutgoingState.ASKED, (why,))
    doubts = tuple(
        Reason(finding.rule, finding.reason)
        for finding in question.verdict.findings
        if finding.disposition in (Disposition.ASK, Disposition.HOLD)
    )
    if question.verdict.disposition is Disposition.HOLD:
        return Standing(OutgoingState.HELD, doubts)
    if question.verdict.disposition is Disposition.ASK:
        state = OutgoingState.ASKED if may_ask(question) else OutgoingState.HELD
        return Standing(state, doubts)
    return _by_own_address(question, view, masked)


def _by_own_address(question: Question, view: View, masked: Masked) -> Standing:
    """A typed address keeps it back if that is wished; a file that shows one stays behind."""
    written = as_written(question, view, masked) if question.proven else None
    typed = question.settings.privacy.typed_addresses
    if not masked.typed or typed is not TypedAddresses.ASK:
        return Standing(OutgoingState.QUEUED, written=written)
    if written is None:
        why = Reason("typed_address", "its author typed an own address into it")
        return Standing(OutgoingState.HELD, (why,))
    return Standing(OutgoingState.ASKED, (WHY,), written)
