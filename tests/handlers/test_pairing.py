from tests.conftest import House
from tests.couples import set_up
from tests.phones import Phone
from tests.steps import agree, invitation, link

DEAD = "This link doesn't work any more."


async def test_from_an_invite_to_the_first_reveal_in_one_sitting(ann: Phone, ben: Phone) -> None:
    await set_up(ann, "Berlin")
    await ann.say("The way you waited for me.")
    await ann.tap("Share")
    await ann.tap("Invite my partner")
    await ben.open(ann.link("Copy link"))
    assert "Someone named Ann invites you to answer short questions, each in private" in ben.last.text
    assert ben.last.labels == ["Accept", "Decline", "Decline and block"]
    await ben.tap("Accept")
    await ben.tap("I agree")
    await ben.say("Lima")
    assert first_question(ben) == first_question(ann)
    assert "Someone named Ben accepted. Is it the person you meant?" in ann.last.text
    await ben.say("Tea in the morning.")
    await ben.tap("Share")
    assert not ben.shows("waited for me")
    await ann.tap("Yes, link us")
    assert ann.shows("You and Ben are linked.")
    assert ben.shows("You and Ann are linked.")
    assert "Tea in the morning." in ann.last.text
    assert "The way you waited for me." in ben.last.text


async def test_an_invite_is_shared_copied_shown_again_and_cancelled(ann: Phone, ben: Phone) -> None:
    await set_up(ann)
    await ann.say("/invite")
    assert ann.last.labels == ["Share link", "Copy link", "Cancel invite"]
    url = ann.link("Copy link")
    assert url.startswith("https://t.me/side_by_side_bot?start=")
    assert ann.link("Share link").startswith("https://t.me/share/url?url=https%3A%2F%2Ft.me%2F")
    await ann.say("/invite")
    assert ann.link("Copy link") == url
    await ann.tap("Cancel invite")
    assert "leads nowhere" in ann.last.text
    await ben.open(url)
    assert ben.last.text.startswith(DEAD)
    await ann.tap("Invite my partner")
    assert ann.link("Copy link") != url


async def test_nobody_is_linked_when_the_inviter_says_no(ann: Phone, ben: Phone) -> None:
    url = await invitation(ann, ben)
    await ben.tap("Accept")
    before = ben.everything()
    await ann.tap("No")
    assert "Nobody is linked" in ann.last.text
    assert ben.everything() == before
    await ben.open(url)
    assert ben.shows(DEAD)
    assert "asked to confirm" in ben.last.text
    await ann.tap("Invite my partner")
    assert ann.offers("Share link")


async def test_an_acceptance_ends_after_48_hours_in_one_neutral_line(ann: Phone, ben: Phone, house: House) -> None:
    await invitation(ann, ben)
    await ben.tap("Accept")
    old = ann.last
    await house.pass_time(hours=49)
    assert ben.shows("has ended without a link")
    await ann.tap("Yes, link us", on=old)
    assert ann.toasts[-1] == "This card is closed."


async def test_an_acceptance_can_be_taken_back_by_button_and_by_command(ann: Phone, ben: Phone) -> None:
    await invitation(ann, ben)
    await ben.tap("Accept")
    await ben.tap("Take it back")
    assert "Taken back" in ben.last.text
    await ann.tap("Yes, link us")
    assert ann.toasts[-1] == "This card is closed."
    await ann.say("/invite")
    await ben.open(ann.link("Copy link"))
    await ben.tap("Accept")
    await ben.start()
    assert "asked to confirm" in ben.last.text
    await ben.say("/cancel")
    assert "Taken back" in ben.last.text
    await ben.tap("Take it back")
    assert ben.toasts[-1] == "This card is closed."


async def test_the_inviter_finds_the_open_question_again(ann: Phone, ben: Phone) -> None:
    await invitation(ann, ben)
    await ben.tap("Accept")
    for command in ("/invite", "/start"):
        await ann.say(command)
        assert ann.last.labels == ["Yes, link us", "No"]


async def test_declining_tells_nobody(ann: Phone, ben: Phone) -> None:
    url = await invitation(ann, ben)
    before = ann.everything()
    await ben.tap("Decline")
    assert "Nobody is told" in ben.last.text
    assert ann.everything() == before
    await ann.say("/invite")
    assert ann.link("Copy link") == url
    await ben.open(url)
    assert ben.last.text.startswith(DEAD)


async def test_a_stranger_can_decline_and_block_without_agreeing_to_anything(ann: Phone, ben: Phone) -> None:
    await set_up(ann)
    await ann.say("/invite")
    await ben.open(ann.link("Copy link"))
    await ben.tap("Decline and block")
    assert "lead nowhere for you" in ben.last.text
    await ann.tap("Cancel invite")
    await ann.say("/invite")
    await ben.open(ann.link("Copy link"))
    assert ben.last.text.startswith(DEAD)


