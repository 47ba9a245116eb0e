"""The templates that the official account registers with the platform, by the names the gateway sends them under."""

NOTICE_TEMPLATE = "sunroll-notice-v1"
"""For notices: `first` (title), `keyword1` (text), `remark`."""
SUBSCRIPTION_TEMPLATE = "sunroll-subscription-v1"
"""The subscription template: `thing1` (title) and `thing2` (text)."""
LONGEST_THING = 20
"""Characters of a `thing`; the platform refuses longer ones (47003)."""
