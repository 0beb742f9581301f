"""Whether the receiving server could tell that the sender is who the mail says. Pure.

Authentication-Results is believed only from a trusted server name and only in the topmost run of such fields:
anyone may write the same field further down.
"""

import re

from bot.mail import charsets
from bot.mail.fields import Fields, without_comments

_RESULT = re.compile(r"\s*(dmarc|spf|dkim)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?:header\.d|header\.i|smtp\.mailfrom|smtp\.mail|smtp\.helo)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE
)
_MAX_CHARS = 8 * 1024


def authentication(fields: Fields, sender: str, trusted_authserv_ids: frozenset[str]) -> str:
    """pass, fail or unknown. Without DMARC, SPF and DKIM must both pass for the sender's own domain."""
    results = _trusted_results(fields, trusted_authserv_ids)
    dmarc = {verdict for method, verdict, _ in results if method == "dmarc"}
    if "fail" in dmarc:
        return "fail"
    if "pass" in dmarc:
        return "pass"
    passed = {
        method for method, verdict, domain in results if verdict == "pass" and _is_aligned(domain, sender)
    }
    return "pass" if {"spf", "dkim"} <= passed and not dmarc else "unknown"


def _topmost_run(fields: Fields) -> list[str]:
    """The fields above the first Received that follows them: those the last server wrote."""
    run: list[str] = []
    for name, value in fields.items:
        if name == "authentication-results":
            run.append(charsets.decode(value[:_MAX_CHARS])[0])
        elif run and name in ("received", "from", "to", "subject", "date", "message-id"):
            break
    return run


def _trusted_results(fields: Fields, trusted: frozenset[str]) -> list[tuple[str, str, str]]:
    """All results down to the first field of a server that is not one of ours."""
    names = {server_id.lower() for server_id in trusted}
    found: list[tuple[str, str, str]] = []
    for value in _topmost_run(fields):
        results = _results(value, names)
        if results is None:
            break
        found.extend(results)
    return found


def _results(value: str, trusted: set[str]) -> list[tuple[str, str, str]] | None:
    """(method, verdict, domain) of each result; None where the server is not one of ours."""
    server, *clauses = without_comments(value).split(";")
    name = server.split()[0].lower() if server.split() else ""
    if name not in trusted:
        return None
    found = []
    for clause in clauses:
        if result := _RESULT.match(clause):
            domain = _DOMAIN.search(clause)
            found.append((result[1].lower(), result[2].lower(), domain[1].lower() if domain else ""))
    return found


def _is_aligned(stated: str, sender: str) -> bool:
    """Relaxed alignment; a result that states no domain is taken at its word."""
    domain = stated.rpartition("@")[2].rstrip(".")
    own = sender.rpartition("@")[2]
    return not domain or domain == own or own.endswith("." + domain) or domain.endswith("." + own)
