"""Random expressions of Terraform's language: mostly well typed, over the variables and locals of files/context.tf."""

from __future__ import annotations

import random
import re
from typing import Callable, Union

Node = list[Union[str, "Node"]]

NUMBERS = "0 1 2 3 10 -1 0.5 2.5 1e3 100 7 0.1 443 123456789012345678901234567890".split()
STRINGS = ["", "a", "b", "ab", "hello world", "1", "2.50", "true", "é", "日本", "A-b_c", "x,y,z", " pad ", "10.0.0.0/16", "a/b.txt"]
STRINGS += ["line\\none", "<&>", "%d", "[1,2]", '{\\"k\\":1}', "2024-02-29T12:00:00Z", "a: 1", "$${x}"]
KEYS = "a b c Name env on".split()
NAMES = {
    "number": ["local.big", "local.third", "var.numbers[0]", "var.sizes.large", "var.server.port", "local.servers[0].port"],
    "string": ["local.text", "var.texts[1]", "var.tags.Name", "local.object.id", "var.server.name", "var.nothing", "var.secret"],
    "bool": ["local.flag", "var.untyped.on", "local.tuple[2]"],
    "numbers": ["var.numbers", "local.servers[*].port", "values(var.sizes)"],
    "strings": ["var.texts", "local.object.zones", "local.servers[*].name", "keys(var.tags)", "tolist(var.unique)"],
    "set": ["var.unique", "toset(var.texts)", "toset([])"],
    "map": ["var.tags", "var.sizes", "local.by_name", "local.empty_object", "var.server.labels"],
    "any": ["local.tuple", "local.object", "local.servers", "var.untyped", "var.server", "local.empty_list", "null", "var.secret_map"],
}
TYPES = list(NAMES)

