"""An import that dies on the way leaves nothing half done; run again, it gives the expected workbook."""

import pytest
from django.db import connection, transaction

from assessment.tests.test_sample_offices import REGISTERS, ROOTS, assess_all, bring_in, expected, exported
from shuxiang.tests.fixtures import SAMPLES
from shuxiang.tests.registers import run, stored


class Interrupted(Exception):
    pass


class DieAfter:
    """Lets so many statements through, then raises, as a lost connection or Ctrl-C would."""

    def __init__(self, statements: int) -> None:
        self.left = statements

    def __call__(self, execute, sql, params, many, context):
        if self.left == 0:
            raise Interrupted
        self.left -= 1
        return execute(sql, params, many, context)


def statements_of(command, *args, **options) -> int:
    """How many statements the import takes, less those of the savepoint in which it is tried out here."""
    counter = DieAfter(-1)
    with transaction.atomic(), connection.execute_wrapper(counter):
        run(command, *args, **options)
        transaction.set_rollback(True)
    return -1 - counter.left - 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("office", ROOTS)
@pytest.mark.parametrize("point", [0.1, 0.35, 0.6, 0.85, 0.97])
def test_interrupted_at_some_statement_and_run_again(office, point, tmp_path, seeds):
    folder = SAMPLES / "registers" / office
    for name in REGISTERS:
        command = [f"import_{name}", folder / f"{name}.xlsx"]
        options = {ROOTS[office]: "测试局"} if name == "roster" else {}
        count = statements_of(*command, **options)
        before = stored()
        with pytest.raises(Interrupted), connection.execute_wrapper(DieAfter(int(count * point))):
            run(*command, **options)
        assert stored() == before
        run(*command, **options)
    bring_in(folder, office)
    assess_all()
    assert exported(tmp_path) == expected(office)
