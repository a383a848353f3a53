"""An invented audit bureau whose registers are written as Excel files: `make demo` brings them in."""

from shuxiang.demo.files import DemoFiles, write_registers
from shuxiang.demo.people import DEMO_AGENCY, DEMO_PEOPLE, DemoPerson

__all__ = ["DEMO_AGENCY", "DEMO_PEOPLE", "DemoFiles", "DemoPerson", "write_registers"]
