"""The process, looked up in Slack by people of a running bot, and the news of another playbook."""

from pathlib import Path

from tests.domain.playbooks import copy_with
from tests.running import ANNA, BEN, PATIENCE, Running, words_of


async def test_the_list_opens_the_page_of_a_stage(running: Running) -> None:
    ben = running.as_(BEN)
    listed = await ben.slash("/rain-process")
    assert listed
    assert "4. Proposal  ·  delivery  ·  10 working days" in words_of(listed)
    page = await opened(running, "proposal")
    assert "Delivery" in words_of(page)
    assert "The proposal says objective, content, method, outcome and budget" in words_of(page)
    await ben.choose(page, "process.open_page", "quote")
    page = await ben.wait_for_modal("Set the price")
    assert "finance within" in words_of(page)
    assert len((await ben.state())["stack"]) == 1


async def opened(running: Running, words: str) -> dict[str, object]:
    """The page that Ben's words lead to."""
    await running.as_(BEN).slash("/rain-process", words)
    return await running.as_(BEN).wait_for_modal("To leave this stage")


async def test_a_search_lists_what_speaks_of_the_words(running: Running) -> None:
    ben = running.as_(BEN)
    listed = await ben.slash("/rain", "process client")
    assert listed
    assert "*Client confirmation*  ·  Sales" in words_of(listed)
    assert "Nothing in the process speaks of “zeppelin”." in words_of(await ben.slash("/rain-process", "zeppelin"))


async def test_the_chart_arrives_in_the_messages_of_who_asked_for_it(running: Running) -> None:
    ben = running.as_(BEN)
    page = await opened(running, "proposal")
    await ben.click(page, "Show the chart")
    assert "The chart comes in your messages" in words_of(await ben.wait_for_modal("The chart comes"))
    message = await ben.wait_for(lambda m: bool(m.get("files")), timeout=PATIENCE)
    assert [(file["name"], file["title"]) for file in message["files"]] == [("process.png", "How we work: Proposal")]
    assert "in your messages" in words_of(await ben.slash("/rain-process", "chart"))
    await ben.wait_for(lambda m: [f["title"] for f in m.get("files") or []] == ["How we work"], timeout=PATIENCE)


async def test_admins_hear_of_another_playbook_when_the_bot_is_started_with_it(
    running: Running, tmp_path: Path
) -> None:
    other = copy_with(tmp_path, "sales", 'title = "Write it"', 'title = "Write the proposal"')
    running.overrides["rainmaker_playbook"] = str(other)
    await running.restart()
    told = await running.as_(ANNA).wait_for("The playbook has changed")
    assert "Write it → Write the proposal" in words_of(told)
