// server <port>: a server with the standard library alone.
use std::io::{BufRead, BufReader, Result, Write};
use std::net::{TcpListener, TcpStream};

fn steps(mut number: u64) -> u64 {
    let mut count = 0; // ran
    while number != 1 { // ran
        if number % 2 == 0 { // ran
            number /= 2; // ran
        } else {
            number = 3 * number + 1; // ran
        }
        count += 1; // ran
    }
    count // ran
}

fn number_in(request: &str) -> Option<u64> {
    let path = request.split(' ').nth(1)?; // ran
    path.strip_prefix("/steps/")?.parse().ok() // ran
}

fn answer(mut client: TcpStream) -> Result<()> {
    let mut lines = BufReader::new(client.try_clone()?).lines(); // ran
    let request = lines.next().unwrap_or(Ok(String::new()))?; // ran
    lines.find(|line| line.as_ref().map_or(true, |line| line.is_empty())); // ran
    let number = number_in(&request).unwrap_or(0); // ran
    if number == 0 { // ran
        let text = "HTTP/1.0 400 Bad Request\r\n\r\nnot a positive number\n"; // not
        return client.write_all(text.as_bytes()); // not
    }
    write!(client, "HTTP/1.0 200 OK\r\n\r\n{}\n", steps(number)) // ran
}

fn main() -> Result<()> {
    let port = std::env::args().nth(1).expect("a port"); // ran
    let listener = TcpListener::bind(format!("127.0.0.1:{port}"))?; // ran
    loop {
        let (client, _) = listener.accept()?; // ran
        let _ = answer(client); // ran
    }
}
