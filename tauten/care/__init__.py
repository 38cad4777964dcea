"""From a person to a plan: screening, limits, optimisation and the plan itself."""
