"""Sentences as data: English as a str, and marked for whoever translates them."""

from enum import Enum

import pytest

from omero_desk.entities.calls import OUTCOMES, Outcome
from omero_desk.entities.connection_states import LANES, STATES, Lane, State
from omero_desk.entities.errors import BusyError, CertificateChangedError, FailedError, GatewayError
from omero_desk.entities.sentences import Sentence, Text, mark
from omero_desk.gateway.errors import classify

LOST = mark("Connection", "The connection to {server} was lost.")


def test_that_a_sentence_is_english_with_its_values_as_a_str() -> None:
    within = Sentence.of(mark("Connection", "the server at {place}"), place="home")
    assert str(Sentence.of(LOST, server=within)) == "The connection to the server at home was lost."


def test_that_what_a_server_said_stays_as_it_is() -> None:
    said = Sentence.of("No {braces} are filled in.")
    assert str(said) == "No {braces} are filled in."
    assert said.text.context == ""


def test_that_an_error_has_its_sentence_as_data_and_in_english() -> None:
    error = FailedError(LOST, "Ice.Something", server="omero:4064")
    assert (error.sentence.text, error.sentence.values) == (LOST, {"server": "omero:4064"})
    assert error.message == str(error) == "The connection to omero:4064 was lost."
    assert FailedError(error.sentence).sentence is error.sentence
    assert BusyError(LOST, "", 3.0, server="omero:4064").back_off == 3.0


@pytest.mark.parametrize(
    "error", [classify(MemoryError()), classify(KeyError()), CertificateChangedError("a", "b", "c")]
)
def test_that_errors_of_ours_are_marked_to_be_translated(error: GatewayError) -> None:
    assert error.sentence.text.context == "Connection"


@pytest.mark.parametrize(("states", "words"), [(State, STATES), (Lane, LANES), (Outcome, OUTCOMES)])
def test_that_each_state_has_its_word(states: type[Enum], words: dict[Enum, Text]) -> None:
    assert {state: state.value for state in states} == {state: text.source for state, text in words.items()}
