"""Talking: from a step to the message that asks it, and the state that waits for the answer."""

from dataclasses import replace
from functools import reduce

from handlers import danger_wording, report_wording, wording
from handlers.conversation.flows import order, questions, report
from handlers.conversation.flows.facts import helpline_for, noted
from handlers.conversation.flows.report import Missed
from handlers.conversation.progress import Draft, Progress, Step
from handlers.conversation.setting import Effect, Setting, Turn
from handlers.i18n import Field, Phrase
from handlers.messages import Reply
from handlers.sms_length import sentences


def say(setting: Setting, phrase: Phrase, **fields: Field) -> Reply:
    return setting.voice.reply(phrase, fields)


def combine(intro: Reply, reply: Reply) -> Reply:
    """Put two replies into one message; what has no words for SMS goes without there, as parts cost money."""
    return replace(reply, text=f"{intro.text}\n\n{reply.text}", short=sentences(intro.short, reply.short))


def in_chat_only(reply: Reply) -> Reply:
    """Return a remark that an SMS does without."""
    return replace(reply, short="")


def asking(
    at: Progress,
    draft: Draft,
    step: Step,
    setting: Setting,
    *,
    intro: Reply | None = None,
    instead: Reply | None = None,
) -> Turn:
    """Ask a step's question. `intro` goes before it, `instead` takes the place of its usual wording."""
    is_new = step is not at.step
    misses = 0 if is_new else at.misses
    reply = instead or questions.ask(step, draft, setting, misses)
    asked = at.asked + 1
    trail = (*at.trail, at.step) if is_new and at.step and at.step not in _NOT_GONE_BACK_TO else at.trail
    progress = replace(
        at,
        draft=draft,
        step=step,
        trail=tuple(before for before in trail if before is not step)[-10:],
        aside=_aside(at, step),
        asked=asked,
        choices=reply.choices,
        misses=misses,
    )
    reply = replace(reply, question=str(asked))
    return Turn(progress, (combine(intro, reply) if intro else reply,))


def _aside(at: Progress, step: Step) -> Step | None:
    """Return the question to come back to, while one about the conversation itself is open."""
    if step not in (Step.DISCARD, Step.RESUME):
        return None
    return at.aside if at.step in (Step.DISCARD, Step.RESUME) else at.step


def again(
    at: Progress, draft: Draft, setting: Setting, *, intro: Reply | None = None, instead: Reply | None = None
) -> Turn:
    """Ask the open question once more."""
    if at.step is None:
        return Turn(replace(at, draft=draft))
    return asking(at, draft, at.step, setting, intro=intro, instead=instead)


#: after so many answers that do not fit it is said how to reach a person, who is called by who asks for one only
MISSES_TO_HUMAN = 2
#: questions that only what they offer answers; asked again they are introduced in other words
_ONE_OF_SEVERAL = frozenset(
    {Step.WHICH_AREA, Step.POINT, Step.PRIVACY, Step.EDIT, Step.CATEGORY, Step.DISCARD, Step.RESUME}
)
#: questions that are about the conversation itself
_NOT_GONE_BACK_TO = frozenset(
    {Step.DISCARD, Step.RESUME, Step.EDIT, Step.SUMMARY, Step.POINT, Step.WHICH_AREA}
)


def between(at: Progress, setting: Setting, *outputs: Reply | Effect) -> Turn:
    """Say something in between and return to the open question, in one message where that can be."""
    if at.step is None or at.draft is None:
        return Turn(at, outputs)
    *before, last = outputs or (None,)
    intro = last if isinstance(last, Reply) else None
    turn = again(at, at.draft, setting, intro=intro)
    return Turn(turn.progress, (*(outputs if intro is None else before), *turn.outputs))


def emergency_numbers(setting: Setting) -> str:
    """Return "110 (Polisi), 113 (Pemadam kebakaran)"."""
    numbers = setting.knowledge.deployment.emergency.numbers
    return ", ".join(f"{entry.number} ({entry.name[setting.voice.language]})" for entry in numbers)


def alarmed(turn: Turn, text: str, setting: Setting) -> Turn:
    """Tell the numbers to call first, where a text that waits tells of danger."""
    if not setting.knowledge.classifier.read(text).is_emergency:
        return turn
    return Turn(turn.progress, (emergency(text, setting), *turn.outputs))


def emergency(text: str, setting: Setting) -> Reply:
    """Tell whom to call in the danger that a text tells of."""
    numbers, helpline = emergency_numbers(setting), helpline_for(text, setting)
    if helpline is None:
        return say(setting, wording.EMERGENCY, numbers=numbers)
    return say(
        setting,
        danger_wording.DESPAIR if helpline.is_for_despair else danger_wording.HELPLINE,
        numbers=numbers,
        calls="/".join(entry.number for entry in setting.knowledge.deployment.emergency.numbers),
        helpline=helpline.number,
        line=helpline.name[setting.voice.language],
    )


def is_alarming(before: Draft, draft: Draft, setting: Setting) -> bool:
    """Tell whether a draft now tells of a danger that it did not tell of before."""
    told = {helpline_for(part, setting) for part in (before.description, *before.description.splitlines())}
    is_another = helpline_for(_added_words(before, draft), setting) not in {None, *told}
    return (draft.is_emergency and not before.is_emergency) or is_another


def _added_words(before: Draft, draft: Draft) -> str:
    """Return what was told since; where that is something else, all of it."""
    return draft.description.removeprefix(before.description).strip()


