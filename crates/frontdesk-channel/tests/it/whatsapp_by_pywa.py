"""What `pywa`, the WhatsApp package, makes of calls: one JSON object a line comes in, {"secret", "body", "signature"}; one
goes out, {"valid": what its validator says, "read": what it reads in the body}. With {"secret", "body"} alone: {"signature":
what WhatsApp would sign, by the algorithm its validator checks}."""
import hashlib, hmac, json, logging, sys

from pywa import WhatsApp, types, utils

logging.disable(logging.CRITICAL)
seen = []
client = WhatsApp(
    phone_id="106540352242922", token="t", server=None, verify_token="v", app_secret="s", skip_duplicate_updates=False
)


@client.on_message
def _(_, message: types.Message):
    file = message.media.id if message.has_media else None
    seen.append(["message", message.id, message.from_user.wa_id, message.text or message.caption, file])


@client.on_callback_button
def _(_, tap: types.CallbackButton):
    seen.append(["button", tap.id, tap.from_user.wa_id, tap.data, tap.title])


@client.on_callback_selection
def _(_, tap: types.CallbackSelection):
    seen.append(["row", tap.id, tap.from_user.wa_id, tap.data, tap.title])


@client.on_message_status
def _(_, status: types.MessageStatus):
    code = status.error.code if status.error else None
    seen.append(["status", status.id, status.from_user.wa_id, status.status.value, status.tracker, code])


@client.on_template_status_update
def _(_, update: types.templates.TemplateStatusUpdate):
    seen.append(["template", update.template_name, update.new_status.value])


for line in sys.stdin:
    call = json.loads(line)
    body = call["body"].encode()
    if "signature" not in call:
        signature = "sha256=" + hmac.new(call["secret"].encode(), body, hashlib.sha256).hexdigest()
        assert utils.webhook_updates_validator(call["secret"], body, signature)
        print(json.dumps({"signature": signature}))
        continue
    seen.clear()
    valid = utils.webhook_updates_validator(call["secret"], body, call["signature"])
    client.webhook_update_handler(body)
    print(json.dumps({"valid": valid, "read": seen}))
