//! AWS on loopback, as far as drctl asks it here: objects, who is calling, messages, databases. It keeps state, may be
//! told to refuse, to be silent, or to have another time, and counts what it was asked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

use jiff::{SignedDuration, Timestamp};

use crate::objects;

/// One request, taken apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// With the query.
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
    /// By the signature.
    pub(crate) region: String,
    pub(crate) service: String,
}

impl Request {
    /// A field of a form.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let body = String::from_utf8_lossy(&self.body).into_owned();
        body.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            (key == name).then(|| decoded(value))
        })
    }

    /// What is asked, such as `us-west-2 PutObject bucket/key`.
    fn name(&self) -> String {
        let what = match self.field("Action") {
            Some(action) => format!(
                "{action} {}",
                self.field("DBInstanceIdentifier").unwrap_or_default()
            ),
            None => objects::operation(self),
        };
        format!("{} {}", self.region, what.trim_end())
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let (b'%', Some(byte)) = (first, byte) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Status and body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn xml(status: u16, body: impl Into<String>) -> Self {
        Answer {
            status,
            headers: vec![("content-type".to_owned(), "text/xml".to_owned())],
            body: body.into().into_bytes(),
        }
    }

    /// An error of a service that answers forms.
    fn refused(status: u16, code: &str, message: &str) -> Self {
        Answer::xml(
            status,
            format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>r</RequestId></ErrorResponse>"
            ),
        )
    }
}

/// What the world is.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) objects: objects::State,
    /// Status of databases by region and identifier.
    pub(crate) databases: BTreeMap<(String, String), Database>,
    /// Names of requests that are refused, as far as they begin with this.
    pub(crate) denied: BTreeSet<String>,
    /// Regions that close every connection.
    pub(crate) silent: BTreeSet<String>,
    /// Regions that take every request and never answer.
    pub(crate) hanging: BTreeSet<String>,
    /// What silent regions were asked.
    pub(crate) unheard: Vec<String>,
    /// How far the server's time is from ours.
    pub(crate) skew: SignedDuration,
    /// What was asked, in order.
    pub(crate) asked: Vec<String>,
    /// Bodies of messages that were sent.
    pub(crate) messages: Vec<String>,
    /// Requests for sessions.
    pub(crate) sessions: Vec<Request>,
    /// Actions that IAM says no policy allows.
    pub(crate) not_allowed: BTreeSet<String>,
    /// What IAM was asked: the principal, the action, the first resource.
    pub(crate) simulated: Vec<(String, String, String)>,
}

/// A database.
#[derive(Clone, Debug, Default)]
pub(crate) struct Database {
    pub(crate) status: String,
    pub(crate) source: Option<String>,
    pub(crate) epoch: Option<u64>,
}

/// A running server; it ends with its process.
pub(crate) struct Server {
    pub(crate) url: String,
    world: Arc<Mutex<World>>,
}

impl Server {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let world: Arc<Mutex<World>> = Arc::default();
        let shared = Arc::clone(&world);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let world = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream, &world));
            }
        });
        Server { url, world }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }
}

fn serve(mut stream: TcpStream, world: &Mutex<World>) {
    while let Some(request) = read(&mut stream) {
        let (answer, date) = {
            let mut world = world.lock().unwrap();
            if world.silent.contains(&request.region) {
                world.unheard.push(request.name());
                return;
            }
            if world.hanging.contains(&request.region) {
                world.unheard.push(request.name());
                drop(world);
                // The connection stays open until whoever waits gives up.
                let _gone = stream.read(&mut [0; 1]);
                return;
            }
            let date = Timestamp::now() + world.skew;
            (answer(&request, &mut world), date)
        };
        let mut head = format!(
            "HTTP/1.1 {} X\r\ndate: {}\r\nx-amzn-requestid: r-1\r\n",
            answer.status,
            date.strftime("%a, %d %b %Y %H:%M:%S GMT")
        );
        for (name, value) in &answer.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        // An answer to HEAD has no body, and neither has 204.
        let _ = write!(head, "content-length: {}\r\n\r\n", answer.body.len());
        let whole = [head.as_bytes(), &answer.body].concat();
        if stream.write_all(&whole).is_err() {
            return;
        }
    }
}

fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let mut request = parsed(&head)?;
            let length = request.headers.get("content-length");
            let length: usize = length.map_or(0, |length| length.parse().unwrap());
            let body = &bytes[end + 4..];
            if body.len() >= length {
                request.body = body.to_vec();
                return Some(request);
            }
        }
        match stream.read(&mut buffer) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&buffer[..count]),
            _ => return None,
        }
    }
}

fn parsed(head: &str) -> Option<Request> {
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?, first.next()?);
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        })
        .collect();
    let scope = headers.get("authorization").cloned().unwrap_or_default();
    let mut scope = scope.split('/').skip(2).map(str::to_owned);
    Some(Request {
        method: method.to_owned(),
        path: path.to_owned(),
        region: scope.next().unwrap_or_default(),
        service: scope.next().unwrap_or_default(),
        headers,
        body: Vec::new(),
    })
}

