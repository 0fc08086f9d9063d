//! Compiles the protocol files with a compiler written in Rust: no protoc is needed to build.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=proto");
    let files = protox::compile(
        ["tfplugin6.proto", "plugin.proto", "health.proto"],
        ["proto"],
    )?;
    std::fs::write(
        std::path::Path::new(&std::env::var("OUT_DIR")?).join("descriptors.bin"),
        protox::prost::Message::encode_to_vec(&files),
    )?;
    tonic_prost_build::configure()
        .build_client(std::env::var_os("CARGO_FEATURE_CLIENT").is_some())
        .bytes(".")
        .compile_fds(files)?;
    Ok(())
}
