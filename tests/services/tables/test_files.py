import errno
import gc
import tempfile

import numpy as np

from smx_lab.services.tables.files import ColumnFiles


def arrays():
    return [np.arange(5000) / 3, np.array([True, False]), np.array([7, -1], np.int32)]


def test_arrays_from_a_file_have_the_same_values_and_can_be_written_to():
    found = ColumnFiles().move(arrays())
    for moved, array in zip(found, arrays(), strict=True):
        assert moved.dtype == array.dtype
        np.testing.assert_array_equal(moved, array)
    found[0][4999] = 0.5
    assert (found[0][4999], found[1].tolist(), found[2].tolist()) == (0.5, [True, False], [7, -1])


def test_the_file_has_no_name(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found = ColumnFiles().move(arrays())
    assert found[0] is not None
    assert list(tmp_path.iterdir()) == []


def test_on_a_full_disk_there_is_no_file_and_the_log_says_so(monkeypatch, caplog):
    def full(**_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    assert ColumnFiles().move(arrays()) is None
    assert "No space left on device" in caplog.text


def test_what_was_written_is_there_after_a_rest():
    files = ColumnFiles()
    (numbers,) = files.move([np.arange(1_000_000.0)])
    numbers[7] = 0.25
    files.rest()
    assert (numbers[6], numbers[7], numbers.sum()) == (6, 0.25, 999_999 * 500_000 - 6.75)


def test_a_file_is_gone_with_the_last_of_its_arrays():
    files = ColumnFiles()
    found = files.move(arrays())
    assert len(files._mapped) == 1
    del found
    gc.collect()
    assert len(files._mapped) == 0
    files.rest()
