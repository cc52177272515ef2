"""`qa doctor`: what is missing or wrong on this machine and in this project, and how to get it.

Everything heavier than the standard library is imported by the check that needs it: the doctor has to work
where set-up never ran (`python3 -m qa doctor`).
"""

from .examine import Request, examine
from .finding import Finding, Mark, is_well
from .render import as_json, render

__all__ = ["Finding", "Mark", "Request", "as_json", "examine", "is_well", "render"]
