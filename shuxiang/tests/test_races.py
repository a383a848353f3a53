"""The frame of the races counts what it is there to count."""

from shuxiang.tests.races import Arena, Scene, Step, compete, tell


class Refused(Exception):
    pass


class Field(Arena):
    """One step is done, one refused, one fails; the fourth thread has none."""

    def __init__(self) -> None:
        super().__init__([Refused])
        self.rounds: list[str] = []

    def clear(self) -> None:
        self.rounds.append("cleared")

    def one_of_each(self, threads: int) -> list[Step]:
        def refused() -> None:
            raise Refused

        return [self.tick, refused, lambda: 1 // 0]

    def scenes(self) -> list[Scene]:
        return [self.one_of_each]

    def judge(self, scene: str, threads: int) -> None:
        self.rounds.append(f"{scene} {threads}")


def test_what_becomes_of_each_step_is_counted_and_a_failure_shown(capfd):
    field = Field()
    compete(field, rounds=2, threads=4)
    assert field.counts == {"done": 2, "refused": 2, "errors": 2, "idle": 2}
    assert field.rounds == ["cleared", "one_of_each 4"] * 2
    assert capfd.readouterr().err.count("ZeroDivisionError") == 2


def test_the_last_line_and_the_exit_code(capfd):
    assert tell({"done": 3, "lost": 0, "errors": 0}, ("lost", "errors")) == 0
    assert tell({"done": 0, "lost": 1, "errors": 0}, ("lost", "errors")) == 1
    assert capfd.readouterr().out == "done=3 lost=0 errors=0\ndone=0 lost=1 errors=0\n"
