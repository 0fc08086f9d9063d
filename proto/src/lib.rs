//! Plugin protocol 6: messages and services, nothing above the wire.
//!
//! The `.proto` files are this project's own, written from the field tables of the protocol; only numbers, types and
//! names travel. Clients are compiled under the feature `client`, for tests.

/// The provider protocol: `tfplugin6.Provider` and its messages.
#[allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]
pub mod v6 {
    tonic::include_proto!("tfplugin6");
}

/// The plugin library's side services: the controller that ends the process, and the output stream.
#[allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]
pub mod plugin {
    tonic::include_proto!("plugin");
}

/// The standard gRPC health service.
#[allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]
pub mod health {
    tonic::include_proto!("grpc.health.v1");
}

/// The compiled protocol files as a serialized `FileDescriptorSet`, for tests that hold names and numbers against a table.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
