"""Balance indicators and forecasts: computed from published counts, never from persons."""
