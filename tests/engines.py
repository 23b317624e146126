"""An engine for tests that computes in this process."""

from recdesk.core.errors import CancelledError


class Here:
    """Computes one part after the other, as often as `most` says.

    Attributes:
        numbers: of the parts that it computed.
    """

    def __init__(self, count: int = 1, threads: int = 0, most: int = 10**6) -> None:
        self.count, self.threads, self.most, self.numbers = count, threads, most, list[int]()

    def run_all(self, work, job, numbers, watch, task) -> None:
        for number in numbers:
            if len(self.numbers) == self.most:
                raise CancelledError("The export")
            self.numbers.append(number)
            watch.moved(number, 0.5)
            watch.done(number, work(job, number, task))
