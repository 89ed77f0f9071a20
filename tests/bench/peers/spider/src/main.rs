//! The spider crate crawls a site and keeps nothing.
//!
//! usage: peer URL CONNECTIONS
//!
//! Its README: "A custom global allocator can improve throughput by 30-60% under high concurrency.
//! Use ... tikv-jemallocator for pure crawl workloads"; `delay` "Defaults to 0 ms due to
//! concurrency handling". All default features (io_uring, splice, zero_copy ...) are on.

use spider::{tokio, website::Website};

#[global_allocator]
static GLOBAL: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().expect("URL");
    let connections: usize = arguments.next().and_then(|n| n.parse().ok()).expect("CONNECTIONS");
    let mut website = Website::new(&url);
    website
        .with_respect_robots_txt(false)
        .with_delay(0)
        .with_concurrency_limit(Some(connections));
    website.crawl_raw().await;
}
