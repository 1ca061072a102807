fn half(x: u32) -> u32 {
    if x % 2 == 0 {
        return x / 2; // counts: even
    }
    x // counts: odd
}

fn never() {
    println!("never"); // counts: rust_never
}

fn main() {
    for i in 0..5 {
        half(i); // counts: rust_main
    }
    if std::env::args().count() > 7 {
        never();
    }
    println!("ready");
    loop {
        std::thread::park();
    }
}