# What makes a value of a type; the words in braces are operands of the types they name.
RULES = {
    "number": """{number} + {number};{number} - {number};{number} * {number};{number} / 4;{number} % 7;-{number};({number})
abs({number});ceil({number});floor({number});signum({number});max({number}, {number});min({numbers}...);sum({numbers})
length({strings});length({string});length({map});length({any});parseint({string}, 10);tonumber({string});tonumber({number})
index({strings}, {string});pow({number}, 2);log({number}, 2);floor({number} / 3);length({string}) / length({strings});one({numbers});element({numbers}, {number});{numbers}[0];try({number}, {number})
{bool} ? {number} : {number};lookup({map}, {key}, {number});coalesce({number}, {number});length({set});"{digits}";timecmp({time}, {time})""",
    "string": """"{text}${{string}}";"${{number}}";"${{bool}}-${{string}}";"${{any}}";upper({string});lower({string});title({string})
trimspace({string});trim({string}, {string});trimprefix({string}, {string});trimsuffix({string}, {string});substr({string}, {small}, {small})
strrev({string});join({string}, {strings});replace({string}, {string}, {string});format("%s-%v", {string}, {any});format("%05d|%s", {number}, {string})
format("%.2f", {number});format("%q", {string});jsonencode({any});yamlencode({any});base64encode({string});md5({string});sha256({string})
urlencode({string});indent({small}, {string});chomp({string});tostring({number});tostring({bool});{bool} ? {string} : {string}
coalesce({string}, {string});try({string}, {string});lookup({map}, {key}, {string});{strings}[{small}];element({strings}, {small})
"%{ if {bool} }{text}%{ else }${{string}}%{ endif }";"%{ for x in {strings} }${x},%{ endfor }";"%{ for k, v in {map} }${k}=%{ endfor }"
"a ${~ {string} ~} b";one({strings});cidrsubnet("10.0.0.0/16", {small}, {small});cidrhost("10.1.0.0/24", {small});basename({string})
dirname({string});formatdate("YYYY-MM-DD EEE", {time});timeadd({time}, "1h");sensitive({string});nonsensitive({string});regex("[a-z]+", {string})
base64decode(base64encode({string}));templatestring(local.hole, { n = {any} });base64sha256({string});textdecodebase64(base64encode({string}), "UTF-8")
element(split({string}, {string}), {small});replace({string}, "/[a-z]/", "<$0>");format("%[2]s%[1]v", {any}, {string});cidrnetmask("10.0.0.0/8")
format("%-8s|%8.3f|%x", {string}, {number}, {string});one(setunion([{string}], []));"%{ for i, x in {numbers} ~} ${i}:${x} %{ endfor }"
timeadd({time}, "-90m");csvdecode("a,b\n1,{text}")[0].b;keys({map})[0];substr({string}, 0, {number});"${ {string} == {string} ? {string} : {string} }"
base64decode({string});{map}[{string}];textencodebase64({string}, "UTF-16LE");uuidv5("dns", {string});jsondecode(jsonencode({string}))""",
    "bool": """{number} < {number};{number} >= {number};{number} == {number};{string} == {string};{string} != {string};{any} == {any};{any} != null
{bool} && {bool};{bool} || {bool};!{bool};({bool});contains({strings}, {string});contains({numbers}, {number});alltrue([{bool}, {bool}])
anytrue([{bool}]);can({any});can(tonumber({string}));startswith({string}, {string});endswith({string}, {string});strcontains({string}, {string})
tobool({bool});tobool({string});issensitive({any});{bool} ? {bool} : {bool};{strings} == {strings};{map} == {map};{set} == {set};"{truth}"
fileexists("texts/plain.txt");try({bool}, false)""",
    "numbers": """[{number}, {number}];[];[for x in {numbers} : x * 2];[for i, x in {strings} : i];[for x in {numbers} : x if x > 1];range({small})
concat({numbers}, {numbers});reverse({numbers});distinct({numbers});flatten([{numbers}, [{numbers}]]);slice({numbers}, 0, 1);tolist({numbers})
values({map});compact({numbers});[for x in {strings} : length(x)];{bool} ? {numbers} : {numbers};[1, {string}, {bool}];sort({numbers})""",
    "strings": """[{string}, {string}];[];[for x in {strings} : upper(x)];[for x in {strings} : x if x != "a"];keys({map});split({string}, {string})
concat({strings}, {strings});reverse({strings});distinct({strings});sort({strings});compact({strings});tolist({set});setunion({strings}, {strings})
[for k, v in {map} : k];flatten([{strings}, [{strings}]]);slice({strings}, 0, 1);formatlist("%s!", {strings});formatlist("%s-%s", {strings}, {string});regexall("({text}.)", {string});cidrsubnets("10.0.0.0/16", 4, {small})
[for x in {strings} : x if length(x) > {small}];[for i, x in {strings} : "${i}${x}"];regexall("[a-z]", {string})
[for s in local.servers : s.name];coalescelist({strings}, {strings});{bool} ? {strings} : {strings};chunklist({strings}, 2)[0];[for x in {set} : x]
matchkeys({strings}, {strings}, {strings});{any}[*];tolist([{any}, {any}]);[for x in {any} : x];concat({strings}, [{any}])""",
    "set": """toset({strings});toset({numbers});setunion({set}, {set});setintersection({set}, {strings});setsubtract({set}, {strings})
toset([{any}, {any}]);toset([for x in {strings} : x]);setproduct({set}, {strings});{bool} ? {set} : {set}""",
    "map": """{ a = {any}, b = {any} };{ ({string}) = {any} };{ for x in {strings} : x => length(x)... };{ for k, v in {map} : k => v }
merge({map}, {map});zipmap({strings}, {numbers});tomap({ a = {string}, b = {number} });{ for k, v in {map} : upper(k) => v if k != "a" }
{bool} ? {map} : {map};transpose({ a = {strings} });{ for i, x in {numbers} : i => x };tomap({map});{};merge({map}, { a = {any} })""",
    "any": """{number};{string};{bool};{numbers};{strings};{set};{map};{any};[{any}, {any}];{ a = {any} }.a;[{any}][0];{map}[{key}];{any}.name
try({any}, {any});jsondecode({string});yamldecode({string});csvdecode("a,b\\n1,2");{bool} ? {any} : {any};lookup({map}, {key}, {any});null
values({map})[0];element({strings}, {small});{any}[{small}];flatten([{any}]);merge({any}, {any});coalesce({any}, {any});{any}[*].name
convert({any}, list(string));convert({any}, map(string));convert({any}, object({ a = optional(string, "d") }));one({any});[{any}...]
jsondecode(jsonencode({any}));yamldecode(yamlencode({any}));sensitive({any});templatefile("templates/bare.tftpl", { n = {any} });element({any}, 1)
keys({any});values({any});length({any});reverse({any});contains({any}, {any});tostring({any});tolist({any});toset({any});tomap({any})""",
}

