"""How long each check may wait, in seconds: for real AWS, and for the embedded AWS of a run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """Seconds on AWS (and on any endpoint, whose pace nobody knows), and the shorter row for our own."""

    aws: float
    embedded: float


DEADLINES = {
    "D1": Deadline(5, 5),
    "D2": Deadline(15, 10),
    "D3": Deadline(15, 10),
    "L1": Deadline(30, 10),
    "L2": Deadline(20, 10),
    "L3": Deadline(20, 10),
    "L4": Deadline(20, 10),
    "L5": Deadline(25, 10),
    "T1": Deadline(30, 10),
    "T2": Deadline(30, 10),
    "T3": Deadline(30, 10),
    "T4": Deadline(45, 10),
    "T5": Deadline(45, 10),
    "T6": Deadline(45, 10),
    "K1": Deadline(15, 10),
    "K2": Deadline(15, 10),
    "K3": Deadline(15, 10),
    "K4": Deadline(15, 10),
    "K5": Deadline(15, 10),
    "A1": Deadline(15, 10),
    "A2": Deadline(15, 15),
    "A3": Deadline(75, 15),
    "A3 back": Deadline(70, 15),
    "A4": Deadline(45, 15),
    "S1": Deadline(15, 10),
    "S2": Deadline(150, 20),
    "S3": Deadline(150, 20),
    "S4": Deadline(160, 20),
    "R1": Deadline(45, 20),
    "R2": Deadline(60, 20),
    "X1": Deadline(20, 10),
    "X2": Deadline(20, 20),
}
