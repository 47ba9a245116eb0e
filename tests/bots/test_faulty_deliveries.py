"""Many messages, each delivered three times, while the database fails and processes end: one effect each (P17, small form).

The large form (3,000 messages) runs in `make prove`: `python -m tests.trials.deliveries 3000`.
"""

from tests.trials.deliveries import trial


def test_messages_delivered_three_times_among_faults_have_one_effect_each(services) -> None:
    found = trial(services, "faulty_deliveries", messages=60)
    assert found.accepted == 60
    assert (found.missing, found.on_disk, found.doubled, found.answers_differ) == (0, 0, 0, 0)
    assert found.forgeries_taken == 0
    assert found.faults > 0
    assert found.restarts > 0
