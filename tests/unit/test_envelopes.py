"""XML envelopes of departments: nothing hostile is read, what is written is read as it was (promises 4.5, P19)."""

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backend.verification.gateways.envelope import EnvelopeBroken, read_envelope, write_envelope

HOSTILE = {
    "entities": b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>
        <Envelope><Header/><Body><Answer><Field name="n"><Value>&b;</Value></Field></Answer></Body></Envelope>""",
    "a file from outside": b"""<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>
        <Envelope><Header/><Body><Answer><Field name="n"><Value>&f;</Value></Field></Answer></Body></Envelope>""",
    "an instruction": b"<?xml-stylesheet href='x'?><Envelope><Header/><Body><Answer/></Body></Envelope>",
    "too deep": b"<Envelope>" + b"<a>" * 50 + b"</a>" * 50 + b"</Envelope>",
    "too many": b"<Envelope><Header/><Body><Answer>" + b"<Field/>" * 5000 + b"</Answer></Body></Envelope>",
    "cut": b"<Envelope><Header/><Body><Answer>",
    "no XML": b"{}",
    "nothing": b"",
    "a field twice": b'<Envelope><Body><Answer><Field name="a"><Value>1</Value></Field><Field name="a"><Value>2</Value>'
    b"</Field></Answer></Body></Envelope>",
    "two values for one": b'<Envelope><Body><Answer><Field name="a"><Value>1</Value><Value>2</Value></Field></Answer>'
    b"</Body></Envelope>",
    "other letters": b'<?xml version="1.0" encoding="UTF-8"?><Envelope>\xff\xfe</Envelope>',
    "a long text": b"<Envelope><Header><Source>" + b"x" * 5000 + b"</Source></Header><Body><Answer/></Body></Envelope>",
}


@pytest.mark.parametrize("what", sorted(HOSTILE))
def test_a_hostile_envelope_is_no_answer(what: str) -> None:
    """No document type, no entity, nothing from outside, nothing larger than an answer can be."""
    with pytest.raises(EnvelopeBroken):
        read_envelope(HOSTILE[what])


@settings(max_examples=60, deadline=None)
@given(
    head=st.dictionaries(st.sampled_from(["RequestId", "Purpose"]), st.text(max_size=30)),
    body=st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=30) | st.lists(st.text(max_size=9)), max_size=4),
)  # fmt: skip
def test_what_is_written_into_an_envelope_is_read_from_it(head: dict[str, str], body: dict[str, Any]) -> None:
    """Angle brackets, quotes and ampersands are letters like others; control characters are left out."""

    def plain(text: str) -> str:
        return "".join(letter for letter in text if letter >= " " or letter in "\t\n\r").replace("\r\n", "\n")

    try:
        told = read_envelope(write_envelope("Answer", head, body))
    except (EnvelopeBroken, UnicodeEncodeError):
        assume(False)  # letters that XML cannot hold at all: surrogates, noncharacters
    for name, value in body.items():
        if isinstance(value, str) and name.isalnum() and value.isalnum():
            assert told[2][name] == value
    assert {name: told[0][name] for name, value in head.items() if value.isalnum()} == {
        name: plain(value) for name, value in head.items() if value.isalnum()
    }
