//! Every change: the operation, its members, its region; and that it is sent once although the service fails.

mod cases;

use super::{aws, contains, region, xml};
use crate::route53::{RecordSet, Routing};
use crate::{Aws, ErrorKind, Region};
use cases::{COMPUTE, Case, OTHERS, RDS, record, replica};

/// All of them.
fn all() -> Vec<Case> {
    [RDS, COMPUTE, OTHERS].concat()
}

#[tokio::test]
async fn every_change_goes_out_once_as_it_was_asked_for() {
    for (run, operation, parts) in all() {
        let (aws, server) = aws(vec![xml(503, "")]).await;
        let failed = run(aws).await.unwrap_err();
        assert_eq!(failed.kind, ErrorKind::Unavailable, "{failed}");
        assert_eq!(failed.operation, operation);
        assert!(failed.may_have_taken_effect(), "{operation}");
        let requests = server.requests();
        assert_eq!(requests.len(), 1, "{operation} is not repeated");
        // A query ends with the request.
        contains(&format!("{}\n", requests[0]), parts);
    }
}

#[tokio::test]
async fn a_change_that_broke_off_is_ambiguous_and_not_sent_again() {
    for (run, operation, _) in all() {
        let (aws, server) = aws(vec![super::Answer::Close]).await;
        let failed = run(aws).await.unwrap_err();
        assert_eq!(failed.kind, ErrorKind::Timeout, "{failed}");
        assert_eq!(server.requests().len(), 1, "{operation} is not repeated");
    }
}

#[tokio::test]
async fn an_encrypted_replica_in_a_partition_that_wants_a_signed_url_is_not_sent() {
    let (aws, server) = aws(vec![xml(200, "")]).await;
    let rds = aws.rds(&Region::new("us-gov-west-1").unwrap()).unwrap();
    let failed = rds.create_replica(&replica()).await.unwrap_err();
    assert_eq!(failed.kind, ErrorKind::Other);
    assert!(failed.message.contains("pre-signed URL"), "{failed}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_record_whose_routing_would_be_lost_is_not_written() {
    let (aws, server) = aws(vec![xml(200, "")]).await;
    let set = RecordSet {
        routing: Routing::Other("latency".to_owned()),
        ..record()
    };
    let failed = aws
        .records(&region())
        .unwrap()
        .upsert("Z1", &[set])
        .await
        .unwrap_err();
    assert!(failed.message.contains("latency"), "{failed}");
    assert_eq!(failed.region, "us-east-1");
    assert!(server.requests().is_empty());
}
