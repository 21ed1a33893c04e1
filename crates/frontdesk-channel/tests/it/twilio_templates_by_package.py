"""Twilio's own Python package as a client of the simulated account: it makes a template, hands it in, and lists all.

Arguments: the simulator's address, the account's id, its token. Out: the templates as the package read them, in JSON.
"""

import json
import sys
from urllib.parse import urlsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.rest.content.v1.content import ContentList
from twilio.rest.content.v1.content.approval_create import ApprovalCreateList

address, account, token = sys.argv[1:]


class Nearby(TwilioHttpClient):
    """Sends every request to the simulator instead of the vendor."""

    def request(self, method, url, *rest, **options):
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        return super().request(method, f"{address}{parts.path}{query}", *rest, **options)


content = Client(account, token, http_client=Nearby()).content.v1
made = content.contents.create(
    ContentList.ContentCreateRequest(
        {
            "friendly_name": "by_package",
            "language": "en",
            "variables": {"1": "Ana"},
            "types": {"twilio/text": {"body": "Hello {{1}}!"}},
        }
    )
)
content.contents(made.sid).approval_create.create(
    ApprovalCreateList.ContentApprovalRequest({"name": "by_package", "category": "UTILITY"})
)
fetched = content.contents(made.sid).approval_fetch().fetch()
listed = content.content_and_approvals.list(page_size=2)
print(
    json.dumps(
        {
            "made": made.sid,
            "status": fetched.whatsapp["status"],
            "listed": [
                {"sid": one.sid, "types": one.types, "approval": one.approval_requests, "language": one.language}
                for one in listed
            ],
        }
    )
)
