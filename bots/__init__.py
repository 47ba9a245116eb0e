"""Chat: WeChat and SMS conversations. A door: it parses, asks who is there, calls one verb, answers."""
