"""Errors: one short tree under one base. Each says what is wrong and what to do about it."""

from __future__ import annotations


class HeadwayError(Exception):
    """Base of every error that Headway raises on purpose.

    `message` says what is wrong, `fix` what to do; `exit_code` is what the command line returns.
    """

    exit_code = 1

    def __init__(self, message: str, fix: str = "") -> None:
        self.message = message
        self.fix = fix
        super().__init__(f"{message} {fix}".strip())


class UnreadableInput(HeadwayError):
    """A file that is missing, empty, binary or of an unknown layout."""

    exit_code = 3


class EmptyInput(UnreadableInput):
    """A file without any text in it."""

    exit_code = 11


class BinaryInput(UnreadableInput):
    """A file that holds no text but bytes of another kind."""

    exit_code = 12


class UnwritableOutput(HeadwayError):
    """A folder or file that cannot be written to."""

    exit_code = 13


class NoTradePolicy(HeadwayError):
    """A text in which no trade-policy record was found."""

    exit_code = 4


class UnknownCode(HeadwayError):
    """A country, product, sector or item that no table knows."""

    exit_code = 5


class InvalidScenario(HeadwayError):
    """A scenario file with an unknown key, a duplicate key, an empty interval or a value out of range."""

    exit_code = 6


class NoEffect(HeadwayError):
    """A scenario, option or filter that changes nothing."""

    exit_code = 7


class DataError(HeadwayError):
    """Data that break a stated rule: an unbalanced baseline, a missing column, a failed check."""

    exit_code = 8


class OutsideDomain(HeadwayError):
    """A shock or parameter for which the model is not defined, such as a tariff of -100 %."""

    exit_code = 9


class NotConverged(HeadwayError):
    """A solver that stopped before its tolerance; says where the worst residual is."""

    exit_code = 10
