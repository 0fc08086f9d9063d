#!/usr/bin/env python3
"""How long drcheck takes beside others, in one run: its parser beside `terraform fmt` and hcl-edit, the load of a tree,
and a whole inventory beside `terraform validate` and Checkov.

Terraform is the lab's own. Times are user seconds, the best of several runs; compare ratios rather than seconds. What a
program takes for nothing (an empty directory, an empty list) is taken off the parsers' times, and only off these: the
others are whole processes. `terraform validate` checks every block once and makes no instances, `terraform plan` makes
them; Checkov counts blocks too, and runs its policies. With --check the limits are enforced.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import corpus
from inventory import write_root
from stopwatch import best, measured

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "oracle"))

from terraform_oracle import Oracle  # noqa: E402

REQUIREMENTS = HERE / "checkov-requirements.txt"

# The parser takes so many times less than these.
PARSERS = {"terraform fmt": 60, "hcl-edit": 3}
LOAD_CPU = 0.3
HEREDOCS_CPU = 0.05
INSTANCES = 500
# What ends in hundredths of a second is counted more often.
SHORT_RUNS = 10


class Bench:
    """Runs and prints, and remembers which limits were not kept."""

    def __init__(self, options, scratch):
        self.options, self.scratch = options, scratch
        self.oracle = Oracle(scratch, options.target)
        self.broken = []

    def row(self, what, seconds, ratio=None, limit="", kept=True):
        """One line of the table."""
        ratio = f"{ratio:.1f}" if ratio else ""
        print(f"{what:<58} {seconds:>8.3f} {ratio:>7}  {limit}", flush=True)
        if not kept:
            self.broken.append(what)

    def listed(self, paths):
        """A file with a list of files."""
        place = self.scratch / "list"
        place.write_text("".join(f"{path}\n" for path in paths))
        return place

    def parser(self, name, paths):
        """The cost of a parser, and which files it does not take."""
        output = self.scratch / "refused"
        cost = best(self.options.runs, [self.options.target / "examples/parse_bench", name], output, self.listed(paths))
        return cost, set(output.read_text().splitlines())

    def fmt(self, directory):
        """The cost of Terraform's formatter."""
        command = [self.oracle.terraform, "fmt", "-recursive", "-list=false", "-write=false", directory]
        return best(self.options.runs, command, env=self.oracle.environment)

    def parsers(self):
        """Parsing alone."""
        directory, nothing = self.scratch / "corpus", self.scratch / "nothing"
        nothing.mkdir()
        corpus.write_tree(directory / "generated")
        corpus.write_copies(directory / "committed", self.options.copies)
        paths = sorted(directory.rglob("*.tf"))
        for name in ("drcheck", "hcl-edit"):
            for path in self.parser(name, paths)[1]:
                Path(path).unlink()
        left = sorted(directory.rglob("*.tf"))
        size = sum(path.stat().st_size for path in left) / 1e6
        print(f"{len(left)} files, {size:.1f} MB, generated and committed; {len(paths) - len(left)} that not all parsers take are left out")
        ours = self.parser("drcheck", left)[0].user - self.parser("drcheck", [])[0].user
        self.row("parse: drcheck", ours)
        others = {
            "hcl-edit": self.parser("hcl-edit", left)[0].user - self.parser("hcl-edit", [])[0].user,
            "terraform fmt": self.fmt(directory).user - self.fmt(nothing).user,
        }
        for name, theirs in others.items():
            least, ratio = PARSERS[name], theirs / ours
            self.row(f"parse: {name}", theirs, ratio, f"at least {least}", ratio >= least)
        heredocs = self.scratch / "heredocs.tf"
        heredocs.write_text("".join(f"a{number} = <<E{number}\n" for number in range(5000)))
        cost = self.parser("drcheck", [heredocs])[0]
        self.row("parse: 5,000 heredocs that are never closed, user + system", cost.cpu, None, f"{HEREDOCS_CPU} s", cost.cpu <= HEREDOCS_CPU)

    def load(self):
        """A tree with everything that it calls, but no expression evaluated."""
        tree = self.scratch / "tree"
        corpus.write_tree(tree)
        count = sum(1 for _ in tree.rglob("*.tf"))
        cost = best(self.options.runs, [self.options.target / "drcheck", "eval", "--root", tree])
        self.row(f"load: a root and its modules, {count} files, user + system", cost.cpu, None, f"{LOAD_CPU} s", cost.cpu <= LOAD_CPU)

    def inventory(self, root):
        """A whole inventory."""
        command = [self.options.target / "drcheck", "inventory", "--quiet", "--format", "json", root]
        return best(SHORT_RUNS, command).user

    def terraform(self):
        """A root that both sides can read to the end here: no provider of AWS can be had without Terraform's registry."""
        root = self.scratch / "values"
        corpus.write_values(root, INSTANCES)
        command = [self.oracle.terraform, f"-chdir={root}"]
        measured([*command, "init", "-input=false"], env=self.oracle.environment)
        ours = self.inventory(root)
        self.row(f"whole: drcheck inventory, {INSTANCES} terraform_data", ours)
        for verb in (["validate"], ["plan", "-input=false", "-refresh=false"]):
            theirs = best(SHORT_RUNS, [*command, *verb], env=self.oracle.environment).user
            self.row(f"whole: terraform {verb[0]} of it, after init", theirs, theirs / ours)

    def checkov(self):
        """A root with AWS resources beside Checkov, which also runs its policies on it."""
        root = self.scratch / "aws"
        write_root(root, INSTANCES)
        ours = self.inventory(root)
        self.row(f"whole: drcheck inventory, {INSTANCES} of AWS", ours)
        program = self.installed()
        if program is None:
            return
        command = [program, "--directory", root, "--framework", "terraform", "--skip-download", "--soft-fail", "--output", "json", "--quiet"]
        theirs = best(1, command).user
        self.row("whole: checkov of it, with its policies", theirs, theirs / ours)
        check = [self.options.target / "drcheck", "check", "--quiet", "--format", "json", root]
        whole = best(SHORT_RUNS, check, accepted=(0, 1)).user
        self.row("whole: drcheck check of it, both regions, all rules", whole)
        self.row("whole: checkov beside that", theirs, theirs / whole)

    def installed(self):
        """Checkov in an environment of its own; None where it cannot be installed."""
        place = self.options.checkov
        if place is None:
            return None
        program, done = place / "bin/checkov", place / "requirements.txt"
        if done.exists() and done.read_bytes() == REQUIREMENTS.read_bytes():
            return program
        install = [place / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", REQUIREMENTS]
        for command in ([sys.executable, "-m", "venv", "--clear", place], install):
            if subprocess.run(command, check=False).returncode != 0:
                print("Checkov cannot be installed here: it is left out")
                return None
        done.write_bytes(REQUIREMENTS.read_bytes())
        return program


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", type=Path, required=True, help="directory of release binaries")
    parser.add_argument("--checkov", type=Path, help="where Checkov is installed; without it, it is left out")
    parser.add_argument("--copies", type=int, default=40, help="of each committed file")
    parser.add_argument("--runs", type=int, default=3, help="the best of so many counts")
    parser.add_argument("--check", action="store_true", help="fail when a limit is not kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="drcheck-bench-") as scratch:
        bench = Bench(options, Path(scratch))
        print(f"{'what':<58} {'user s':>8} {'ratio':>7}  limit")
        for part in (bench.parsers, bench.load, bench.terraform, bench.checkov):
            part()
    if bench.broken and options.check:
        sys.exit(f"limits not kept: {', '.join(bench.broken)}")


if __name__ == "__main__":
    main()
