"""An invented audit bureau: registers written as Excel files, and works with their content.

`make demo` brings both in.
"""

from shuxiang.demo.files import DemoFiles, write_registers
from shuxiang.demo.manuscripts import MANUSCRIPTS, Manuscript, Step
from shuxiang.demo.people import DEMO_AGENCY, DEMO_PEOPLE, DemoPerson

__all__ = [
    "DEMO_AGENCY",
    "DEMO_PEOPLE",
    "MANUSCRIPTS",
    "DemoFiles",
    "DemoPerson",
    "Manuscript",
    "Step",
    "write_registers",
]
