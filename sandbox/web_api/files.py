"""files.*: the three steps of an upload, and what is known of a file."""

import mimetypes
import secrets

from sandbox import messages
from sandbox.model import Channel, File, Json, Team
from sandbox.shapes import file_object
from sandbox.web_api.call import Call, invalid, missing
from sandbox.web_api.chat import author, checked_content
from sandbox.web_api.registry import method
from sandbox.world import SlackError, World, find_channel, new_id


def new_file(world: World, team: Team, user: str, name: str, size: int) -> File:
    file = File(
        id=new_id("F0"),
        name=name,
        title=name,
        user=user,
        size=size,
        mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream",
        created=world.clock.now(),
    )
    team.files[file.id] = file
    return file


@method("files.getUploadURLExternal", scope="files:write", tier=4)
def get_upload_url(call: Call) -> Json:
    length = call.number("length", 0)
    if length <= 0:
        raise invalid("must be more than 0: length")
    file = new_file(call.world, call.team, call.bot.id, call.text("filename"), length)
    ticket = call.blobs.expect(call.team.id, file.id, secrets.token_urlsafe(24))
    return {"upload_url": f"{call.world.base_url}/upload/{ticket}", "file_id": file.id}


@method("files.completeUploadExternal", scope="files:write", tier=4)
def complete_upload(call: Call) -> Json:
    files = [uploaded(call, given) for given in call.objects("files")]
    if not files:
        raise missing("files")
    for channel in upload_targets(call):
        fields = checked_content({"text": call.text("initial_comment", ""), "blocks": call.args.get("blocks")})
        fields |= {"files": [file.id for file in files], "thread_ts": call.text("thread_ts", "") or None}
        messages.post(call.world, call.team, channel, **author(call), **fields)
    return {"files": [file_object(call.world, call.team, file) for file in files]}


def uploaded(call: Call, given: Json) -> File:
    file = call.team.files.get(str(given.get("id", "")))
    if file is None or call.blobs.get(call.team.id, file.id) is None:
        raise SlackError("file_not_found")
    file.title = given.get("title") or file.title
    return file


def upload_targets(call: Call) -> list[Channel]:
    names = call.names("channels") or [call.text("channel_id", "")]
    channels = [find_channel(call.team, name) for name in names if name]
    for channel in channels:
        if call.bot.id not in channel.members:
            raise SlackError("not_in_channel" if channel.kind == "public" else "channel_not_found")
    return channels


@method("files.info", scope="files:read", tier=4)
def info(call: Call) -> Json:
    return {"file": file_object(call.world, call.team, found(call)), "comments": []}


@method("files.list", scope="files:read", tier=3)
def list_files(call: Call) -> Json:
    channel = call.text("channel", "")
    files = [file for file in call.team.files.values() if file.shared and (not channel or channel in file.channels)]
    count, page = max(call.number("count", 100), 1), max(call.number("page", 1), 1)
    shown = files[(page - 1) * count : page * count]
    paging = {"count": count, "total": len(files), "page": page, "pages": -(-len(files) // count)}
    return {"files": [file_object(call.world, call.team, file) for file in shown], "paging": paging}


@method("files.delete", scope="files:write", tier=3)
def delete(call: Call) -> Json:
    file = found(call)
    if file.user != call.bot.id:
        raise SlackError("cant_delete_file")
    for channel in call.team.channels.values():
        for message in channel.messages.values():
            message.files = [known for known in message.files if known != file.id]
    del call.team.files[file.id]
    call.blobs.drop(call.team.id, file.id)
    return {}


def found(call: Call) -> File:
    file = call.team.files.get(call.text("file"))
    if file is None:
        raise SlackError("file_not_found")
    return file
