//! The steps of a provider on its way to a module, in words whose number does not grow with the depth of modules.

use crate::load::config::Name;

/// Steps that are told one by one.
const MOST: usize = 8;

/// Steps from the nearest to the furthest.
#[derive(Default)]
pub(crate) struct Trail {
    told: Vec<Name>,
    left_out: usize,
    /// The innermost of the modules that inherit, one in the other, the provider's name, and how many there are.
    inherited: Option<(Name, Name, usize)>,
}

impl Trail {
    /// A module inherits a provider from the one around it.
    pub(crate) fn inherits(&mut self, module: &Name, provider: &Name) {
        match &mut self.inherited {
            Some((_, _, count)) => *count += 1,
            None => self.inherited = Some((module.clone(), provider.clone(), 1)),
        }
    }

    /// Any other step.
    pub(crate) fn step(&mut self, text: impl FnOnce() -> String) {
        self.settle();
        self.tell(text);
    }

    /// All steps, and where they end.
    pub(crate) fn end(mut self, last: Option<String>) -> Vec<Name> {
        self.settle();
        if self.left_out > 0 {
            self.told
                .push(format!("{} steps more", self.left_out).into());
        }
        self.told.extend(last.map(Name::from));
        self.told
    }

    fn settle(&mut self) {
        if let Some((module, provider, count)) = self.inherited.take() {
            self.tell(|| {
                let around = match count {
                    1 => String::new(),
                    2 => ", as does the module around it".to_owned(),
                    _ => format!(", as do the {} modules around it", count - 1),
                };
                format!("{module} inherits {provider}{around}")
            });
        }
    }

    fn tell(&mut self, text: impl FnOnce() -> String) {
        if self.told.len() < MOST {
            self.told.push(text().into());
        } else {
            self.left_out += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(trail: Trail) -> Vec<String> {
        let end = Some("provider aws at main.tf:1".to_owned());
        trail.end(end).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn modules_that_inherit_one_after_the_other_are_one_step() {
        let mut trail = Trail::default();
        for module in [
            "module.a.module.b.module.c",
            "module.a.module.b",
            "module.a",
        ] {
            trail.inherits(&module.into(), &"aws".into());
        }
        let inherits = "module.a.module.b.module.c inherits aws, as do the 2 modules around it";
        assert_eq!(told(trail), [inherits, "provider aws at main.tf:1"]);
    }

    #[test]
    fn steps_past_those_that_anybody_reads_are_counted() {
        let mut trail = Trail::default();
        for at in 0..1_000 {
            trail.step(|| format!("step {at}"));
        }
        let told = told(trail);
        assert_eq!(told.len(), MOST + 2);
        assert_eq!(
            told[MOST..],
            ["992 steps more", "provider aws at main.tf:1"]
        );
    }
}
