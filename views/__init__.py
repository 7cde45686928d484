"""Everything that is shown: Block Kit, message texts, documents and charts, as functions from facts to dicts."""