def shielded(setting: Setting) -> Reply:
    """Say that a report of suspected abuse is kept secret."""
    deployment = setting.knowledge.deployment
    agency = deployment.agency_by_code[deployment.integrity.agency].short_name
    return say(setting, wording.SHIELDED, agency=agency)


def cleared(at: Progress) -> Progress:
    """Return the state with nothing open; what is known of the person stays."""
    return Progress(
        asked=at.asked,
        last_press=at.last_press,
        is_greeted=at.is_greeted,
        was_rude=at.was_rude,
        is_language_chosen=at.is_language_chosen,
        filed=at.filed,
        kept=at.kept,
    )


def introduced(turn: Turn, intro: Reply) -> Turn:
    """Put a remark before the last thing that a turn says; numbers to call in danger stay first."""
    last = max((at for at, output in enumerate(turn.outputs) if isinstance(output, Reply)), default=None)
    if last is None:
        return turn
    said = turn.outputs[last]
    assert isinstance(said, Reply)  # noqa: S101 - it is the one found
    return replace(turn, outputs=(*turn.outputs[:last], combine(intro, said), *turn.outputs[last + 1 :]))


def human_contact(setting: Setting) -> str:
    return setting.knowledge.deployment.human_contact[setting.voice.language]


def advance(
    at: Progress,
    before: Draft,
    draft: Draft,
    step: Step | None,
    setting: Setting,
    *,
    note: Reply | None = None,
) -> Turn:
    """Go on to the next question, saying first what cannot wait."""
    first: list[Reply] = []
    intros: list[Reply] = []
    if is_alarming(before, draft, setting):
        first.append(emergency(_added_words(before, draft), setting))
    if draft.is_integrity and not before.is_integrity:
        intros.append(shielded(setting))
    if not before.description and (facts := noted(draft, setting)):
        phrase = wording.NOTED if at.is_greeted else wording.NOTED_AND_NOTICE
        intros.append(in_chat_only(say(setting, phrase, facts=facts)))
        at = replace(at, is_greeted=True)
        intros.extend(_other_problems(draft, setting))
    elif not at.is_greeted:
        intros.append(in_chat_only(say(setting, wording.HIDDEN_NOTICE)))
        at = replace(at, is_greeted=True)
    if note is not None:
        intros.append(note)
    intro = reduce(combine, intros) if intros else None
    turn = asking(at, draft, step or order.next_step(draft, setting), setting, intro=intro)
    return Turn(turn.progress, (*first, *turn.outputs))


def _other_problems(draft: Draft, setting: Setting) -> list[Reply]:
    """Say which of several problems told at once want a report each; the coordinator reads of all of them anyway."""
    known = setting.knowledge.deployment.category_by_code
    problems = setting.knowledge.classifier.problems(draft.description)
    others = [known[code].name[setting.voice.language] for code in problems if code != draft.category]
    if draft.category not in problems or not others or draft.is_emergency:
        return []
    return [in_chat_only(say(setting, wording.ONE_EACH, others="; ".join(others)))]


def too_long(text: str, setting: Setting) -> Reply | None:
    """Say that a text is too long; None: it is not."""
    limit = setting.knowledge.deployment.intake.max_chars
    return say(setting, wording.TOO_LONG, length=len(text), limit=limit) if len(text) > limit else None


def _added(at: Progress, before: Draft, fuller: Draft, setting: Setting) -> Turn:
    """Say that more of the story is kept. Where it comes in several messages, the question is asked once again only."""
    note, at = say(setting, wording.ADDED_TO_DRAFT), replace(at, misses=0)
    is_grave = is_alarming(before, fuller, setting) or fuller.is_integrity != before.is_integrity
    is_moved = at.step in fuller.done or at.step in (Step.SUMMARY, Step.EDIT)  # what is sent is shown
    if at.added_at == at.asked and not (is_grave or is_moved or setting.is_brief):
        return Turn(replace(at, draft=fuller), (note,))
    step = None if at.step in fuller.done or at.step is Step.EDIT else at.step
    turn = advance(at, before, fuller, step, setting, note=note)
    return Turn(replace(turn.progress, added_at=turn.progress.asked), turn.outputs)


def miss(
    at: Progress, missed: Missed, setting: Setting, text: str = "", *, instead: Reply | None = None
) -> Turn:
    """Ask again in other words (or by `instead`); the third time say how to reach a person as well."""
    fuller = None
    if at.step and not missed.is_outside:
        fuller = report.told_more(at.step, missed.draft, text, setting)
    if fuller is not None:  # no answer, but more of the story: nothing of it is lost
        return _added(at, missed.draft, fuller, setting)
    intro = too_long(text, setting)
    if intro is None and at.misses >= MISSES_TO_HUMAN:
        intro = say(setting, wording.HUMAN, contact=human_contact(setting))
    elif intro is None and text and at.step is Step.SUMMARY:
        intro = say(setting, report_wording.NOT_ADDED)
    elif intro is None and at.step in _ONE_OF_SEVERAL:
        intro = say(setting, wording.UNFIT_PRIVACY if at.step is Step.PRIVACY else wording.UNFIT)
    at = replace(at, draft=missed.draft, misses=at.misses + 1)
    if missed.is_outside:
        instead = questions.outside(setting)
    return again(at, missed.draft, setting, intro=intro, instead=instead)
