//! The program: everything is in the library.

/// Pages and imports make and drop many small texts, which this allocator does faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    sameside::cli::run()
}
