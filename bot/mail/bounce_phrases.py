"""The words by which delivery reports in no standard form are known.

Patterns without nested repeats: linear.
"""

import re

MACHINE_NAMES = re.compile(
    r"mailer[-_ .]?daemon|post[-_ ]?master|mail delivery (?:sub)?system|mail administrator|\bmdaemon"
    r"|mail[-_ ]?router"
    r"|delivery (?:status|subsystem)|\bmailer@|\bmail-?daemon|system\s?administrator|mail (?:system"
    r"|server)\b|returned mail",
    re.IGNORECASE,
)

FAILED_SUBJECTS = re.compile(
    r"undeliver(?:able|ed)|delivery (?:status notification|failure|failed|problem|report|error|has failed)"
    r"|returned (?:mail|to sender)|returning (?:mail|message)|failure notice"
    r"|mail (?:delivery )?(?:failed|failure|error|system error)"
    r"|non[- ]?deliver|could not be delivered|message (?:status|delayed)|delivery delayed"
    r"|warning: (?:message|could)"
    r"|nondeliverable|mail not delivered|mail delivery warning|processing error|user unknown"
    r"|permanent (?:delivery )?(?:error|fail)"
    r"|kan ikke leveres|ikke leveret|kunne ikke leveres|ikke levert|kunne ikkje leverast|fejl ved levering"
    r"|kan inte levereras|kunde inte levereras|olevererbar|obeställbar"
    r"|unzustellbar|nicht zugestellt|zustellung fehlgeschlagen|toimitus epäonnistui|ei voitu toimittaa",
    re.IGNORECASE,
)

EVIDENCE = re.compile(
    r"this is the qmail-send program|undeliver(?:able|ed)|(?:could|can)\s?not be delivered"
    r"|couldn't be delivered"
    r"|delivery (?:to the following|has failed|failed|attempt)|permanent (?:fatal )?error"
    r"|user unknown|unknown user"
    r"|no such (?:user|recipient|mailbox)|mailbox (?:unavailable|is full|full|not found)"
    r"|recipient (?:rejected|unknown|address rejected)"
    r"|message was not (?:received|delivered)|not delivered to|unable to deliver"
    r"|address(?:es)? (?:failed|not found)"
    r"|quota exceeded|account (?:is )?(?:disabled|inactive)|does not exist",
    re.IGNORECASE,
)

DELAYED = re.compile(
    r"\bdelayed\b|will be retried|will (?:keep|continue) (?:trying|to try)|still trying"
    r"|temporarily (?:deferred|unable)"
    r"|no need to (?:resend|retransmit)|(?:do not|don't) need to (?:resend|retransmit|send)"
    r"|this is a warning message only|has not yet been delivered"
    r"|delivery attempts will continue|warning message only|forsinket|försenad|verzögert",
    re.IGNORECASE,
)

ORIGINAL_BEGINS = re.compile(
    r"^[-_=* >]{0,40}\s*(?:this is a copy of (?:the|your) message|below this line is (?:a|the) copy"
    r"|original message|"
    r"(?:unsent|returned|undelivered) message (?:follows|is|below|text)|message (?:header|text"
    r"|contents?) follows|"
    r"(?:the )?(?:header|text|first \d+ lines) of (?:the|your) (?:original )?message|copy of (?:the"
    r"|your) (?:original )?message|"
    r"your (?:original )?message (?:follows|reads|begins)|(?:the )?original message (?:follows|was|headers)|"
    r"received: (?:from|by)\b|return-path:)",
    re.IGNORECASE,
)
