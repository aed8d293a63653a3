from __future__ import annotations

import pytest

from pipeline.matching.scripts import called, heard, is_other, sounds


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Юлия Примерова", "Yulia Primerova"),
        ("Юлия", "Julia"),
        ("Юлия", "Yuliya"),
        ("Наталья", "Natalia"),
        ("Дмитрий", "Dmitriy"),
        ("Алексей Чайкин", "Alexey Chaikin"),
        ("Евгений", "Yevgeny"),
        ("Щукин", "Shchukin"),
        ("Хорошая", "Khoroshaya"),
        ("Γιώργος Δείγμα", "Giorgos Deigma"),
        ("Χρήστος", "Christos"),
        ("Ευαγγελία", "Evangelia"),
        ("Μπάμπης Παραδειγματόπουλος", "Babis Paradeigmatopoulos"),
        ("おおの りょう", "Ohno Ryo"),
        ("さとう じゅんいちろう", "Satō Jun'ichirō".replace("'", "")),
        ("サトウ・ジュン", "Satou Jun"),
        ("れいだ ちゃこ", "Reida Chako"),
        ("なんば", "Namba"),
        ("きっぺい", "Kippei"),
        ("ファイ", "Fai"),
        ("Артём", "Artiom"),
        ("Артём", "Artyom"),
        ("Воробьёв", "Vorobyov"),
        ("Александр", "Alexander"),
        ("Ефимов", "Yefimov"),
        ("Jürgen", "Juergen"),
        ("Kjær", "Kjaer"),
        ("Георгиу", "Gheorghiu"),
    ],
)
def test_a_name_sounds_the_same_in_every_script_it_is_written_in(one: str, other: str) -> None:
    assert sounds(one) == sounds(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Анна", "Яна"),
        ("Примеров", "Primerova"),
        ("さとう", "Saito"),
        ("例示", "Reiji"),
        ("김예시", "Kim Yesi"),
    ],
)
def test_names_that_differ_or_cannot_be_read_sound_different(one: str, other: str) -> None:
    assert sounds(one) != sounds(other)


@pytest.mark.parametrize(
    ("text", "other"),
    [("Ада", True), ("Άντα", True), ("アダ", True), ("例示", True), ("예시", True), ("Ádá", False)],
)
def test_a_script_other_than_latin_is_known_by_its_letters(text: str, other: bool) -> None:
    assert is_other(text) is other


def test_a_person_is_called_with_the_family_first_or_last_and_without_a_middle_name() -> None:
    assert called("Зана Ивановна Примерова") == {
        "zanaivanovnaprimerova",
        "primerovazanaivanovna",
        "ivanovnaprimerovazana",
        "zanaprimerova",
        "primerovazana",
        "z.primerova",
    }


@pytest.mark.parametrize("name", ["Sasha Primerova", "Примерова Саша", "Shura Primerova"])
def test_a_person_is_called_by_a_short_form_of_the_first_name(name: str) -> None:
    assert "".join(sounds(name)) in called("Александра Примерова")


@pytest.mark.parametrize("name", ["Юлия", "Ada", "", "I O"])
def test_less_than_a_whole_name_is_nothing_to_be_called_by(name: str) -> None:
    assert called(name) == frozenset()


def test_a_name_without_spaces_is_a_whole_one() -> None:
    assert called("例示太郎") == {"例示太郎"}


@pytest.mark.parametrize(
    ("sound", "words"),
    [
        ("iuliaiprimerova", {"юлия", "и", "примерова"}),
        ("iuliaprimerova", {"юлия", "примерова"}),
        ("i.primerova", {"и", "примерова"}),
        ("i.iulia", {"и", "юлия"}),
        ("primerova", {"примерова"}),
    ],
)
def test_a_title_is_heard_in_runs_of_words_with_a_middle_one_left_out(
    sound: str, words: set[str]
) -> None:
    assert heard("Чай: Юлия И. Примерова", {sound, "somebody"}) == {sound: words}
