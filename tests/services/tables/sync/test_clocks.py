from smx_lab.services.tables.sync.clocks import Clocks


def test_instants_are_aware_and_seconds_go_forward():
    clocks = Clocks()
    assert clocks.wall().utcoffset().total_seconds() == 0
    assert clocks.monotonic() <= clocks.monotonic()
