"""Small valid Block Kit payloads for the validator's tests to start from."""


def plain(text="Hello"):
    return {"type": "plain_text", "text": text}


def mrkdwn(text="*Hello*"):
    return {"type": "mrkdwn", "text": text}


def section(text="Hello", **more):
    return {"type": "section", "text": mrkdwn(text), **more}


def button(**more):
    return {"type": "button", "text": plain("Approve"), **more}


def image(**more):
    return {"type": "image", "image_url": "https://example.com/logo.png", "alt_text": "Our logo", **more}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def rich_text(*inline):
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(inline)}]}


def rich_list(**more):
    item = {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [item], **more}],
    }


def cell(text="Acme"):
    return {"type": "raw_text", "text": text}


def table(rows=2, columns=2, text="Acme", **more):
    return {"type": "table", "rows": [[cell(text)] * columns for _ in range(rows)], **more}


def data_table(rows=2, columns=2, text="Acme", **more):
    return {**table(rows, columns, text), "type": "data_table", "caption": "Pipeline", **more}


def chart(chart, title="Pipeline"):
    return {"type": "data_visualization", "title": title, "chart": chart}


def pie(*values):
    return chart({"type": "pie", "segments": [{"label": f"S{n}", "value": value} for n, value in enumerate(values)]})


def bars(*names, categories=("Q1", "Q2"), labels=("Q1", "Q2"), **axis):
    points = [{"label": label, "value": -3.5} for label in labels]
    series = [{"name": name, "data": points} for name in names]
    return chart({"type": "bar", "series": series, "axis_config": {"categories": list(categories), **axis}})


def card(**more):
    return {"type": "card", "title": mrkdwn("Acme"), **more}


def container(*children, **more):
    return {"type": "container", "title": plain("Lead"), "child_blocks": list(children), **more}


def task(task_id="t1", **more):
    return {"type": "task_card", "task_id": task_id, "title": "Look up", "status": "complete", **more}


def plan(*tasks):
    return {"type": "plan", "title": "Research", "tasks": list(tasks)}


def video(**more):
    return {
        "type": "video",
        "alt_text": "",
        "title": plain("Tour"),
        "video_url": "https://example.com/tour",
        "thumbnail_url": "https://example.com/tour.png",
        **more,
    }


INPUT_BLOCK = {"type": "input", "label": plain("Client"), "element": {"type": "plain_text_input"}}
MARKDOWN = {"type": "markdown", "text": "# Hello"}
FEEDBACK = {
    "type": "feedback_buttons",
    "positive_button": {"text": plain("Good"), "value": "good"},
    "negative_button": {"text": plain("Bad"), "value": "bad", "accessibility_label": "Bad answer"},
}
TRASH = {"type": "icon_button", "icon": "trash", "text": plain("Delete"), "visible_to_user_ids": ["U1"]}
