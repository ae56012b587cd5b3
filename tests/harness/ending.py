"""How every kind of run ends."""

from tests.harness import promises, words
from tests.harness.world import World


async def check_end(world: World) -> None:
    """Let trouble end, kill the process, and look whether every promise was held."""
    await world.finish()
    await world.kill()
    await world.read_rows()
    promises.check_all(world)
    words.check_words(world)
