"""While much is to be sent, whoever brings more waits a moment."""

import threading

from relay.delivery.backlog import Backlog


def waiting(backlog: Backlog) -> threading.Thread:
    newcomer = threading.Thread(target=backlog.ease, daemon=True)
    newcomer.start()
    return newcomer


def test_nobody_waits_while_little_is_to_be_sent() -> None:
    backlog = Backlog(most=2, seconds=3600)
    backlog.add(1)
    newcomer = waiting(backlog)
    newcomer.join(10)
    assert not newcomer.is_alive()


def test_each_item_that_is_done_lets_one_newcomer_on() -> None:
    backlog = Backlog(most=2, seconds=3600)
    backlog.add(3)
    newcomers = [waiting(backlog) for _ in range(2)]
    backlog.done()
    assert all(newcomer.is_alive() for newcomer in newcomers)
    backlog.done()
    backlog.done()
    for newcomer in newcomers:
        newcomer.join(10)
        assert not newcomer.is_alive()


def test_a_backlog_that_stays_lets_newcomers_on_after_a_while() -> None:
    backlog = Backlog(most=1, seconds=0.01)
    backlog.add(5)
    newcomer = waiting(backlog)
    newcomer.join(10)
    assert not newcomer.is_alive()