async def test_a_stranger_who_accepted_goes_on_to_the_terms(ann: Phone, ben: Phone) -> None:
    await set_up(ann)
    await ann.say("/invite")
    await ben.open(ann.link("Copy link"))
    await ben.tap("Accept")
    assert ben.last.labels == ["I agree", "Not now"]
    await ben.start()
    assert ben.last.labels == ["I agree", "Not now"]
    await ben.tap("Not now")
    await ben.start()
    assert ben.last.labels == ["Begin", "Privacy"]


async def test_a_stranger_can_leave_an_accepted_invite_by_cancel(ann: Phone, ben: Phone) -> None:
    await set_up(ann)
    await ann.say("/invite")
    await ben.open(ann.link("Copy link"))
    await ben.tap("Accept")
    await ben.say("/cancel")
    assert "Taken back" in ben.last.text
    await ben.start()
    assert ben.offers("Begin")


async def test_somebody_in_the_middle_of_set_up_accepts_and_goes_on(ann: Phone, ben: Phone) -> None:
    await set_up(ann)
    await ann.say("/invite")
    await agree(ben)
    await ben.open(ann.link("Copy link"))
    await ben.tap("Accept")
    assert "What time is it for you now?" in ben.last.text
    await ben.say("Berlin")
    assert ann.offers("Yes, link us")


async def test_the_second_to_accept_learns_that_the_link_is_dead(ann: Phone, ben: Phone, house: House) -> None:
    cleo = house.phone("Cleo")
    await invitation(ann, ben)
    await cleo.open(ann.link("Copy link"))
    await cleo.tap("Accept")
    await cleo.tap("I agree")
    await ben.tap("Accept")
    await cleo.say("Berlin")
    assert cleo.shows(DEAD)
    assert cleo.offers("Not today")
    assert ann.last.text.startswith("Someone named Ben accepted.")


async def test_own_and_linked_links_get_a_clear_sentence(ann: Phone, ben: Phone, house: House) -> None:
    cleo = house.phone("Cleo")
    url = await invitation(ann, ben)
    await ann.open(url)
    assert "This is your own link." in ann.last.text
    await ben.tap("Accept")
    await ann.tap("Yes, link us")
    await set_up(cleo)
    await cleo.say("/invite")
    await ben.open(cleo.link("Copy link"))
    assert "You are linked with somebody already." in ben.last.text
    await ben.say("/invite")
    assert "You are linked with somebody already." in ben.last.text


async def test_five_dead_links_an_hour_are_enough(ben: Phone, house: House) -> None:
    for _ in range(5):
        await ben.start("guess")
        assert ben.last.text.startswith(DEAD)
    await ben.start("guess")
    assert "Please wait a little" in ben.last.text
    await house.pass_time(hours=1)
    await ben.start("guess")
    assert ben.last.text.startswith(DEAD)


async def test_leaving_quietly_is_learned_at_the_next_tap(ann: Phone, ben: Phone) -> None:
    await link(ann, ben)
    before = ben.everything()
    await ann.say("/unlink")
    assert ann.last.labels == ["Leave quietly", "Leave and tell", "Back"]
    await ann.tap("Leave quietly")
    assert "The link has ended." in ann.last.text
    assert ben.everything() == before
    await ben.say("/help")
    assert ben.shows("You are no longer linked with anybody here.")
    await ben.say("/unlink")
    assert ben.times_shown("You are no longer linked") == 1
    assert "This needs a partner." in ben.last.text


async def test_leaving_and_telling_is_one_line_now(ann: Phone, ben: Phone) -> None:
    await link(ann, ben)
    await ann.say("/unlink")
    await ann.tap("Leave and tell")
    assert "You are no longer linked with anybody here." in ben.last.text
    await ben.say("/help")
    assert ben.times_shown("You are no longer linked") == 1


async def test_one_can_stay_after_all(ann: Phone, ben: Phone) -> None:
    await link(ann, ben)
    await ann.say("/unlink")
    await ann.tap("Back")
    assert "You and Ben are linked." in ann.last.text


async def test_two_can_link_again_with_a_fresh_invite_only(ann: Phone, ben: Phone) -> None:
    old = await link(ann, ben)
    await ann.say("/unlink")
    await ann.tap("Leave quietly")
    await ben.open(old)
    assert ben.last.text.startswith(DEAD)
    await ann.say("/invite")
    await ben.open(ann.link("Copy link"))
    await ben.tap("Accept")
    await ann.tap("Yes, link us")
    assert ben.shows("You and Ann are linked.")


async def test_an_invitation_that_dies_on_its_way_says_so(ann: Phone, ben: Phone, house: House) -> None:
    await invitation(ann, ben)
    card = ben.last
    await house.pass_time(hours=48)
    for label in ("Accept", "Decline"):
        await ben.tap(label, on=card)
        assert ben.toasts[-1] == "This card is closed."


# -- in the words of these tests


def first_question(phone: Phone) -> str:
    return next(message.versions[0].text for message in phone.from_bot if "Not today" in message.versions[0].labels)
