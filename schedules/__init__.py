"""The door for time: what happens when it passes."""

from collections.abc import Sequence

from schedules import (
    agreements,
    conversations,
    daily,
    erasing,
    housekeeping,
    memories,
    pairing,
    retention,
    summary,
)
from schedules.clock import Alarm

JOBS: Sequence[Alarm] = (
    Alarm("plan", daily.plan, seconds=1),
    Alarm("find_back", daily.find_back, seconds=600),
    Alarm("windows", daily.close_windows, seconds=60),
    Alarm("housekeeping", housekeeping.prune, seconds=600),
    Alarm("invite", conversations.invite, seconds=1),
    Alarm("find_weeks_back", conversations.find_back, seconds=600),
    Alarm("weeks", conversations.close, seconds=60),
    Alarm("reviews_near", agreements.ask, seconds=600),
    Alarm("reviews", agreements.settle, seconds=60),
    Alarm("pairing", pairing.end_invites, seconds=60),
    Alarm("farewells", pairing.tell_farewells, seconds=60),
    Alarm("erasing", erasing.go_on, seconds=2),
    Alarm("erased", erasing.replay, seconds=600),
    Alarm("retention", retention.let_go, seconds=3600),
    Alarm("previews", summary.send_previews, seconds=5),
    Alarm("summaries", summary.end_previews, seconds=600),
    Alarm("searches", memories.go_on_searching, seconds=1),
)
