"""Use cases of the stage: the register, observations in, rules over them, alarms."""
