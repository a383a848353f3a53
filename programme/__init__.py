"""Top floor: column, plan and milestones, indicators, awards, reports."""
