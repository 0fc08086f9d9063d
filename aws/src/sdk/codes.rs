//! What AWS's error codes mean. Checked against the error shapes of the SDK's crates (their `protocol_serde` and
//! `operation` modules), and for codes that no model lists against the pages of common errors of each service.

use crate::ErrorKind;

/// The kind of an answer that is no success, or cannot be read. RDS's codes are irregular: some end in `Fault`, some
/// do not; those of other services end in `Exception`, or do not.
pub(super) fn answered(code: Option<&str>, status: Option<u16>) -> ErrorKind {
    let code = code.unwrap_or_default().trim_end_matches("Fault");
    of_code(code).unwrap_or(match status {
        Some(412) => ErrorKind::PreconditionFailed,
        Some(429) => ErrorKind::Throttled,
        // A success here was accepted, but its answer broke off or cannot be read.
        Some(200..300 | 500..) => ErrorKind::Unavailable,
        _ => ErrorKind::Other,
    })
}

fn of_code(code: &str) -> Option<ErrorKind> {
    let families: [(&[&str], ErrorKind); 8] = [
        (NOT_FOUND, ErrorKind::NotFound),
        (DENIED, ErrorKind::AccessDenied),
        (STATE, ErrorKind::InvalidState),
        (CONFLICT, ErrorKind::Conflict),
        (THROTTLED, ErrorKind::Throttled),
        (CREDENTIALS, ErrorKind::Credentials),
        (UNAVAILABLE, ErrorKind::Unavailable),
        // S3: the condition of a conditional write did not hold.
        (&["PreconditionFailed"], ErrorKind::PreconditionFailed),
    ];
    families
        .iter()
        .find(|(codes, _)| codes.contains(&code))
        .map(|(_, kind)| *kind)
}

/// What the call is about does not exist. What it only refers to (a subnet group, a key) is not among them.
const NOT_FOUND: &[&str] = &[
    // RDS, ElastiCache.
    "DBInstanceNotFound",
    "DBClusterNotFound",
    "DBClusterSnapshotNotFound",
    "GlobalClusterNotFound",
    "GlobalReplicationGroupNotFound",
    // CloudWatch, DynamoDB, Lambda, Secrets Manager, ARC, Application Auto Scaling.
    "ResourceNotFound",
    "ResourceNotFoundException",
    "ObjectNotFoundException",
    // ECS.
    "ServiceNotFoundException",
    "ClusterNotFoundException",
    // Systems Manager.
    "ParameterNotFound",
    "ParameterVersionNotFound",
    // S3, S3 Control.
    "NoSuchKey",
    "NoSuchBucket",
    "NoSuchVersion",
    "NoSuchMultiRegionAccessPoint",
    // Route 53.
    "NoSuchHostedZone",
    "NoSuchChange",
    // SNS.
    "NotFound",
    "NotFoundException",
];

/// The caller may not do it.
const DENIED: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "AllAccessDisabled",
    "AuthorizationError",
    "AuthorizationErrorException",
    "KMSAccessDenied",
    "KMSAccessDeniedException",
    "NotAuthorized",
    "OptInRequired",
    "UnauthorizedOperation",
];

/// The thing is in a state that does not allow it now.
const STATE: &[&str] = &[
    // RDS, ElastiCache.
    "InvalidDBInstanceState",
    "InvalidDBClusterState",
    "InvalidDBClusterSnapshotState",
    "InvalidGlobalClusterState",
    "InvalidGlobalReplicationGroupState",
    // ECS, Auto Scaling.
    "ServiceNotActiveException",
    "ScalingActivityInProgress",
    // Lambda.
    "ResourceConflictException",
    "ResourceInUseException",
    "ResourceNotReadyException",
    // ARC: a safety rule, or another change.
    "ConflictException",
    // Secrets Manager: "a parameter value is not valid for the current state of the resource".
    "InvalidRequestException",
    // S3: archived; Object Lock and replication with a bucket that does not allow them.
    "InvalidObjectState",
    "InvalidBucketState",
    // KMS behind SNS and Lambda.
    "KMSInvalidState",
    "KMSInvalidStateException",
    "KMSDisabled",
    "KMSDisabledException",
];

/// S3: another conditional write, or another operation on the same thing, is under way.
const CONFLICT: &[&str] = &["ConditionalRequestConflict", "OperationAborted"];

/// Too many calls, or another update that passes.
const THROTTLED: &[&str] = &[
    "ConcurrentUpdateException",
    "KMSThrottling",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "ResourceContention",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TooManyUpdates",
];

/// The credentials are not usable.
const CREDENTIALS: &[&str] = &[
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "InvalidToken",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "RequestExpired",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "TokenRefreshRequired",
    "UnrecognizedClientException",
];

/// The service failed, whatever status it says that with.
const UNAVAILABLE: &[&str] = &[
    "EndpointTemporarilyUnavailableException",
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "InternalServerException",
    "InternalServiceError",
    "InternalServiceException",
    "RequestTimeout",
    "ServerException",
    "ServiceException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
];

#[cfg(test)]
mod tests {
    use super::{ErrorKind, answered};

