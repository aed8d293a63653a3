"""Short forms of first names that are no beginning of them: Bob of Robert, Katya of Ekaterina.

A word list only. Forms that share their first three letters with the name need no entry, and
one form may belong to several names (Alex, Sasha).
"""

from __future__ import annotations

_GROUPS = """
abigail abby gail
agnieszka aga
albert bert al
aleksander alexander aleksandr alexandr sasha sascha shura olek sandro xander sander sandy
aleksandra alexandra sasha shura ola sandra
alexey aleksei alexei alyosha lyosha
alfred fred
anastasia anastasiya nastya stacy
andrew andy drew
andrey andrei andryusha
anna anya hania ania asya
anthony tony antonio
antonio toni tonio nino
artem artyom tyoma
ashok ash
augustine gus
barbara barb babs basia
bartholomew bart
bartlomiej bartosz bartek
benjamin ben benny
beatriz bea
boris borya
catherine katherine kathryn katharine kate katie kathy cathy kat kitty
caroline carrie
charles charlie chuck chaz
christina christine tina chris chrissy
christopher kristopher chris kit topher
christos chris
cynthia cindy
daniel dan danny
david dave davy
deborah debra debbie deb
dimitrios dimitris mitsos jim
dmitry dmitri dmitriy dmitrii dima mitya
dolores lola
dominic nick dom
donald don
dorothy dot dottie
edward ed eddie ned ted
ekaterina jekaterina yekaterina katya katja katia
eleanor ellie nell nora
elena lena lenka
elizabeth elisabeth liz lizzie beth betty betsy eliza libby lisa bess lisbeth
evgeny evgenii evgeniy yevgeny eugene zhenya jenya
evgenia evgeniya yevgenia zhenya
fedor fyodor fedya
florence flo
francesca fran
francis frank
francisco paco pancho fran curro
franklin frank
frederick fred freddie fritz
georgios giorgos george yorgos
gerald gerry jerry
gerard gerry ger
gregory greg
grigory grigorii grisha
grzegorz greg
gwendolyn gwen
harold harry hal
henry harry hank
ignacio nacho
igor gosha
ilya ilyusha
irina ira
isabella bella izzy
ivan vanya
jacob jake
jacqueline jackie
jakub kuba
james jim jimmy jamie
jan honza
janet jan
jennifer jen jenny jenn
jeremiah jerry
jeremy jem
jerome jerry
jessica jess jessie
jesus chuy
joanna asia asha
johann hans
johannes hans jo hannes
john jack johnny jon
jonathan jon jonny
jose pepe
joseph joe joey jojo
josephine josie jo
joshua josh
juliana jules
katarzyna kasia
kenneth ken kenny
konstantin kostya
konstantinos kostas costas
kseniya ksenia xenia ksyusha
laurence lawrence larry
leonard len lenny leo
leonid lyonya
louis lou
lyubov lyuba
magdalena magda lena
malgorzata gosia
manuel manolo
margaret maggie meg peggy marge greta rita daisy
margarita rita
maria masha mariya marusya
marina marisha
martha patty
matthew matt
maurice mo
maximilian max
michael mike mick mickey misha
mikhail michail misha
mildred millie
mohammad mohammed muhammad mo
montgomery monty
nancy nan
natalia natalya nataliya natasha nata
nathaniel nathan nate nat
nicholas nicolas nick nicky nico klaus
nikolaos nikos nick
nikolai nikolay kolya nick
nina ninochka
oleksandr alexander sasha
oliver ollie
olga olya
pamela pam
panagiotis panos takis
patricia pat patty patsy trish tricia
patrick paddy pat rick
pavel pasha
pedro perico
penelope penny
peter pete
petr pyotr petya
philip phillip phil
piotr peter
polina polya
rachel rae
randolph randy
raymond ray
rebecca becky becca
reginald reg reggie
ricardo rick rico
richard rick ricky dick richie rich
robert rob bob bobby robbie bert robin
roberto beto
roderick rod
rodrigo ro
roman roma
ronald ron ronnie
rosalind roz
rosemary rosie
rudolf rudi
russell russ rusty
samantha sam sammy
samuel sam sammy
sarah sally sadie
sergey sergei seryozha serge serhii
sidney sid
simon si
sofia sofya sonya sophia sonia
solomon sol
spyridon spyros
stanislav stas slava
stephen steven steve
stephanie steph steffi
susan susanna suzanne sue susie suzy
svetlana sveta lana
sydney syd
tatiana tatyana tatjana tanya tania
teodor ted
terence terry
teresa theresa terry tess
theodore ted teddy theo
thomas tom tommy
timothy tim timmy
tomasz tomek tom
tobias toby
valentina valya
valentin valya
valery valeriy valera
vasilios vasileios vasilis vassilis bill
vasily vasiliy vasya
veronica ronnie vera
veronika nika
victor viktor vic vitya
victoria viktoria vicky vika tori vic
vincent vince vinnie
virginia ginny
vitaly vitaliy vitalik
vladimir volodymyr vova volodya vlad
vladislav vlad slava
vsevolod seva
vyacheslav slava
walter wally walt
wilhelm willi will
william bill billy will willie liam
winifred winnie freddie
wolfgang wolf
yakov yasha
yaroslav slava yarik
yuliya yulia julia julie yulya jules
yuri yury iurii yura
zachary zach zack
zbigniew zbyszek
zuzana zuzka
"""


def _forms() -> dict[str, frozenset[str]]:
    forms: dict[str, set[str]] = {}
    for line in _GROUPS.split("\n"):
        group = line.split()
        for name in group:
            forms.setdefault(name, set()).update(group)
    return {name: frozenset(group) for name, group in forms.items()}


FORMS = _forms()
"""For each name and short form, folded, those that may stand for the same person."""
