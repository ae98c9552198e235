"""The words of the example's file and the application's words for them."""

from __future__ import annotations

from app.domain.consensus import DecisionRule
from app.domain.needs import EvidenceKind

EVIDENCE = {
    "PUBLIKATION": EvidenceKind.RESEARCH,
    "EXPERTENINTERVIEW": EvidenceKind.INTERVIEW,
    "STATISTIK": EvidenceKind.STATISTIC,
    "STUDIE": EvidenceKind.STUDY,
    "WORKSHOP": EvidenceKind.WORKSHOP,
}
DECISION_RULES = {"CONSENSUS": DecisionRule.CONSENSUS, "GROUP_MAJORITY": DecisionRule.GROUP_MAJORITY}
PROPOSAL_OUTCOMES = {
    "ANGENOMMEN": "adopt",
    "ANGENOMMEN_MIT_SONDERVOTUM": "adopt",
    "ZUSAMMENGEFÜHRT": "merge",
}
"""A Sondervotum belongs to the ballot on the recommendation, not to the proposal's outcome."""