    /// Service, code, status, kind.
    const CASES: &[(&str, &str, u16, ErrorKind)] = &[
        ("rds", "DBInstanceNotFound", 404, ErrorKind::NotFound),
        ("rds", "DBInstanceNotFoundFault", 404, ErrorKind::NotFound),
        (
            "rds",
            "GlobalClusterNotFoundFault",
            404,
            ErrorKind::NotFound,
        ),
        ("rds", "DBClusterNotFoundFault", 404, ErrorKind::NotFound),
        (
            "rds",
            "DBClusterSnapshotNotFoundFault",
            404,
            ErrorKind::NotFound,
        ),
        (
            "rds",
            "InvalidDBInstanceState",
            400,
            ErrorKind::InvalidState,
        ),
        (
            "rds",
            "InvalidDBClusterStateFault",
            400,
            ErrorKind::InvalidState,
        ),
        (
            "rds",
            "InvalidGlobalClusterStateFault",
            400,
            ErrorKind::InvalidState,
        ),
        ("rds", "DBSubnetGroupNotFoundFault", 404, ErrorKind::Other),
        (
            "rds",
            "InsufficientDBInstanceCapacity",
            400,
            ErrorKind::Other,
        ),
        ("ecs", "ServiceNotFoundException", 400, ErrorKind::NotFound),
        ("ecs", "ClusterNotFoundException", 400, ErrorKind::NotFound),
        (
            "ecs",
            "ServiceNotActiveException",
            400,
            ErrorKind::InvalidState,
        ),
        ("ecs", "ServerException", 500, ErrorKind::Unavailable),
        (
            "autoscaling",
            "ResourceContention",
            500,
            ErrorKind::Throttled,
        ),
        (
            "autoscaling",
            "ScalingActivityInProgress",
            400,
            ErrorKind::InvalidState,
        ),
        (
            "application-autoscaling",
            "ConcurrentUpdateException",
            400,
            ErrorKind::Throttled,
        ),
        (
            "application-autoscaling",
            "ObjectNotFoundException",
            400,
            ErrorKind::NotFound,
        ),
        ("route53", "NoSuchHostedZone", 404, ErrorKind::NotFound),
        ("route53", "NoSuchChange", 404, ErrorKind::NotFound),
        (
            "route53",
            "PriorRequestNotComplete",
            400,
            ErrorKind::Throttled,
        ),
        ("route53", "InvalidChangeBatch", 400, ErrorKind::Other),
        (
            "arc",
            "EndpointTemporarilyUnavailableException",
            503,
            ErrorKind::Unavailable,
        ),
        ("arc", "ConflictException", 409, ErrorKind::InvalidState),
        (
            "s3control",
            "NoSuchMultiRegionAccessPoint",
            404,
            ErrorKind::NotFound,
        ),
        ("s3", "NoSuchKey", 404, ErrorKind::NotFound),
        ("s3", "NoSuchBucket", 404, ErrorKind::NotFound),
        (
            "s3",
            "PreconditionFailed",
            412,
            ErrorKind::PreconditionFailed,
        ),
        ("s3", "", 412, ErrorKind::PreconditionFailed),
        ("s3", "ConditionalRequestConflict", 409, ErrorKind::Conflict),
        ("s3", "OperationAborted", 409, ErrorKind::Conflict),
        ("s3", "BucketAlreadyExists", 409, ErrorKind::Other),
        ("s3", "SlowDown", 503, ErrorKind::Throttled),
        ("s3", "RequestTimeTooSkewed", 403, ErrorKind::Credentials),
        ("s3", "RequestTimeout", 400, ErrorKind::Unavailable),
        (
            "secretsmanager",
            "ResourceNotFoundException",
            400,
            ErrorKind::NotFound,
        ),
        (
            "secretsmanager",
            "InvalidRequestException",
            400,
            ErrorKind::InvalidState,
        ),
        (
            "secretsmanager",
            "ResourceExistsException",
            400,
            ErrorKind::Other,
        ),
        ("ssm", "ParameterNotFound", 400, ErrorKind::NotFound),
        ("ssm", "TooManyUpdates", 400, ErrorKind::Throttled),
        (
            "ssm",
            "HierarchyTypeMismatchException",
            400,
            ErrorKind::Other,
        ),
        (
            "lambda",
            "ResourceConflictException",
            409,
            ErrorKind::InvalidState,
        ),
        (
            "lambda",
            "TooManyRequestsException",
            429,
            ErrorKind::Throttled,
        ),
        ("sns", "NotFound", 404, ErrorKind::NotFound),
        ("sns", "AuthorizationError", 403, ErrorKind::AccessDenied),
        (
            "dynamodb",
            "ResourceNotFoundException",
            400,
            ErrorKind::NotFound,
        ),
        (
            "dynamodb",
            "InternalServerError",
            500,
            ErrorKind::Unavailable,
        ),
        (
            "elasticache",
            "GlobalReplicationGroupNotFoundFault",
            404,
            ErrorKind::NotFound,
        ),
        (
            "elasticache",
            "InvalidGlobalReplicationGroupState",
            400,
            ErrorKind::InvalidState,
        ),
        ("cloudwatch", "ResourceNotFound", 404, ErrorKind::NotFound),
        ("any", "AccessDeniedException", 400, ErrorKind::AccessDenied),
        ("any", "Throttling", 400, ErrorKind::Throttled),
        ("any", "InvalidParameterValue", 400, ErrorKind::Other),
        ("a page of HTML", "", 500, ErrorKind::Unavailable),
        (
            "an answer that cannot be read",
            "",
            200,
            ErrorKind::Unavailable,
        ),
    ];

    #[test]
    fn codes_mean_what_they_say() {
        for (service, code, status, kind) in CASES {
            let given = (!code.is_empty()).then_some(*code);
            assert_eq!(
                answered(given, Some(*status)),
                *kind,
                "{service} {code} {status}"
            );
        }
    }
}
