//! The ARNs of what steps and stores name, as policies name it.

use aws::Region;
use serde_json::Value;

use crate::document::{StepEntry, StorePlace};

/// Where resources are.
pub(super) struct Place<'a> {
    pub(super) region: &'a Region,
    pub(super) account: &'a str,
}

/// Actions that IAM knows for all resources only: <https://docs.aws.amazon.com/service-authorization/latest/reference/>.
const FOR_ALL: [&str; 4] = [
    "cloudwatch:GetMetricData",
    "cloudwatch:GetMetricStatistics",
    "autoscaling:DescribeAutoScalingGroups",
    "application-autoscaling:DescribeScalableTargets",
];

/// Actions on what comes to be while a plan runs: the copy of a snapshot, a change of records, a scalable target.
const UNNAMED: [&str; 5] = [
    "rds:CopyDBClusterSnapshot",
    "rds:DescribeDBClusterSnapshots",
    "rds:CreateDBInstanceReadReplica",
    "route53:GetChange",
    "application-autoscaling:RegisterScalableTarget",
];

impl Place<'_> {
    /// The ARNs of a step's resources that an action may be done to, and whether they are the very ones.
    pub(super) fn of_step(&self, action: &str, step: &StepEntry) -> (Vec<String>, bool) {
        let all = vec!["*".to_owned()];
        if FOR_ALL.contains(&action) {
            return (all, true);
        }
        let service = action.split(':').next().unwrap_or_default();
        let named = self.named(service, step);
        if UNNAMED.contains(&action) || named.is_empty() {
            return (all, false);
        }
        let by_lot = ["autoscaling", "secretsmanager"].contains(&service);
        (named, !by_lot)
    }

    fn named(&self, service: &str, step: &StepEntry) -> Vec<String> {
        let texts = |name: &str| self.texts(step, name);
        let each = |name: &str, kind: &str| -> Vec<String> {
            let names = texts(name).into_iter();
            names.map(|name| self.arn(service, kind, &name)).collect()
        };
        match service {
            "rds" => {
                let global = texts("global_cluster").into_iter();
                let global = global.map(|name| {
                    format!(
                        "arn:{}:rds::{}:global-cluster:{name}",
                        self.partition(),
                        self.account
                    )
                });
                [each("instances", "db:"), each("clusters", "cluster:")]
                    .into_iter()
                    .flatten()
                    .chain(global)
                    .collect()
            }
            "ecs" => self.services(step),
            "autoscaling" => each("groups", "autoScalingGroup:*:autoScalingGroupName/"),
            "secretsmanager" => {
                let ids = members(step, "secrets", "id");
                let members = ids.iter().map(|id| self.arn(service, "secret:", id));
                let listed = each("secrets", "secret:").into_iter().chain(members);
                // A secret's ARN ends in six letters that AWS draws.
                listed.map(|arn| format!("{arn}-AbCdEf")).collect()
            }
            "ssm" => {
                let names = members(step, "parameters", "name").into_iter();
                names
                    .map(|name| self.arn(service, "parameter/", name.trim_start_matches('/')))
                    .collect()
            }
            "lambda" => {
                let functions = each("functions", "function:").into_iter();
                functions
                    .chain(each("mappings", "event-source-mapping:"))
                    .collect()
            }
            "sns" => texts("topics"),
            "cloudwatch" => each("alarms", "alarm:"),
            "dynamodb" => each("table", "table/"),
            "elasticache" => {
                let stores = texts("datastore").into_iter();
                let stores = stores.map(|name| {
                    format!(
                        "arn:{}:elasticache::{}:globalreplicationgroup:{name}",
                        self.partition(),
                        self.account
                    )
                });
                stores.chain(each("groups", "replicationgroup:")).collect()
            }
            "route53" => {
                let zones = texts("zone_id").into_iter();
                let zones = zones.map(|zone| {
                    let zone = zone.trim_start_matches("/hostedzone/");
                    format!("arn:{}:route53:::hostedzone/{zone}", self.partition())
                });
                zones.collect()
            }
            // Every endpoint of the cluster answers for the controls of all regions.
            "route53-recovery-cluster" => every_text(step.arguments.as_json().get("controls")),
            "s3" => self.objects(step),
            _ => Vec::new(),
        }
    }

    fn objects(&self, step: &StepEntry) -> Vec<String> {
        let mut arns = self.texts(step, "access_point_arn");
        for bucket in self.texts(step, "buckets") {
            arns.push(format!("arn:{}:s3:::{bucket}", self.partition()));
        }
        for switch in step.arguments.objects("switches") {
            if switch.text("region") == Some(self.region.as_str()) {
                let bucket = switch.text("bucket").unwrap_or_default();
                let key = switch.text("key").unwrap_or_default();
                arns.push(format!("arn:{}:s3:::{bucket}/{key}", self.partition()));
            }
        }
        arns
    }

    /// ECS services of the region: one object, or a list of them.
    fn services(&self, step: &StepEntry) -> Vec<String> {
        let of_region = step.arguments.in_region("services", self.region);
        let listed = match of_region {
            Some(Value::Array(list)) => list.iter().collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        };
        let arns = listed.into_iter().filter_map(|it| {
            let cluster = it.get("cluster")?.as_str()?;
            let cluster = cluster.rsplit('/').next().unwrap_or(cluster);
            let service = it.get("service")?.as_str()?;
            Some(self.arn("ecs", "service/", &format!("{cluster}/{service}")))
        });
        arns.collect()
    }

    pub(super) fn of_store(&self, action: &str, place: Option<&StorePlace>) -> (Vec<String>, bool) {
        let Some(StorePlace::Bucket {
            bucket,
            prefix,
            kms_key,
        }) = place
        else {
            return (vec!["*".to_owned()], false);
        };
        let partition = self.partition();
        if action.starts_with("kms:") {
            let key = kms_key.as_deref().filter(|key| key.contains(":key/"));
            return key.map_or((vec!["*".to_owned()], false), |key| {
                (vec![key.to_owned()], true)
            });
        }
        let of_objects = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"].contains(&action);
        let name = if of_objects {
            format!("{bucket}/{prefix}{}", crate::lock::KEY)
        } else {
            bucket.clone()
        };
        (vec![format!("arn:{partition}:s3:::{name}")], true)
    }

    /// The ARN of something, unless its name is one already.
    fn arn(&self, service: &str, kind: &str, name: &str) -> String {
        if name.starts_with("arn:") {
            return name.to_owned();
        }
        let (partition, region, account) = (self.partition(), self.region, self.account);
        format!("arn:{partition}:{service}:{region}:{account}:{kind}{name}")
    }

    fn partition(&self) -> &'static str {
        match self.region.as_str() {
            name if name.starts_with("cn-") => "aws-cn",
            name if name.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        }
    }

    /// What an argument names: one text for all regions, or one or several for each.
    fn texts(&self, step: &StepEntry, name: &str) -> Vec<String> {
        match step.arguments.as_json().get(name) {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Object(by_region)) => every_text(by_region.get(self.region.as_str())),
            _ => Vec::new(),
        }
    }
}

/// A member of every object of a list.
fn members(step: &StepEntry, list: &str, member: &str) -> Vec<String> {
    let objects = step.arguments.objects(list).into_iter();
    objects
        .filter_map(|it| it.text(member).map(str::to_owned))
        .collect()
}

/// All texts of a value, however deep.
fn every_text(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(list)) => list.iter().flat_map(|it| every_text(Some(it))).collect(),
        Some(Value::Object(members)) => members
            .values()
            .flat_map(|it| every_text(Some(it)))
            .collect(),
        _ => Vec::new(),
    }
}
