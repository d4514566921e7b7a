"""Artifacts x rules -> `Report`: the plan, the verdicts, accepted exceptions, where work runs."""