fn answer(request: &Request, world: &mut World) -> Answer {
    let name = request.name();
    world.asked.push(name.clone());
    let denied = world.denied.iter().any(|it| name.starts_with(it));
    if request.service == "s3" {
        if denied {
            let operation = name.split(' ').nth(1).unwrap_or_default();
            return objects::refused(
                403,
                "AccessDenied",
                &format!(
                    "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: s3:{operation}"
                ),
            );
        }
        return objects::answer(request, &mut world.objects);
    }
    let action = request.field("Action").unwrap_or_default();
    if denied {
        let message = format!(
            "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: {}:{action}",
            request.service
        );
        return Answer::refused(403, "AccessDenied", &message);
    }
    match action.as_str() {
        "GetCallerIdentity" => Answer::xml(
            200,
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ada</Arn><UserId>U</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
        ),
        "AssumeRole" => session(request, world),
        "SimulatePrincipalPolicy" => simulated(request, world),
        "Publish" => {
            world
                .messages
                .push(request.field("Message").unwrap_or_default());
            Answer::xml(
                200,
                "<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>",
            )
        }
        "DescribeDBInstances" => described(request, world),
        "StopDBInstance" => {
            let id = request.field("DBInstanceIdentifier").unwrap_or_default();
            if let Some(it) = world
                .databases
                .get_mut(&(request.region.clone(), id.clone()))
            {
                "stopped".clone_into(&mut it.status);
            }
            Answer::xml(
                200,
                "<StopDBInstanceResponse><StopDBInstanceResult/></StopDBInstanceResponse>",
            )
        }
        other => Answer::refused(400, "InvalidAction", &format!("{other} is not played")),
    }
}

/// One session; 123456 is the code of the device.
fn session(request: &Request, world: &mut World) -> Answer {
    world.sessions.push(request.clone());
    if request
        .field("TokenCode")
        .is_some_and(|code| code != "123456")
    {
        return Answer::refused(
            403,
            "AccessDenied",
            "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
        );
    }
    Answer::xml(
        200,
        "<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/recovery/ada</Arn><AssumedRoleId>R:ada</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>ASIAOFTHEROLE</AccessKeyId><SecretAccessKey>the-secret-key</SecretAccessKey><SessionToken>the-session-token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>",
    )
}

/// A decision of IAM's policy simulator.
fn simulated(request: &Request, world: &mut World) -> Answer {
    let field = |name: &str| request.field(name).unwrap_or_default();
    let action = field("ActionNames.member.1");
    let resource = field("ResourceArns.member.1");
    let decision = if world.not_allowed.contains(&action) {
        "implicitDeny"
    } else {
        "allowed"
    };
    let answer = format!(
        "<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated><EvaluationResults><member><EvalActionName>{action}</EvalActionName><EvalResourceName>*</EvalResourceName><EvalDecision>{decision}</EvalDecision><ResourceSpecificResults><member><EvalResourceName>{resource}</EvalResourceName><EvalResourceDecision>{decision}</EvalResourceDecision></member></ResourceSpecificResults></member></EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>"
    );
    let principal = field("PolicySourceArn");
    world.simulated.push((principal, action, resource));
    Answer::xml(200, answer)
}

fn described(request: &Request, world: &World) -> Answer {
    let id = request.field("DBInstanceIdentifier").unwrap_or_default();
    let region = &request.region;
    let Some(it) = world.databases.get(&(region.clone(), id.clone())) else {
        let message = format!("DBInstance {id} not found.");
        return Answer::refused(404, "DBInstanceNotFound", &message);
    };
    let source = it.source.as_ref().map_or(String::new(), |source| {
        format!(
            "<ReadReplicaSourceDBInstanceIdentifier>{source}</ReadReplicaSourceDBInstanceIdentifier><StatusInfos><DBInstanceStatusInfo><StatusType>read replication</StatusType><Normal>true</Normal><Status>replicating</Status></DBInstanceStatusInfo></StatusInfos>"
        )
    });
    let tags = it.epoch.map_or(String::new(), |epoch| {
        format!("<TagList><Tag><Key>dr:epoch</Key><Value>{epoch}</Value></Tag></TagList>")
    });
    Answer::xml(
        200,
        format!(
            "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances><DBInstance><DBInstanceIdentifier>{id}</DBInstanceIdentifier><DBInstanceArn>arn:aws:rds:{region}:123456789012:db:{id}</DBInstanceArn><DBInstanceStatus>{}</DBInstanceStatus><Engine>postgres</Engine><EngineVersion>16.4</EngineVersion><DBInstanceClass>db.r6g.large</DBInstanceClass><BackupRetentionPeriod>7</BackupRetentionPeriod><MultiAZ>false</MultiAZ>{source}{tags}</DBInstance></DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>",
            it.status
        ),
    )
}