OPERAND = re.compile(r"(\{[a-z]+\})")


class Grammar:
    """Makes expressions; the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.rules = {ty: [line for line in text.replace("\n", ";").split(";") if line] for ty, text in RULES.items()}
        self.atoms: dict[str, Callable[[], str]] = {
            "key": lambda: f'"{self.random.choice(KEYS)}"',
            "small": lambda: self.random.choice(["0", "1", "2", "3", "-1", "8", '"1"']),
            "text": lambda: self.random.choice(["", "a", " é ", "x-"]),
            "digits": lambda: self.random.choice(["12", "1.50", "-3", "1e2", "x"]),
            "truth": lambda: self.random.choice(["true", "false", "yes"]),
            "time": lambda: self.random.choice(['"2024-02-29T12:00:00Z"', '"2023-12-31T23:59:59+02:00"', '"2024-02-30"']),
        }

    def expression(self, budget: int = 4) -> Node:
        """An expression of any type."""
        return self.of(self.random.choice(TYPES), budget)

    def of(self, ty: str, budget: int) -> Node:
        """An expression of this type, now and then of another one."""
        if ty in self.atoms:
            return [self.atoms[ty]()]
        if self.random.random() < 0.04:
            ty = self.random.choice(TYPES)
        if budget <= 0 or self.random.random() < 0.15:
            return [self.leaf(ty)]
        return self.fill(self.random.choice(self.rules[ty]), budget - 1)

    def leaf(self, ty: str) -> str:
        """What has no parts."""
        if ty == "number" and self.random.random() < 0.7:
            return self.random.choice(NUMBERS)
        if ty == "string" and self.random.random() < 0.7:
            return f'"{self.random.choice(STRINGS)}"'
        if ty == "bool" and self.random.random() < 0.7:
            return self.random.choice(["true", "false"])
        return self.random.choice(NAMES[ty])

    def fill(self, rule: str, budget: int) -> Node:
        """A rule with operands in place of the words in braces."""
        filled: Node = []
        for piece in OPERAND.split(rule):
            ty = piece[1:-1]
            if not piece.startswith("{") or ty not in self.rules and ty not in self.atoms:
                filled.append(piece)
                continue
            inner = self.of(ty, budget)
            # An operand of an operator stays what it was, whatever stands in it.
            loose = ty in self.rules and any(sign in text(inner) for sign in "+-*/%?&|=<>!")
            filled.append(["(", inner, ")"] if loose else inner)
        return filled


def text(node: Union[str, Node]) -> str:
    """An expression as it is written."""
    return node if isinstance(node, str) else "".join(map(text, node))


def parts(node: Node) -> list[str]:
    """The expressions inside of an expression, shortest first, itself last."""
    found: list[str] = []

    def walk(one: Union[str, Node]) -> None:
        if not isinstance(one, str):
            found.append(text(one))
            for part in one:
                walk(part)

    walk(node)
    return sorted({one for one in found if one.strip()}, key=len)
