//! Machines of another processor than production's, and images that do not start on them.

use crate::inventory::{Name, Node};
use crate::mirror::{InstanceId, Maybe, Mirror, text};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const RULE: Rule = Rule {
    name: "processor-differs",
    family: Family::Compute,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "Machines of the secondary region have another processor than those of production.",
    impact: "An image for another processor does not start.",
    doc: "\
## What it asks
The instance types of paired launch templates and machines: x86 or ARM, as the family says. Where they differ and the image is
one for the primary's processor (its name says `x86_64` or `arm64`, or both sides use the same), nothing starts. Where the image
is another one, it cannot be told whether everything on it is built for both. Functions and tasks say their processor
themselves, and are compared with the rest of them.

## Example
```terraform
resource \"aws_launch_template\" \"worker\" {
  instance_type = \"c7g.2xlarge\"     # production: c6i.2xlarge
  image_id      = \"resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64\"
}
```

## How to fix it
Use a family of the primary's processor, or an image and packages for the other one.

Source: Amazon EC2 instance types, naming conventions.
",
    check: Check::Code(check),
};

/// Types with the argument of the image.
const MACHINES: [(&str, &str); 2] = [("aws_launch_template", "image_id"), ("aws_instance", "ami")];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Processor {
    X86,
    Arm,
}

impl Processor {
    fn word(self) -> &'static str {
        match self {
            Processor::X86 => "x86",
            Processor::Arm => "ARM",
        }
    }

    /// By the family of an instance type: a `g` behind the generation is Graviton.
    fn of_type(class: &str) -> Option<Self> {
        let family = class.split_once('.')?.0;
        let generation = family.find(|c: char| c.is_ascii_digit())?;
        let behind = family
            .get(generation..)?
            .trim_start_matches(|c: char| c.is_ascii_digit());
        match family {
            "a1" => Some(Processor::Arm),
            // Names with a dash follow other conventions.
            _ if family.contains('-') || family.starts_with("mac") => None,
            _ if behind.contains('g') => Some(Processor::Arm),
            _ => Some(Processor::X86),
        }
    }

    /// By the words of an image; none where it says neither, or both.
    fn of_image(text: &str) -> Option<Self> {
        let says = |words: [&str; 3]| words.iter().any(|word| text.contains(word));
        match (
            says(["x86_64", "x86-64", "amd64"]),
            says(["arm64", "aarch64", "graviton"]),
        ) {
            (true, false) => Some(Processor::X86),
            (false, true) => Some(Processor::Arm),
            _ => None,
        }
    }
}

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    let path = "instance_type";
    for (ty, image) in MACHINES {
        for (pair, secondary) in mirror.pairs_of(ty) {
            let asked = Asked::new(
                RULE.name,
                Spot::of(pair.primary, path),
                Spot::of(secondary, path),
            )
            .keyed("processor");
            let name = &mirror.instance(secondary).address;
            let read = |id| text(mirror.value(id, path));
            let (one, other) = match (read(pair.primary), read(secondary)) {
                (Maybe::Known(one), Maybe::Known(other)) => (one, other),
                (Maybe::Unknown(because), _) | (_, Maybe::Unknown(because))
                    if !crate::mirror::decided_by_aws(&because) =>
                {
                    if mirror.same(pair, secondary, path) {
                        sink.holds();
                    } else {
                        let message = format!(
                            "whether the processor of {name} is the primary's is not known"
                        );
                        sink.unsure(asked.unsure(message, because));
                    }
                    continue;
                }
                _ => continue,
            };
            let (first, second) = (Processor::of_type(&one), Processor::of_type(&other));
            let (Some(first), Some(second)) = (first, second) else {
                continue;
            };
            if first == second {
                sink.holds();
                continue;
            }
            let own = built_for(mirror, secondary, image);
            // Two that are not known for the same reason may be two images.
            let written = |id| mirror.value(id, image).and_then(Node::as_str);
            let same = written(secondary).is_some() && written(pair.primary) == written(secondary);
            if own == Some(first) || own.is_none() && same {
                sink.broken(asked.broken(format!(
                    "{name} starts machines with {} processors ({other}) from an image for {}",
                    second.word(),
                    first.word()
                )));
            } else {
                let message = format!(
                    "{name} starts machines with {} processors ({other}), the primary with {} ({one}): whether all that runs there is built for both is not known",
                    second.word(),
                    first.word()
                );
                let because: Vec<Name> = vec!["what the image is built for".into()];
                sink.unsure(asked.unsure(message, because).settle(
                    "Use a family of the primary's processor, or accept the difference in dr.hcl.",
                ));
            }
        }
    }
}

/// The processor that an image is built for: by its own text, or by what was asked for it.
fn built_for(mirror: &Mirror<'_>, id: InstanceId, path: &str) -> Option<Processor> {
    if let Some(own) = mirror
        .value(id, path)
        .and_then(Node::as_str)
        .and_then(Processor::of_image)
    {
        return Some(own);
    }
    let asked = mirror.targets(id, path).into_iter().chain(
        mirror
            .graph
            .out(id)
            .iter()
            .filter(|edge| crate::mirror::schema_path(&edge.path) == path)
            .map(|edge| edge.to),
    );
    asked
        .flat_map(|source| mirror.instance(source).values.values())
        .find_map(|node| Processor::of_image(&format!("{node:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_say_their_processor() {
        for class in [
            "c7g.large",
            "m6gd.xlarge",
            "t4g.small",
            "im4gn.large",
            "x2gd.large",
            "g5g.xlarge",
            "a1.large",
            "c7gn.large",
        ] {
            assert_eq!(Processor::of_type(class), Some(Processor::Arm), "{class}");
        }
        for class in [
            "c6i.large",
            "m5.large",
            "g5.xlarge",
            "g4dn.xlarge",
            "t3a.micro",
            "p4d.24xlarge",
        ] {
            assert_eq!(Processor::of_type(class), Some(Processor::X86), "{class}");
        }
        assert_eq!(Processor::of_type("u-6tb1.56xlarge"), None);
        assert_eq!(Processor::of_type("mac2.metal"), None);
    }
}
