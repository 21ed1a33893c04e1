"""What Twilio's own Python package says about calls: one JSON object a line in, one a line out.

In: token, url, fields (a list of names and values) or body (text), algorithm (or none), signature (or none).
Out: signature, as the package computes it for the address as it stands; valid, whether it believes the one given.
"""

import json
import sys

from twilio.request_validator import RequestValidator


class Form(dict):
    """A form whose fields may come more than once, as web frameworks hand it to the package."""

    def __init__(self, pairs):
        super().__init__(pairs)
        self.pairs = pairs

    def getall(self, name):
        return [value for known, value in self.pairs if known == name]


for line in sys.stdin:
    call = json.loads(line)
    validator = RequestValidator(call["token"])
    algorithm = call.get("algorithm")
    content = call["body"] if "body" in call else Form(call["fields"])
    covered = {} if "body" in call else content
    print(
        json.dumps(
            {
                "signature": validator.compute_signature(call["url"], covered, algorithm),
                "valid": "signature" in call
                and validator.validate(call["url"], content, call["signature"], algorithm),
            }
        )
    )
