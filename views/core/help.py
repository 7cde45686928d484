"""The help card: what people can type, with examples and buttons, and what is said to a word nobody knows."""

from collections.abc import Collection

from domain.core.language import _
from domain.core.messages import Hint, NothingFound
from domain.core.people import Role, may
from views import ids, kit
from views.kit import Block, Mrkdwn, View, say
from views.shown import shows


def help_words(roles: frozenset[Role]) -> tuple[str, ...]:
    """The words after `/rain` that the help card explains to somebody: of those with an example, what they may do; to guests none."""
    if Role.COLLEAGUE not in roles:
        return ()
    shown = (command for command in ids.noun_commands() if command.example is not None)
    return tuple(command.word for command in shown if command.needs is None or may(roles, command.needs))


def help_card(words: Collection[str]) -> list[Block]:
    """What Rainmaker understands: a line for each of these words after `/rain`, and buttons; without words, that it is not for guests."""
    if not words:
        return [kit.section(say(_("Guests can't use Rainmaker. Please ask a colleague.")))]
    lines = [_example(command) for command in ids.noun_commands() if command.word in words]
    anywhere = say(
        _("Or send me a name or a code, such as *L-12*. *Capture lead* is also in the menu of every message.")
    )
    buttons = kit.actions(
        kit.button(ids.PRESS_CAPTURE, _("Capture a lead"), style="primary"),
        kit.button(ids.PRESS_MY_LEADS, _("My leads")),
        kit.button(ids.PRESS_MY_DEALS, _("My deals")),
        kit.button(ids.PRESS_AWAY, _("I am away")),
    )
    hello = say(_("Hi! I work with commands. Try one:"))
    return [kit.section(Mrkdwn("\n".join([hello, *lines, anywhere]))), buttons]


def _example(command: ids.Command) -> Mrkdwn:
    typed = f"{ids.RAIN} {command.word} {command.example}".strip()
    return say("• `{typed}`  {does}", typed=typed, does=command.description)


def help_modal(roles: frozenset[Role]) -> View:
    """The help card in a modal."""
    return kit.modal(ids.SHOW_HELP, _("Help"), help_card(help_words(roles)))


def help_on(word: str, roles: frozenset[Role]) -> list[Block]:
    """What may be typed after one command, or the help card where the word is none."""
    command = next((command for command in ids.noun_commands() if command.word == word.casefold()), None)
    if command is None:
        return help_card(help_words(roles))
    ways = [way.strip() for way in command.usage.split("|")] if command.usage else [""]
    lines = [say("• `{typed}`", typed=f"{command.name} {way}".strip()) for way in ways]
    return [kit.section(Mrkdwn("\n".join([say("*{does}*", does=command.description), *lines])))]


def unknown_words(words: str, nearest: str | None) -> Mrkdwn:
    """Answers words after `/rain` that are no command: with the one that may be meant, ready to copy, or with all."""
    first, rest = (*words.split(maxsplit=1), "")[:2]
    if nearest is None:
        known = ", ".join(f"`{ids.RAIN} {word}`" for word in ids.words())
        return say(_("I don't know this word. Try one of these: {known}"), known=Mrkdwn(known))
    typed = kit.cut(f"{ids.RAIN} {nearest} {rest}".strip(), kit.MOST_TEXT // 8)
    return say(_("I don't know “{word}”. Did you mean `{typed}`?"), word=kit.cut(first, 40), typed=typed)


shows(Hint)(lambda facts, _playbook, _sentence: help_card(facts["words"]))
shows(NothingFound)(lambda _facts, _playbook, sentence: [kit.section(sentence, kit.button(ids.PRESS_HELP, _("Help")))])
