"""Random arguments for every function: fitting ones, odd ones, and such as are of another type altogether."""

from __future__ import annotations

import json
import random
from typing import Callable

STRINGS = ["", "a", "ab", "b", "B", "A-b_c", "hello world", "x,y,,z", " pad\\t\\n", "1", "-2.50", "0x1F", "1e3", "true", "false", "null", "é", "e\\u0301"]
STRINGS += ["日本語", "\\U0001F468\\u200D\\U0001F469\\u200D\\U0001F467", "ǆ ßﬁ", "İi̇", "a\\r\\nb\\n\\nc\\n", "\\u0000", "\\u0001\\u007f", "<&>\\u2028'\\\"\\\\", "$${x}", "%%{y}"]
STRINGS += ["a/b.txt", "../x//y/", "10.0.0.0/16", "2024-02-29T12:00:00Z", "[1,2]", '{\\"k\\":1}', "a: 1", "%d %s", "zz9", "\\uFEFFbom", "٣", "Σς"]
NUMBERS = "0 1 2 3 -1 -2 5 8 10 16 32 36 62 63 64 100 -100 0.5 1.5 -0.5 2.999 0.1 1e3 1e-7 1e20 -1e20 9007199254740993 9223372036854775807".split()
NUMBERS += "9223372036854775808 -9223372036854775808 123456789012345678901234567890 1e308 1e400 1e-400 3.14159265358979323846264338327950288".split()
NUMBERS += ["1/3", "-7/3", "2147483648", "4294967296", "255", "256"]
CIDRS = ["10.0.0.0/16", "10.1.2.3/8", "10.0.0.0/0", "10.0.0.0/32", "0.0.0.0/0", "255.255.255.255/32", "fd00::/8", "2001:db8::1/64", "::/0", "::1/128"]
CIDRS += ["10.0.0.0", "10.0.0.0/33", "010.0.0.0/8", "10.0.0/8", "1.2.3.4/-1", "::ffff:1.2.3.4/120", "fe80::%eth0/64", "10.0.0.0/08", " 10.0.0.0/8", "2001:db8::/129", "192.168.100.0/22", "fd00:1:2::/48"]
TIMES = ["2024-02-29T12:00:00Z", "2023-12-31T23:59:59+02:00", "2024-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
TIMES += ["2024-01-01T00:00:00.123456789Z", "2024-01-01t00:00:00z", "2024-01-01 00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T23:59:60Z", "2024-01-01T00:00:00+24:00"]
TIMES += ["2024-1-1T0:0:0Z", "2024-01-01", "2024-01-01T00:00:00", "2024-01-01T00:00:00-00:00", "0000-01-01T00:00:00Z", "1970-01-01T00:00:00-11:30", "2024-06-01T13:05:09+05:45"]
TIMES += ["2024-01-01T1:00:00Z", "2024-01-01T00:00:00,5Z", "2024-01-01T00:00:00.Z", "-001-01-01T00:00:00Z", "2024-13-01T00:00:00Z", "2024-00-10T00:00:00Z", "2024-01-01T00:00:00+0200", "2024-01-01T00:60:00Z", "2024-01-01T00:00:00+23:59", "1900-02-29T00:00:00Z", "2000-02-29T00:00:00Z"]
DURATIONS = ["1h", "-90m", "0", "1h30m5.5s", "1d", "", "1", "100000h", "2562047h47m16.854775807s", "2562048h", "-2562047h47m16.854775808s", "1ns", "1us", "1µs", "1μs", ".5s", "1.h", "+5m", "--1h", "1h-5m", "1e3s", "0.000000001s", "5 m", "87600h", "-87600h", "1.5h1.5m", "999999ms", ".s", "1.0000000000000000000000000001h"]
VERBS = ["%", "%%", "%s", "%v", "%#v", "%d", "%+d", "% d", "%05d", "%-5d|", "%x", "%X", "%#x", "%o", "%#o", "%b", "%#b", "%e", "%E", "%f", "%.2f", "%8.3f", "%-8.1f|", "%08.2f", "%+.1f", "%g", "%G", "%.3g", "%q", "%5q", "%-6q|", "%t", "%5t", "%10s", "%-10s|", "%.2s", "%5.1s", "%05s"]
VERBS += ["%[1]s", "%[2]d", "%[3]v", "%[0]s", "%[1]s%s", "%[2]v%[1]v", "%*d", "%z", "%c", "%U", "%p", "%T", "%-05d", "%+s", "% x", "%.d", "%.0f", "%.f", "%.20f", "%.60e", "%#g", "%1$s", "%!", "%[", "%[1", "%[a]s", "%.3v", "%+v", "%10v|", "%é", "%99999999999d", "%.15g", "%3.9d", "%-+8d|", "%+ d", "%#f", "%#q", "%+q", "%x%x", "%.3x", "%6.2d", "%.10b", "%08b", "%08o", "% x", "%-x|", "%.4q", "%s%%", "%1s%2s%3s"]
DATES = ["YYYY-MM-DD", "YY", "M", "MM", "MMM", "MMMM", "D", "DD", "EEE", "EEEE", "h", "hh", "H", "HH", "AA", "aa", "m", "mm", "s", "ss", "Z", "ZZZZ", "ZZZZZ", "ZZZ", "'quoted'", "''", "'it''s'", "'open", "YYYYMMDD'T'hhmmssZ", "x", "é日", "E", "A", "YYY", "YYYYY", "DDD", "hhh", "HHH", "mmm", "sss", "EE", "EEEEE", "ZZ", "-/.,: ", "MMMMM", "a", "DD 'of' MMMM", "123", "'a'b"]
PATTERNS = ["[a-z]+", "(a)(b)?", "(?P<x>.)(?P<y>b)?", ".", "", "^", "a|b", "(", "[", "a{2}", "a{1001}", "(?i)AB", "(?s).*", "(?m)^.", "\\\\d+", "\\\\pL", "\\\\p{Greek}", "(?:a)", "(?P<a>x)|(?P<b>.)", "\\\\b", "(?<n>.)", "\\\\Q.\\\\E", "[[:alpha:]]", "x*", "(x*)", "\\\\C", "(a)|b", "é", "(?U)a+", "\\\\z", "\\\\1", "(?=a)", "[^a]", "\\\\x41", "\\\\w\\\\W", "a**", "(?i)σ", "\\\\s", "[\\\\d-z]", "()", "(?P<n>)", "(.)(.)(.)", "a+?"]
NEEDLES = ["/[a-z]/", "/(.)/", "//", "/(?P<n>.)/", "/", "/a", "a/", "/[/", "/^/", "/$/"]
CHANGES = ["$0", "$1", "$${n}", "$$", "${1}x".replace("${", "$${"), "$n", "<$0>", "", "x", "$1x", "\\\\1", "$"]
PATHS = ["a", "a/b", "/a/b/", "", ".", "..", "../..", "a//b", "a/./b/../c", "/", "//", "a/", "/..", "./a", "a\\\\b", "é/日", "texts/plain.txt", "~", "~/x", "~root", "a/b/..", "...", "/.", " "]
FILES = ["texts/plain.txt", "texts/empty.txt", "texts/bytes.bin", "texts/unicode.txt", "texts/none", "texts", "./texts/../texts/plain.txt", "", "texts/plain.txt/x", "texts/deep/inner.txt", "texts/table.csv", "texts//plain.txt", "texts/deep/../plain.txt", "texts/none/../plain.txt", "\\u0000"]
GLOBS = ["*", "**", "**/*", "*.txt", "**/*.txt", "deep/*", "{plain,empty}.txt", "[a-p]*", "?lain.txt", "", "[", "{a", "*/*", "../*", "./*", "deep/../*.txt", "[!p]*", "[^p]*", "**.txt", "***", "deep/**", "**/deep/**", "\\\\*", "{*.txt,deep/*}", "*.{txt,csv}", "p*t", "/*", "deep", "plain.txt", "**/**/*.txt", "a**/x", "{}", "{,plain.txt}", "[]a]*", "[a-]*", "**/inner.txt", "*/", "deep//inner.txt", "{deep,other}/{inner,x}.txt", "{{plain,empty},x}.txt"]
ENCODINGS = ["UTF-8", "utf8", "UTF-16", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "latin1", "windows-1252", "cp1252", "Shift_JIS", "EUC-JP", "ISO-2022-JP", "GBK", "GB18030", "Big5", "EUC-KR", "KOI8-R", "IBM437", "ISO-8859-15", "macintosh", "US-ASCII", "ascii", "nope", "", "UTF-32", "HZ-GB-2312", "windows-1250", "IBM850", "x-sjis", "CP437", "unicode-1-1-utf-8", "utf-16le", "l1"]
CSVS = ["a,b\\n1,2\\n", "a,a\\n1,2", "a\\n", "", "\\n", "a,b\\n1", 'a,b\\n\\"x\\ny\\",\\"q\\"\\"q\\"\\n', "a;b\\n1;2", "a,b\\r\\n1,2\\r\\n\\r\\n3,4", '\\"a,b', "a, b\\n 1, 2", "\\uFEFFa\\n1", "a,\\n1,2", 'a\\n\\"x\\"y\\n', 'a\\nx\\"y\\n', "é,日\\n1,2", 'a,b\\n,\\n\\"\\",\\"\\"', "a\\n\\n1\\n", "a\\r1", "#a\\n1", 'a\\n\\" x \\"', "a,b\\n1,2,3\\n", "a\\r\\n\\r1\\r\\n"]
JSONS = ["{}", "[]", "1", "1e400", "-0", "0.10", '\\"x\\"', '\\"\\\\u00e9\\\\ud83d\\\\ude00\\"', '\\"\\\\ud83d\\"', "null", "true", "[1,\\\"a\\\",null]", '{\\"a\\":{\\"b\\":[]}}', '{\\"a\\":1,\\"a\\":2}', "[1,]", "", " 1 ", "1 2", "nul", "01", "1.", ".5", "+1", "'a'", "{a:1}", '\\"\\t\\"', "[[[[]]]]", "1E+2", '{\\"\\":0}', "\\uFEFF1", "NaN", "9007199254740993", "1.50", '\\"\\\\/\\\\b\\"', "[1", "]", '{\\"a\\"}', '{\\"a\\":1,}', "//x", "-", "1e", '\\"\\\\x\\"']
BASES = ["2", "8", "10", "16", "36", "37", "62", "63", "1", "0", "-1", "2.5", "\"10\"", "null"]
DIGITS = ["0", "10", "-10", "+5", "ff", "FF", "0x1f", "z", "Z", "zZ", "", "-", "1_000", "_1", "١", "12345678901234567890123456789012345678901234567890", " 1", "1.0", "007", "0b1", "--1", "aZ9", "1e5"]
NAMESPACES = ["dns", "url", "oid", "x500", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8", "{6ba7b810-9dad-11d1-80b4-00c04fd430c8}", "6ba7b8109dad11d180b400c04fd430c8", "DNS", "", "nope", "6BA7B810-9DAD-11D1-80B4-00C04FD430C8"]
BASE64S = ["", "YQ==", "YWI=", "YWJj", "YQ", "Y Q==", "YQ==\\n", "YWJj\\nYWJj", "_-8=", "/+8=", "w6k=", "/w==", "YQ=", "YQ===", "!!!!", "gIA=", "Y=Q=", "YR==", "AAAA", "//8=", "AGE=", "YQA=", "/v8AYQ==", "//5hAA==", "gqA=", "pKI="]

SPECIAL = {
    "cidr": CIDRS, "time": TIMES, "duration": DURATIONS, "date": DATES, "pattern": PATTERNS, "path": PATHS, "file": FILES, "glob": GLOBS,
    "encoding": ENCODINGS, "csv": CSVS, "json": JSONS, "digits": DIGITS, "namespace": NAMESPACES, "base64": BASE64S,
    "needle": [*NEEDLES, *STRINGS], "change": [*CHANGES, *STRINGS], "verb": VERBS,
}  # fmt: skip
# What fits better than what the type of a parameter tells: functions and the words for their arguments; `...` for any number.
FITTING = """abs num;abspath path;alltrue bools;anytrue bools;base64decode base64;basename path;chunklist seq small;cidrhost cidr num;cidrhost cidr small
cidrnetmask cidr;cidrsubnet cidr small num;cidrsubnet cidr small small;cidrsubnets cidr small...;coalesce any...;coalesce str...;coalescelist seq...
compact strs;concat seq...;contains seq any;contains strs str;csvdecode csv;dirname path;distinct seq;element seq small;endswith str str
file file;filebase64 file;filebase64sha256 file;filebase64sha512 file;fileexists file;filemd5 file;fileset "texts" glob;fileset file glob;filesha1 file
filesha256 file;filesha512 file;flatten deep;format format any...;format verb any;format verb num;format verb str;formatlist verb seq...;formatlist format seq any...
formatdate date time;indent small str;index seq any;index strs str;join str strs...;jsondecode json;jsonencode any;keys map;length any;log num num;log num small
lookup map str;lookup map key any...;lookup map key str;matchkeys seq seq seq;matchkeys strs strs strs;max num...;merge map...;min num...;one seq;parseint digits base;parseint any base
pathexpand path;pow num small;pow num num;range num...;range small...;regex pattern str;regexall pattern str;replace str needle change;reverse seq
setintersection seq...;setproduct seq...;setsubtract seq seq;setunion seq...;slice seq small small;sort strs;split str str;startswith str str;strcontains str str
strrev str;substr str small small;substr str num num;sum nums;sum seq;textdecodebase64 base64 encoding;textencodebase64 str encoding;timeadd time duration;timecmp time time
tobool any;tolist seq;tomap map;tonumber any;toset seq;tostring any;transpose lists;trim str str;trimprefix str str;trimsuffix str str
try any...;uuidv5 namespace str;values map;yamldecode yaml;yamlencode any;yamlencode deep;zipmap strs seq;templatestring template map
jsonencode deep;jsonencode str;yamlencode str;title str;upper str;lower str;urlencode str;trimspace str;chomp str;formatdate dates time;ephemeralasnull any;can any"""
UNASKED = {"bcrypt", "timestamp", "uuid", "plantimestamp", "convert", "templatefile", "rsadecrypt", "abspath", "pathexpand", "base64gzip", "sensitive", "nonsensitive", "issensitive", "templatestring"}
YAMLS = ["a", "a: 1", "- 1", "x", "1", "~", "1.5", "0o17", "0x1F", "1_000", "yes", "on", "true", "- a: b", "  c: d", "'q'", '\\"d\\\\n\\"', "|", ">-", "  text", "{a: 1, b: [x]}", "[1, ,2]", "# c", "---", "...", "&a x", "*a", "!!str 1", "2024-01-01", ".inf", "? k", ": v", "a:", "<<: {b: 1}", "!x y", "1e3", "@", "- - 1", "\\t", "a: b: c", "!!int \\\"1\\\"", "!!binary YQ==", "0b11", "+1", "-.5", "017", "Null", "FALSE", "a #b", "a#b", "%Y"]


class Arguments:
    """Makes calls; the same ones for the same seed."""

    def __init__(self, seed: int, mode: str = "known") -> None:
        self.random = random.Random(seed)
        self.mode = mode
        self.makers: dict[str, Callable[[], str]] = {
            "str": self._string, "num": self._number, "small": self._small, "bool": lambda: self._mixed(["true", "false"], "local.b"), "any": self.any,
            "strs": lambda: self._list(self._string), "nums": lambda: self._list(self._number), "bools": lambda: self._list(self.makers["bool"]),
            "seq": self._sequence, "deep": lambda: self._nested(3), "map": self._map, "lists": self._lists, "base": lambda: self.random.choice(BASES),
            "key": lambda: self._mixed(['"a"', '"b"', '"x"', '""'], "local.u"), "yaml": self._yaml, "format": self._format, "dates": self._dates,
            "template": lambda: "local.hole",
        }  # fmt: skip

    def _mixed(self, choices: list[str], unknown: str) -> str:
        """One of these, or what is not known, or a secret, as the mode has it."""
        one = self.random.choice(choices)
        if self.mode == "unknown" and self.random.random() < 0.3:
            return unknown
        if self.mode == "marks" and self.random.random() < 0.2:
            return f"sensitive({one})"
        return one

    def _string(self) -> str:
        plain = STRINGS if self.random.random() < 0.6 else ["a", "b", "ab", "x", ""]
        return self._mixed([f'"{self.random.choice(plain)}"'], self.random.choice(["local.u", "local.id", "local.arn", '"x-${local.u}"']))

    def _number(self) -> str:
        return self._mixed(NUMBERS, "local.n")

    def _small(self) -> str:
        return self._mixed(["0", "1", "2", "3", "4", "8", "-1", "-2", "1.5", '"1"', "16", "100", "33"], "local.n")

    def _list(self, maker: Callable[[], str]) -> str:
        body = "[" + ", ".join(maker() if self.random.random() < 0.93 else "null" for _ in range(self.random.randrange(5))) + "]"
        body = self.random.choice([body, body, f"tolist({body})", f"toset({body})"])
        return self._mixed([body], self.random.choice(["local.l", "local.s", "local.t", "local.nl"]))

    def _sequence(self) -> str:
        return self._list(self.random.choice([self._string, self._number, self.makers["bool"], self.any, lambda: self.random.choice("1 2 3".split()), lambda: '"a"']))

    def _map(self) -> str:
        maker = self.random.choice([self._string, self._number, self.any, lambda: "1"])
        keys = self.random.sample(["a", "b", "x", "é", "with space", "1", ""], self.random.randrange(4))
        body = "{" + ", ".join(f'"{key}" = {maker()}' for key in keys) + "}"
        return self._mixed([body, body, f"tomap({body})"], self.random.choice(["local.m", "local.o", "local.u"]))

    def _lists(self) -> str:
        keys = self.random.sample(["a", "b", "c", "é", ""], self.random.randrange(4))
        return "{" + ", ".join(f'"{key}" = {self._list(self._string)}' for key in keys) + "}"

    def _nested(self, depth: int) -> str:
        if depth == 0 or self.random.random() < 0.3:
            return self.any(0)
        if self.random.random() < 0.25:
            return "{" + ", ".join(f'"{key}" = {self._nested(depth - 1)}' for key in self.random.sample("abcd", self.random.randrange(3))) + "}"
        body = "[" + ", ".join(self._nested(depth - 1) for _ in range(self.random.randrange(4))) + "]"
        return self.random.choice([body, body, body, f"toset({body})", f"tolist({body})"])

    def _yaml(self) -> str:
        lines = [self.random.choice(["", "", "  ", "- "]) + self.random.choice(YAMLS) for _ in range(self.random.randrange(1, 5))]
        return '"' + "\\n".join(lines).replace("%{", "%%{").replace("${", "$${") + '"'

    def _format(self) -> str:
        return '"' + self.random.choice(["", "a", "é "]).join(self.random.choice(VERBS) for _ in range(self.random.randrange(4))) + '"'

    def _dates(self) -> str:
        return '"' + self.random.choice(["", "-", " "]).join(self.random.choice(DATES) for _ in range(self.random.randrange(4))) + '"'

    def any(self, depth: int = 1) -> str:
        """A value of any type."""
        word = self.random.choice(["str", "num", "bool", "null", "key"] if depth == 0 else ["str", "num", "bool", "null", "strs", "nums", "seq", "map", "deep", "lists"])
        return "null" if word == "null" else self.makers[word]()

    def argument(self, word: str) -> str:
        """An argument for a word, now and then of another type."""
        if word.startswith('"'):
            return word
        if self.random.random() < 0.05:
            return self.any()
        if word in SPECIAL:
            unknown = self.random.choice(["local.u", "local.arn"])
            return self._mixed([f'"{self.random.choice(SPECIAL[word])}"'], unknown)
        return self.makers[word]()

    def call(self, name: str, words: list[str]) -> str:
        """A call of a function."""
        arguments: list[str] = []
        for word in words:
            count = self.random.choice([0, 1, 1, 2, 2, 3]) if word.endswith("...") else 1
            arguments += [self.argument(word.removesuffix("...")) for _ in range(count)]
        if self.random.random() < 0.02:
            arguments = self.random.choice([arguments[:-1], [*arguments, self.any()]])
        return f"{name}({', '.join(arguments)})"


def forms(listed: str) -> dict[str, list[list[str]]]:
    """The words for the arguments of every function: those above, and what its parameters tell for the others."""
    found: dict[str, list[list[str]]] = {}
    for form in FITTING.replace("\n", ";").split(";"):
        name, *words = form.split()
        found.setdefault(name, []).append(words)
    by_type = {"string": "str", "number": "num", "bool": "bool", "dynamic": "any"}
    for name, signature in json.loads(listed).items():
        words = [by_type.get(p["type"], "seq") if isinstance(p["type"], str) else "seq" for p in signature["parameters"]]
        more = signature["variadic"]
        words += ["any..."] if more else []
        found.setdefault(name, [words])
    return {name: words for name, words in sorted(found.items()) if name not in UNASKED}
