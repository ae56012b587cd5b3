"""How much is measured: enough to trust the figures, or just enough to see that the code runs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Sizes of all parts. Seconds are real ones."""

    runs: int = 3
    updates: int = 1_000
    network_delay: float = 0.05
    calm_seconds: float = 1.0  # after the first poll, before anybody writes
    deliveries: int = 2_000
    idle_people: int = 1_000
    warm_up_ticks: int = 200
    ticks: int = 1_000
    looks: int = 200  # of each job at a database with many people
    quiet_seconds: float = 20.0
    days_of_memories: int = 365
    pages_of_memories: int = 25  # more taps in a minute would be a flood
    answers_to_search: int = 2_000
    pace: int = 30  # messages a second
    paced_seconds: int = 600
    punctual_rate: int = 25  # messages a second that become due
    punctual_seconds: int = 120
    many: int = 1_000_000
    few: int = 10_000
    one_due_in: int = 10  # of many and of few
    big_runs: int = 1  # of what is done to many
    rehearsals: int = 1  # starts that are not counted: they read what is not in memory yet
    jobs: int = 100_000  # of an alarm clock with one for each person
    jobs_due: int = 10_000
    minutes_of_work: int = 60


FULL = Scale()
TINY = Scale(
    runs=1,
    updates=20,
    network_delay=0.01,
    calm_seconds=0.0,
    deliveries=20,
    idle_people=4,
    warm_up_ticks=1,
    ticks=3,
    looks=3,
    quiet_seconds=0.5,
    days_of_memories=40,
    pages_of_memories=3,
    answers_to_search=120,
    pace=30,
    paced_seconds=1,
    punctual_rate=10,
    punctual_seconds=1,
    many=80,
    few=40,
    rehearsals=0,
    jobs=60,
    jobs_due=20,
    minutes_of_work=1,
)
