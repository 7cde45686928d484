"""The verbs of the business: one use case is one transaction."""
