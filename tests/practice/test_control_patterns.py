"""What must be refused, and what must pass, in English; a rule that changes one of these changes a promise (S20)."""

from collections.abc import Mapping

import pytest

from bot.messages.library import load
from bot.practice.control_patterns import Control, control_in

REFUSED: Mapping[Control, tuple[str, ...]] = {
    "passwords": (
        "Would you give me your password?",
        "Would you tell me the PIN of your phone?",
        "We know each other's passwords.",
        "I'd like us to share all our passwords.",
        "Would you send me your login for the bank?",
        "I will give you my passcode and you give me yours.",
        "Our phones stay unlocked when we are at home.",
        "I won't stay unless you give me your password.",
        "Would you add my fingerprint on your phone?",
        "I want to have the unlock code of your laptop.",
        "We use the same password for all accounts.",
        "No secret passwords between us.",
        "Would you unlock your phone for me?",
        "I need to know your pass word.",
    ),
    "location": (
        "Would you share your location with me?",
        "We leave our live location on at all times.",
        "I'd like us to turn on location sharing.",
        "Would you keep your GPS on when you go out?",
        "Would you tell me where you are?",
        "I want to know where you are going every time you leave.",
        "Would you send me a photo of where you are?",
        "We install a tracking app on both phones.",
        "Would you let me track your phone?",
        "You text me where you were last night.",
        "Would you send pictures as proof?",
        "I will put a tracker in your bag.",
        "Would you switch on Find My iPhone for me?",
    ),
    "reporting": (
        "Would you text me every hour when you are out?",
        "Would you call me whenever you leave work?",
        "You report back to me after each evening.",
        "Would you check in with me before you go anywhere?",
        "Would you ask for my permission before you go out?",
        "You ask me first if you can meet somebody.",
        "Would you show me your messages?",
        "I'd like us to read each other's chats.",
        "I want to be able to check, so let me see your phone.",
        "Would you tell me who you were with?",
        "Would you always tell me who you are texting?",
        "We have access to each other's emails.",
        "Would you give me access to your WhatsApp?",
        "Would you prove that you were at work?",
        "You account for every euro.",
        "Would you answer my calls immediately?",
        "Would you send me all the receipts?",
        "No private messages any more.",
        "You need my permission to leave.",
    ),
    "people": (
        "Would you stop seeing your friends?",
        "Would you give up contact with your ex?",
        "You don't meet other men.",
        "You will not see your family without me.",
        "I won't let you see your sister.",
        "I don't want you to talk to your mother.",
        "Would you stay away from your colleagues?",
        "You may not go out without me.",
        "You only meet friends when I am there.",
        "Would you choose between me and your friends?",
        "It is me or your family.",
        "Would you block your ex?",
        "Would you delete all female contacts?",
        "No male friends without me.",
        "Would you quit your job?",
        "I forbid you to visit your parents.",
        "You are not allowed to go to parties.",
        "Would you cut off your best friend?",
        "See your mother only when I agree.",
        "You can't have male friends.",
    ),
    "touch": (
        "We have sex at least twice a week.",
        "Would you have sex with me whenever I want?",
        "You owe me intimacy.",
        "Touch is a duty in a relationship.",
        "You must let me kiss you.",
        "Would you never refuse sex?",
        "You have to sleep with me.",
        "Intimacy every night, even when you are tired.",
        "Would you never say no to me in bed?",
        "Sex in return for help at home.",
        "You should have sex with me more.",
        "Let me touch you whenever I like.",
        "Your body is my right.",
        "Sex is your obligation.",
    ),
}

HARMLESS = (
    "I won't share my password.",
    "I won't ask for your password.",
    "Would you please not ask me for my PIN?",
    "I will keep my own passwords.",
    "Would you write the wifi password on the fridge?",
    "What is the Netflix password again?",
    "My passwords stay private.",
    "I'd like us to trust each other without passwords.",
    "I won't share my location.",
    "I will turn off location sharing on my phone.",
    "Would you not track where I am?",
    "I'd like us to find a good location for the party.",
    "Would you send me the location of the restaurant?",
    "Would you tell me roughly when you will be back?",
    "Would you tell me in the morning if you come home late?",
    "Would you send a short word when you arrive safely after a long trip?",
    "Would you call me when you miss me?",
    "Tell me where you would like to go on holiday.",
    "I'd like to hear where you are in your thinking.",
    "Would you call me once in the evening when I am travelling?",
    "I won't report every step of my day.",
    "I won't read your messages.",
    "Would you not look at my phone?",
    "Would you put your phone away when we eat?",
    "Would you check your messages after dinner?",
    "I will look at my phone less.",
    "I won't check your phone, and I ask the same of you.",
    "Would you show me your photos from the trip?",
    "Would you ask before you throw something of mine away?",
    "Would you ask me before you invite guests?",
    "Would you tell me when we spend more than 200 from the joint account?",
    "I won't ask for permission to meet my friends.",
    "I will see my friends on Thursdays.",
    "I won't see my family this weekend.",
    "Would you come with me to see my mother?",
    "Would you like to meet my friends?",
    "I'd like us to see your family more often.",
    "I will visit my parents alone now and then.",
    "Would you introduce me to your friends?",
    "I won't come to every dinner with your family.",
    "Would you go out without me on Thursdays, so that I have the evening to myself?",
    "I will never ask you to choose between me and your friends.",
    "I'd like us to invite friends once a month.",
    "Would you stop seeing work as more important than rest?",
    "I won't talk about our disagreements with my family.",
    "I'd like us to be glad about each other's friendships.",
    "Would you tell your mother that we come on Saturday?",
    "I will not have my family stay for more than three days.",
    "Would you stop talking about my weight?",
    "I'd like us to have more sex.",
    "I'd like us to kiss every morning.",
    "Would you hold me for a minute when I come home?",
    "I won't be touched when I am asleep.",
    "Touch is never a duty here.",
    "We don't have to have sex to be close.",
    "I may say no to touch at any time.",
    "Would you ask me before you touch me?",
    "Sometimes sex feels like a duty to me, and I'd like to talk about it.",
    "Would you cuddle with me on Sunday mornings?",
    "I will say when I do not want to be touched.",
    "I'd like us to have dinner together at least twice a week.",
    "Would you call your mother back?",
    "I will answer messages when I have time.",
    "Would you leave the car key at home?",
    "I will take the dog out every evening.",
    "Would you do the dishes every night this week?",
    "I won't leave the house without saying goodbye.",
    "Would you stop the car when I feel sick?",
    "I'd like us to open our post on Saturdays.",
    "Would you never leave the stove on?",
)


def test_the_lists_are_long_enough() -> None:
    assert sum(len(each) for each in REFUSED.values()) >= 60
    assert len(HARMLESS) >= 60
    assert len(set(HARMLESS)) == len(HARMLESS)


@pytest.mark.parametrize(("kind", "words"), [(kind, each) for kind, texts in REFUSED.items() for each in texts])
def test_what_controls_a_person_is_found(kind: Control, words: str) -> None:
    assert control_in(words, "en") == kind
    assert control_in(f"I love you. {words.replace(chr(39), chr(0x2019))}\nThank you", "de") == kind
    assert control_in(words.upper(), "en") == kind


@pytest.mark.parametrize("words", HARMLESS)
def test_what_is_harmless_passes(words: str) -> None:
    assert control_in(words, "en") is None


@pytest.mark.parametrize("topic", load().topics.english.values(), ids=lambda topic: topic.id)
def test_what_the_bot_itself_suggests_passes(topic) -> None:
    for samples in topic.samples.values():
        for sample in samples:
            assert control_in(sample, "en") is None, sample
