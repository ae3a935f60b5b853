//! A lookup is on the way of every request: it allocates nothing.
#![cfg(feature = "ssr")]
#![allow(unsafe_code, reason = "a global allocator cannot be written without")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use odr_portal::registry::{CanonicalHost, Registry};

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: hands everything to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

#[test]
fn finding_a_tenant_by_its_host_allocates_nothing() {
    let registry = Registry::for_bench(1000).expect("the bench's entries are valid");
    let find = |host: &str| CanonicalHost::parse(host).ok().and_then(|host| registry.resolve(host.as_str())).is_some();
    // The first load of a thread sets up its slot.
    assert!(find("bank1.example:443"));
    let before = ALLOCATIONS.get();
    assert!(find("bank999.example:443") && find("bank5.example.") && !find("nobody.example"));
    assert_eq!(ALLOCATIONS.get(), before);
}
