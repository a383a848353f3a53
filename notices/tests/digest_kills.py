"""A worker that is killed with `kill -9` at each message of a morning's digests, and one that takes its place.

    python -m notices.tests.digest_kills [--people 8] [--server postgres://…/postgres]

Last line: `people=8 kills=8 messages=8 repeated=0 missing=0`.
"""

import argparse
import os
import signal
import sys
from datetime import datetime

from shuxiang.tests.scratch import Scratch, fork, fresh_django, wait


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--server", default="")
    options = parser.parse_args()
    folder = fresh_django(options.server)
    from django.core.management import call_command
    from django.db import connection

    from notices.channels import channels_of
    from notices.services import send
    from notices.services.digest import send_digests
    from notices.tests.outside import outside
    from organization.tests.factories import CadreFactory
    from shuxiang.periods import SHANGHAI

    now = datetime(2024, 5, 6, 9, 30, tzinfo=SHANGHAI)
    call_command("migrate", verbosity=0)
    people = [CadreFactory(employee_number=f"A{number}") for number in range(options.people)]
    send(recipients=people, subject="“读后”已通过", now=now.replace(hour=7))
    connection.close()
    kills = 0
    with outside() as taker:
        channels = channels_of([taker.url + "/{number}"])
        while True:
            child = fork(lambda: send_digests(channels=channels, hour=8, portal="", now=now) and None)
            taker.on_message = lambda pid=child: os.kill(pid, signal.SIGKILL)
            if wait(child) != -signal.SIGKILL:
                break
            kills += 1
        paths = [path for path, _ in taker.messages]
    missing = options.people - len(set(paths))
    Scratch(folder, options.server).remove()
    repeated = len(paths) - len(set(paths))
    sys.stdout.write(
        f"people={options.people} kills={kills} messages={len(paths)} repeated={repeated} missing={missing}" + "\n"
    )


if __name__ == "__main__":
    main()
