"""How well a name matches what was typed, as a number: the scores that `bot.lookup.search` gives. Pure."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.lookup.places import Place

# The ways of matching, as OWN, ALIAS, LATER, OBSCURE: a place's own whole name comes first; a whole alias, a whole word
# inside a name and the beginning of a name are about as likely as each other. What ties, people and home add together
# stays below one step, so that nothing lifts a place above one that matches better: a town's own name beats aliases.
# Below the steps, where only obscure names, begun aliases and misspelt names are left, people weigh against what is
# wrong. All is counted in powers of ten of people.
NEARLY = 100.0
WHOLE = np.array([800, 499.5, 500, NEARLY - 0.7], np.float32)
BEGUN = np.array([500, NEARLY - 1.0, 500 - 1.5, NEARLY - 2.4], np.float32)
SLIPS = np.array([0, 0.6, 4.4], np.float32)  # in a whole name
SLIP_IN_A_BEGINNING = 1.9
ELSEWHERE = 2.0  # a whole name, but no place of it lies in the region behind it
OTHER_NAME = np.array([0, 2.1, 2.5, 4.1], np.float32)  # how much less likely a misspelt alias is than a misspelt name
NAME_AND_REGION = -50.0  # "palmerston north" is a town before it is Palmerston in the north
OTHER_SPELLING = -45.0  # who types "saint louis" means a Saint Louis before a St. Louis
HOME = 20.0  # the server's own city and its partners
LAST = -100.0  # inner words, where very many names begin alike: nobody types "y" for New York

Positions = NDArray[np.int32]
Scores = NDArray[np.float32]


class Name(NamedTuple):
    """A folded name of a place; `own` for the name it goes by, `romanised` for a machine's spelling of one."""

    place_id: int
    key: str
    own: bool
    romanised: bool = False


class Hit(NamedTuple):
    """A place that a query may mean: `exact` if the query is one of its whole names, `misspelt` if only like one."""

    place: Place
    score: float
    exact: bool
    misspelt: bool = False


class Found(NamedTuple):
    """Places by position with how well each matches, all in the same way: see `Hit`."""

    places: Positions
    scores: Scores
    exact: bool
    misspelt: bool = False
