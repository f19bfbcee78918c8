"""What a pack says of learning and of the algorithms that decide."""

from enum import StrEnum

from msgspec import Struct

from cityloop.domain.deciders import Algorithm
from cityloop.domain.policy.rows import Source, Words


class Promote(StrEnum):
    """Who puts a model in force that is better on later cases."""

    person = "person"
    machine = "machine"  # where that is surely no chance


class RegisterField(StrEnum):
    """What the register says of an algorithm: attributes of the Algorithmic Transparency Standard, version 0.3.1 (draft)."""

    name = "name"
    description_short = "description_short"
    decision_making_process = "decision_making_process"
    goal = "goal"
    impact = "impact"
    risks = "risks"
    proportionality = "proportionality"
    lawful_basis = "lawful_basis"
    training_data = "training_data"
    source_data = "source_data"
    data_bias = "data_bias"
    description = "description"
    algorithm_type = "algorithm_type"
    methods_and_models = "methods_and_models"
    alternatives_considered = "alternatives_considered"
    monitoring = "monitoring"
    human_intervention = "human_intervention"
    objection_procedure = "objection_procedure"
    rollback = "rollback"
    contact = "contact"


class AlgorithmSays(Struct, frozen=True, kw_only=True):
    """One field of an algorithm's entry in the register."""

    algorithm: Algorithm
    field: RegisterField
    says: Words
    source: Source
