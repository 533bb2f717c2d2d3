"""A brief as plain text: what an e-mail shows, and what is left when a richer form fails."""

from collections.abc import Iterator

from notifier.brief import Brief
from notifier.inert import ascii_only

# SNS: at most 100 ASCII characters, no line ends or control characters (SNS API reference, Publish).
SUBJECT_LIMIT = 99
# SNS refuses more than 256 KB; nobody reads that much of an e-mail.
BODY_LIMIT = 60_000
_PLACE = 40


def subject(brief: Brief) -> str:
    """`[High 8.0] Credentials of payments-api used outside AWS - 111122223333 eu-west-1`, cut before the place."""
    label = brief.severity.label if brief.severity.number else brief.severity.word
    head = f"[{label}] " if brief.recognised else "[?] "
    place = ascii_only(f" - {brief.account} {brief.region}") if brief.recognised else ""
    if len(place) > _PLACE:
        place = ""
    words, room = ascii_only(brief.subject), SUBJECT_LIMIT - len(head) - len(place)
    return head + (words if len(words) <= room else words[: room - 3].rstrip() + "...") + place


def body(brief: Brief) -> str:
    """The whole brief, in the order in which it is needed."""
    text = "\n".join(_lines(brief))
    return text if len(text) <= BODY_LIMIT else text[: BODY_LIMIT - 1] + "…"


def plain_body(brief: Brief) -> str:
    """Fixed keys only."""
    lines = [
        brief.headline,
        "",
        f"type: {brief.finding_type}",
        f"severity: {brief.severity_label}",
        f"account: {brief.account_in_words}",
        f"region: {brief.region}",
        f"id: {brief.finding_id}",
    ]
    if brief.link:
        lines.append(f"open: {brief.link.url}")
    if brief.raw:
        lines += ["", quoted(brief.raw)]
    return "\n".join([*lines, "", "The full message could not be made; this is the plain form.", _from(brief)])


def quoted(words: str) -> str:
    """Words of others that have line ends, marked on each line: none of them can be taken for a section of ours."""
    return "\n".join(f"> {line}" for line in words.splitlines())


def _lines(brief: Brief) -> Iterator[str]:
    yield f"{brief.severity_label.upper()} | account {brief.account_in_words} | {brief.region}" + (
        " | SAMPLE" if brief.sample else ""
    )
    yield ""
    yield brief.headline
    if brief.egress:
        yield brief.egress.sentence
    for note in brief.notes:
        yield ""
        yield note
    if brief.steps:
        yield from ("", "WHAT TO DO NOW")
    for number, step in enumerate(brief.steps, start=1):
        yield ""
        yield f"{number}. {step.text}"
        for link in step.links:
            yield f"   {link.label}: {link.url}"
        for snippet in step.snippets:
            yield f"   {snippet.label}:"
            # At the margin, so that it can be copied as it stands.
            yield from snippet.text.splitlines()
    for section in brief.sections:
        yield from ("", section.title.upper())
        width = max(len(fact.label) for fact in section.facts)
        for fact in section.facts:
            yield f"  {fact.label + ':':<{width + 1}} {fact.value}"
    if brief.description:
        yield from ("", "GUARDDUTY SAYS", quoted(brief.description))
    if brief.raw:
        yield from ("", "WHAT CAME", quoted(brief.raw))
    yield from ("", _from(brief))


def _from(brief: Brief) -> str:
    return f"-- sent by the detection stack {brief.deployment}"
