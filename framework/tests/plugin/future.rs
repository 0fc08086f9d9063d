//! What a later Terraform sends: fields that this protocol does not have yet are no error.

use bytes::{Buf, BufMut};
use tonic::Status;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::codegen::http::uri::PathAndQuery;

use crate::client::{CLIENT, Plugin, command};

/// Messages as the bytes that they are.
#[derive(Clone, Copy, Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Raw;
    type Decoder = Raw;

    fn encoder(&mut self) -> Raw {
        Raw
    }

    fn decoder(&mut self) -> Raw {
        Raw
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        to.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        let mut all = vec![0; from.remaining()];
        from.copy_to_slice(&mut all);
        Ok(Some(all))
    }
}

/// A field of bytes: its key, its length, its content. Numbers up to 2047, contents below 128 bytes.
fn field(number: u16, content: &[u8]) -> Vec<u8> {
    let key = (number << 3) | 2;
    let (low, high) = (key.to_le_bytes()[0] & 127, (key >> 7).to_le_bytes()[0]);
    let mut field = if high == 0 {
        vec![low]
    } else {
        vec![low | 128, high]
    };
    field.push(u8::try_from(content.len()).expect("short"));
    field.extend(content);
    field
}

/// A field of a boolean that is true.
fn yes(number: u8) -> Vec<u8> {
    vec![number << 3, 1]
}

/// The note of the name `moon` as `MessagePack`, its text null.
fn note() -> Vec<u8> {
    field(1, b"\x83\xa4name\xa4moon\xa4text\xc0\xa4word\xa5Hello")
}

#[tokio::test]
async fn c66_fields_of_a_later_protocol_are_ignored_or_used_and_never_an_error() {
    const NULL: &[u8] = &[0xc0];
    let plugin = Plugin::start(command(Some(CLIENT.certificate)));
    let channel = plugin.connect(Some(&CLIENT)).await.unwrap();
    // Capabilities of 6.11 (3 and 4) and of nobody yet (15).
    let capabilities = [yes(1), yes(2), yes(3), yes(4), yes(15)].concat();
    let strange = field(1999, b"from a later Terraform");
    let configure = [
        field(1, b"2.0.0"),
        field(2, &field(1, b"\x80")),
        field(3, &capabilities),
        strange.clone(),
    ]
    .concat();
    let said = ask(&channel, "ConfigureProvider", configure).await;
    assert_eq!(String::from_utf8_lossy(&said), "", "no diagnostics");
    let request = [
        field(1, b"greeting_note"),
        field(2, &field(1, NULL)),
        field(3, &note()),
        field(4, &note()),
        field(7, &capabilities),
        field(9, b"planned before"),
        strange.clone(),
    ]
    .concat();
    let plan = ask(&channel, "PlanResourceChange", request).await;
    let text = String::from_utf8_lossy(&plan).into_owned();
    assert!(text.contains("moon"), "a planned state: {text:?}");
    assert!(!text.contains("Terraform"), "a diagnostic: {text:?}");

    let request = [
        field(1, b"greeting_note"),
        field(2, &note()),
        field(3, &capabilities),
        strange,
    ]
    .concat();
    let said = ask(&channel, "ValidateResourceConfig", request).await;
    assert_eq!(String::from_utf8_lossy(&said), "", "no diagnostics");
    plugin.kill();
}

/// One call with a request of any bytes.
async fn ask(channel: &tonic::transport::Channel, rpc: &str, request: Vec<u8>) -> Vec<u8> {
    let mut client = tonic::client::Grpc::new(channel.clone());
    client.ready().await.expect("a connection");
    let path: PathAndQuery = format!("/tfplugin6.Provider/{rpc}")
        .parse()
        .expect("a path");
    let answer = client.unary(tonic::Request::new(request), path, Raw).await;
    answer
        .unwrap_or_else(|status| panic!("{rpc}: {status}"))
        .into_inner()
}
