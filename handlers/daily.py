"""The daily question: answers, and what is decided about them."""

from bot.messages.buttons import (
    AddToAnswer,
    AnotherQuestion,
    AnswerLater,
    BackToQuestion,
    EditAnswer,
    KeepAnswer,
    LeaveAnswer,
    NotToday,
    PickChoice,
    PutOff,
    RemoveTyped,
    ReplaceAnswer,
    ShareAnswer,
    UnshareAnswer,
)
from bot.messages.markup import clean
from bot.practice import answering, daily, journal, preferences, setup, weekly_words
from bot.practice.refusals import WrongKind
from handlers.context import Context
from storage import expectations
from storage.daily import Given
from storage.tables import Checkin


def today(context: Context) -> None:
    """/today: the current card in its state."""
    checkin = daily.current_checkin(context.session, context.person, now=context.now)
    if checkin is None:
        context.send("daily.nothing")
    else:
        _answers_now(context)
        context.send(*daily.state_card(context.session, checkin))


# -- answering


def answer(context: Context) -> None:
    """Words or a voice note that nothing else was asked for. Refuses: NothingOpen, Closed, TooLong, WrongKind."""
    given = _given(context)
    checkin = answering.asked_for(
        context.session, context.person, replied_to=context.arrived.replied_to, now=context.now
    )
    if answering.give_answer(context.session, checkin, given):
        context.send("daily.mine", checkin.id)
        _go_on(context, checkin)
    else:
        _answers_now(context)  # more words go with these
        context.send("daily.replace", checkin.id)


def say_anew(context: Context) -> None:
    """New words after [Edit]."""
    checkin = answering.awaited_checkin(context.session, context.person, now=context.now)
    if checkin is None:
        answer(context)
        return
    answering.replace_answer(context.session, checkin, _given(context))
    context.send("daily.mine", checkin.id)


def pick(context: Context, button: PickChoice) -> None:
    """A choice."""
    checkin = answering.pick_choice(
        context.session,
        context.person,
        button.checkin_id,
        changes=button.changes,
        number=button.number,
        library=context.library,
        now=context.now,
    )
    _show_state(context, checkin)
    _go_on(context, checkin)


def edit(context: Context, button: EditAnswer) -> None:
    """[Edit]."""
    begun = answering.start_edit(context.session, context.person, button.checkin_id, now=context.now)
    context.show("daily.edit" if begun else "daily.replace", button.checkin_id)


def replace(context: Context, button: ReplaceAnswer) -> None:
    """[Replace my answer]."""
    done = answering.replace_with_held(
        context.session, context.person, button.checkin_id, mark=button.mark, now=context.now
    )
    context.show("daily.mine" if done else "daily.replace", button.checkin_id)


def add(context: Context, button: AddToAnswer) -> None:
    """[Add to my answer]."""
    done = answering.add_held(context.session, context.person, button.checkin_id, mark=button.mark, now=context.now)
    context.show("daily.mine" if done else "daily.replace", button.checkin_id)


def leave(context: Context, button: LeaveAnswer) -> None:
    """[Leave it]."""
    done = answering.leave_answer(context.session, context.person, button.checkin_id, mark=button.mark, now=context.now)
    context.show("daily.mine" if done else "daily.replace", button.checkin_id)


# -- deciding


def share(context: Context, button: ShareAnswer) -> None:
    """[Share] under one's own answer; a card that shows earlier words shows the present ones instead."""
    daily.share_answer(context.session, context.person, button.checkin_id, mark=button.mark, now=context.now)
    context.show("daily.mine", button.checkin_id)


def keep(context: Context, button: KeepAnswer) -> None:
    """[Keep for me]."""
    daily.keep_answer(context.session, context.person, button.checkin_id, now=context.now)
    context.show("daily.mine", button.checkin_id)


def unshare(context: Context, button: UnshareAnswer) -> None:
    """[Take back], before it is open."""
    daily.unshare_answer(context.session, context.person, button.checkin_id, now=context.now)
    context.show("daily.mine", button.checkin_id)


def remove(context: Context, button: RemoveTyped) -> None:
    """[Remove my message]."""
    daily.remove_typed(context.session, context.person, button.checkin_id, now=context.now, key=_key(context))
    context.show("daily.mine", button.checkin_id)


# -- another question, later, not today


def another(context: Context, button: AnotherQuestion) -> None:
    """[Another question]: its card is the one that words answer now."""
    _answers_now(context)
    checkin = daily.change_question(
        context.session,
        context.person,
        button.checkin_id,
        changes=button.changes,
        library=context.library,
        random=context.random,
        now=context.now,
    )
    _show_state(context, checkin)


def later(context: Context, button: AnswerLater) -> None:
    """[Later]."""
    checkin = daily.own_checkin(context.session, context.person, button.checkin_id, now=context.now)
    _show_state(context, checkin, "daily.later")


def put_off(context: Context, button: PutOff) -> None:
    """[In an hour] [This evening] [Tomorrow]."""
    checkin = daily.put_off(context.session, context.person, button.checkin_id, button.until, now=context.now)
    _show_state(context, checkin, "daily.put_off")


def not_today(context: Context, button: NotToday) -> None:
    """[Not today]."""
    checkin = daily.skip(context.session, context.person, button.checkin_id, now=context.now)
    _show_state(context, checkin)
    _go_on(context, checkin)


def back(context: Context, button: BackToQuestion) -> None:
    """[Back]."""
    _answers_now(context)
    checkin = daily.go_back(context.session, context.person, button.checkin_id, now=context.now)
    _show_state(context, checkin)


def _answers_now(context: Context) -> None:
    """The card of a question is the newest now: typed words answer it."""
    weekly_words.forget(context.session, context.person)
    asked = (answering.EDIT, journal.NOTE, *preferences.BEFORE_A_QUESTION)
    expectations.forget_kinds(context.session, asked, person_ids=[context.person.id])


def _show_state(context: Context, checkin: Checkin, unanswered: str | None = None) -> None:
    """What stands now: an old button may come when the question is answered already."""
    card, about = daily.state_card(context.session, checkin)
    context.show(unanswered if unanswered and card != "daily.mine" else card, about)


def _go_on(context: Context, checkin: Checkin) -> None:
    """After a first question, set-up goes on, whatever became of the question."""
    if checkin.kind == "first" and (checkin.skipped or daily.is_answered(context.session, checkin)):
        setup.first_answered(context.session, context.person, now=context.now, key=f"{_key(context)}:next")


def _given(context: Context) -> Given:
    """What came, without what could disturb a card. Refuses: WrongKind."""
    words = clean(context.text)
    if not words and context.arrived.voice is None:
        raise WrongKind
    return Given(words=words, voice=context.arrived.voice or "", typed=str(context.arrived.typed_id or ""))


def _key(context: Context) -> str:
    return f"u{context.arrived.update_id}:d"
