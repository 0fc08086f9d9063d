//! An HTTP server on loopback that answers from a script and counts what it was asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a request meets.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// Status, content type, body.
    Http(u16, &'static str, String),
    /// Status and CBOR, as `CloudWatch` answers.
    Cbor(u16, Vec<u8>),
    /// 200, and closed in the middle of the body.
    Cut,
    /// 200 with this type and a part of a body of 100 bytes; then closed.
    Breaks(&'static str, &'static str),
    /// The same, and then nothing, for ever.
    Stops(&'static str, &'static str),
    /// Read and then closed without a word.
    Close,
    /// Read and then nothing, for ever.
    Silence,
}

/// A running server; it ends with its runtime.
pub(super) struct Server {
    pub(super) url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers in order; the last answer repeats.
    pub(super) async fn answering(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, answers.clone(), Arc::clone(&seen)));
            }
        });
        Server { url, requests }
    }

    /// Heads and bodies of what was asked.
    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn serve(mut stream: TcpStream, answers: Vec<Answer>, seen: Arc<Mutex<Vec<String>>>) {
    while let Some(request) = read(&mut stream).await {
        let number = {
            let mut seen = seen.lock().unwrap();
            seen.push(request);
            seen.len() - 1
        };
        let (status, kind, body) = match answers.get(number).or(answers.last()).unwrap() {
            Answer::Close => return,
            Answer::Cut => {
                let part = b"HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: 900\r\n\r\n<PromoteRead";
                let _sent = stream.write_all(part).await;
                return;
            }
            Answer::Breaks(kind, part) => {
                let _sent = stream.write_all(begun(kind, part).as_bytes()).await;
                return;
            }
            Answer::Stops(kind, part) => {
                let _sent = stream.write_all(begun(kind, part).as_bytes()).await;
                return tokio::time::sleep(Duration::from_hours(1)).await;
            }
            Answer::Silence => return tokio::time::sleep(Duration::from_hours(1)).await,
            Answer::Http(status, kind, body) => (*status, *kind, body.as_bytes()),
            Answer::Cbor(status, body) => (
                *status,
                "application/cbor\r\nsmithy-protocol: rpc-v2-cbor",
                body.as_slice(),
            ),
        };
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\nx-amzn-requestid: id-{number}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let whole = [head.as_bytes(), body].concat();
        if stream.write_all(&whole).await.is_err() {
            return;
        }
    }
}

fn begun(kind: &str, part: &str) -> String {
    format!("HTTP/1.1 200 X\r\ncontent-type: {kind}\r\ncontent-length: 100\r\n\r\n{part}")
}

/// A request with its body, as text.
async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.trim().parse::<usize>().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        match stream.read(&mut buffer).await {
            Ok(count) if count > 0 => bytes.extend_from_slice(&buffer[..count]),
            _ => return None,
        }
    }
}
