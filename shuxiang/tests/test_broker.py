"""The file broker after its disk was full: what was cut short stops no worker."""

import pytest
from kombu import Connection


@pytest.fixture
def broker(tmp_path):
    folders = {"data_folder_in": "queue", "data_folder_out": "queue", "processed_folder": "processed"}
    for name in ("queue", "processed", "control"):
        (tmp_path / name).mkdir()
    options = {option: str(tmp_path / name) for option, name in folders.items()}
    options |= {"control_folder": str(tmp_path / "control"), "store_processed": True}
    with Connection("filesystem://localhost", transport_options=options) as connection:
        yield connection


def test_a_message_cut_short_is_passed_over_and_the_next_one_read(broker, tmp_path):
    queue = broker.SimpleQueue("one")
    queue.put({"task": "whole"})
    for number, content in enumerate((b"", b'{"body": "', '{"body": "书'.encode()[:-1], b"[1]")):
        (tmp_path / "queue" / f"!{number}.one.msg").write_bytes(content)
    assert queue.get(timeout=5).payload == {"task": "whole"}
    assert list((tmp_path / "queue").iterdir()) == []
    with pytest.raises(queue.Empty):
        queue.get(timeout=0.1)


def test_a_list_of_queues_cut_short_is_written_anew(broker, tmp_path):
    (tmp_path / "control" / "another.exchange").write_bytes(b"")
    queue = broker.SimpleQueue("another")
    queue.put({"task": "whole"})
    assert queue.get(timeout=5).payload == {"task": "whole"}
