"""What Discord lets a webhook do that a bot made, and simcord does not yet: buttons, and threads of a forum.

And what it keeps from a bot without the privileged intent: what anybody else wrote, webhooks included.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from simcord.backend import errors
from simcord.http import router
from simcord.http._helpers import bot_message, message_edit_changes, message_response
from simcord.http.router import RequestContext

EXECUTE = ("POST", "webhooks/{webhook_id}/{token}")
READ = ("GET", "webhooks/{webhook_id}/{token}/messages/{message_id}")
HISTORY = ("GET", "channels/{channel_id}/messages")
EDIT = ("PATCH", "webhooks/{webhook_id}/{token}/messages/{message_id}")


@contextmanager
def webhooks_as_discord_has_them() -> Iterator[None]:
    """Until the end of the block, simcord's webhooks can do what a bot's own can."""
    before = {method: list(routes) for method, routes in router._ROUTES.items()}
    for (method, path), ours in ((EXECUTE, _execute), (READ, _read), (EDIT, _edit), (HISTORY, None)):
        parts = path.split("/")
        theirs = next(handler for template, handler in router._ROUTES[method] if template == parts)
        handler = _unless_interaction(ours, theirs) if ours else _without_the_words_of_others(theirs)
        router._ROUTES[method].insert(0, (parts, handler))
    try:
        yield
    finally:
        router._ROUTES.update(before)


def _unless_interaction(ours: router.Handler, theirs: router.Handler) -> router.Handler:
    def handle(ctx: RequestContext) -> Any:
        return (theirs if ctx.args["token"] in ctx.backend.interaction_tokens else ours)(ctx)

    return handle


def _without_the_words_of_others(theirs: router.Handler) -> router.Handler:
    def handle(ctx: RequestContext) -> Any:
        messages = theirs(ctx)
        for message in messages:
            if int(message["author"]["id"]) != ctx.backend.bot_user.id:
                message.update(content="", components=[], embeds=[], attachments=[])
        return messages

    return handle


def _execute(ctx: RequestContext) -> Any:
    webhook, body = _webhook(ctx), dict(ctx.body())
    channel_id = webhook.channel_id
    name, tags = body.pop("thread_name", None), body.pop("applied_tags", [])
    if name is not None:
        thread = ctx.backend.create_thread(
            channel_id, name, webhook.webhook_user_id, applied_tags=[int(tag) for tag in tags], broadcast=False
        )
        ctx.backend.announce_thread_create(thread)
        channel_id = thread.id
    author_id = webhook.webhook_user_id
    message = bot_message(ctx, channel_id, author_id=author_id, webhook_id=webhook.id, body=body, webhook_execute=True)
    return message_response(ctx, message, exempt_root=True)


def _read(ctx: RequestContext) -> Any:
    return message_response(ctx, _message(ctx), exempt_root=True)


def _edit(ctx: RequestContext) -> Any:
    message = _message(ctx)
    changes = message_edit_changes(ctx, message, body=dict(ctx.body()))
    return message_response(ctx, ctx.backend.edit_message(message.channel_id, message.id, changes), exempt_root=True)


def _webhook(ctx: RequestContext) -> Any:
    webhook_id = ctx.backend.webhook_tokens.get(ctx.args["token"])
    if webhook_id is None or webhook_id != ctx.int_arg("webhook_id"):
        raise errors.unknown_webhook()
    return ctx.backend.webhooks[webhook_id]


def _message(ctx: RequestContext) -> Any:
    webhook = _webhook(ctx)
    message = ctx.backend.get_message(int(ctx.params.get("thread_id") or webhook.channel_id), ctx.int_arg("message_id"))
    if message.webhook_id != webhook.id:
        raise errors.unknown_message()
    return message
