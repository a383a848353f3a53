from shuxiang.tests.scripts import last_line, same_server


def test_a_killed_worker_repeats_no_digest():
    line = last_line("notices.tests.digest_kills", *same_server())
    assert line == "people=8 kills=8 messages=8 repeated=0 missing=0"
