"""Sensitive data in messages: found by AWS's managed identifiers, and by expressions of one's own.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protect-sensitive-log-data-types.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_MANAGED = re.compile(r"arn:aws[\w-]*:dataprotection::aws:data-identifier/([A-Za-z]+(?:-[A-Z]{2})?)")
_CUSTOM_NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")
_MOST_CUSTOM = 10
_LONGEST_EXPRESSION = 200


@dataclass(frozen=True, slots=True)
class Identifier:
    """One kind of sensitive data: its name, expression (group ``it``, where only a part is sensitive), and check."""

    name: str
    expression: re.Pattern[str]
    holds: Callable[[str], bool] = bool

    def spans(self, message: str) -> Iterator[tuple[int, int]]:
        """Where such data lie in a message."""
        for found in self.expression.finditer(message):
            group = "it" if "it" in found.re.groupindex else 0
            if found.end(group) > found.start(group) and self.holds(found.group(group)):
                yield found.span(group)


def _luhn(text: str) -> bool:
    digits = [int(each) for each in text if each.isdigit()][::-1]
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _private_key(kind: str) -> str:
    return rf"-----BEGIN {kind}-----[\s\S]*?-----END {kind}-----"


_NEAR = r"\W{1,4}(?:\w+\W+){0,2}?"
_KNOWN: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "EmailAddress": (r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}", bool),
    "IpAddress": (
        r"(?<![\d.])(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\d.])"
        r"|(?<![0-9A-Fa-f:])(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}(?![0-9A-Fa-f:])",
        bool,
    ),
    "CreditCardNumber": (r"(?<!\d)[3-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{1,7}(?!\d)|(?<!\d)3[47]\d{13}(?!\d)", _luhn),
    "AwsSecretKey": (
        r"(?i:aws_secret_access_key|credentials|secret[ _]?access[ _]?key|secret[ _]?key|set-awscredential)"
        rf"{_NEAR}(?P<it>(?<![A-Za-z0-9/+=])[A-Za-z0-9/+=]{{40}}(?![A-Za-z0-9/+=]))",
        bool,
    ),
    "OpenSshPrivateKey": (_private_key("OPENSSH PRIVATE KEY"), bool),
    "PgpPrivateKey": (_private_key("PGP PRIVATE KEY BLOCK"), bool),
    "PkcsPrivateKey": (_private_key("(?:RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY"), bool),
    "PuttyPrivateKey": (r"PuTTY-User-Key-File-\d: [\s\S]*?Private-MAC: [0-9a-f]+", bool),
    "Ssn-US": (
        r"(?i:ssn|social security(?: number| no)?|social sec(?:urity)? ?#?)"
        rf"{_NEAR}(?P<it>(?!000|666|9)\d{{3}}([- ]?)(?!00)\d{{2}}\2(?!0000)\d{{4}}(?!\d))",
        bool,
    ),
    "PhoneNumber-US": (
        r"(?i:phone|telephone|mobile|cell|tel|contact)"
        rf"{_NEAR}(?P<it>(?:\+?1[ .-]?)?\(?[2-9]\d{{2}}\)?[ .-]?\d{{3}}[ .-]?\d{{4}}(?!\d))",
        bool,
    ),
    "LatLong": (
        rf"(?i:coordinates?|lat(?:itude)?[ ,/]*long(?:itude)?|location|position){_NEAR}"
        r"(?P<it>[+-]?\d{1,2}\.\d+°?,? *[+-]?\d{1,3}\.\d+°?)",
        bool,
    ),
    "VehicleIdentificationNumber": (
        rf"(?i:vin|vehicle identification number){_NEAR}(?P<it>\b[A-HJ-NPR-Z0-9]{{17}}\b)",
        bool,
    ),
}
_STORED = (
    *("Address", "Name", "CreditCardSecurityCode", "CreditCardExpiration", "HipaaProcedureCode", "NdcCode"),
    *("BankAccountNumber", "CepCode", "Cnpj", "CpfCode", "DriversLicense", "DrugEnforcementAgencyNumber"),
    *("ElectoralRollNumber", "HealthInsuranceCardNumber", "HealthInsuranceClaimNumber", "HealthInsuranceNumber"),
    *("IndividualTaxIdentificationNumber", "InseeCode", "MedicareBeneficiaryNumber", "NationalIdentificationNumber"),
    *("NationalInsuranceNumber", "NationalProviderId", "NhsNumber", "NieNumber", "NifNumber", "PassportNumber"),
    *("PermanentResidenceNumber", "PersonalHealthNumber", "PhoneNumber", "PostalCode", "RgNumber"),
    *("SocialInsuranceNumber", "Ssn", "TaxId", "ZipCode"),
)


class IdentifierError(Exception):
    """An identifier that there is not, or an expression that cannot be read."""


def identifiers(listed: Sequence[str], custom: Mapping[str, str]) -> list[Identifier]:
    """The identifiers of a policy; those whose data mocksls does not find are left out.

    Raises:
        IdentifierError: one is not known.
    """
    own = _customs(custom)
    found = []
    for each in listed:
        if each in own:
            found.append(own[each])
            continue
        managed = _MANAGED.fullmatch(each)
        name = managed.group(1) if managed else ""
        if name in _KNOWN:
            expression, holds = _KNOWN[name]
            found.append(Identifier(name, re.compile(expression), holds))
        elif name.partition("-")[0] not in _STORED:
            raise IdentifierError(f"The data identifier {each} is not valid.")
    return found


def _customs(custom: Mapping[str, str]) -> dict[str, Identifier]:
    if len(custom) > _MOST_CUSTOM:
        raise IdentifierError(f"A policy can have at most {_MOST_CUSTOM} custom data identifiers.")
    made = {}
    for name, text in custom.items():
        if not _CUSTOM_NAME.fullmatch(name) or not 1 <= len(text) <= _LONGEST_EXPRESSION:
            raise IdentifierError(f"The custom data identifier {name} is not valid.")
        try:
            made[name] = Identifier(name, re.compile(text))
        except re.error:
            raise IdentifierError(
                f"The regular expression of the custom data identifier {name} is not valid."
            ) from None
    return made
