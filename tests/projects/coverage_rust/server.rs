// server <port> <end>: serves until it is told to stop, and ends as asked. Behind //: stand the ends that execute the line,
// //: - for none; a line without it is executed by all, unless it only begins or closes a block of `end`.
use std::io::{BufRead, BufReader, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::process::Command;

type Signals = [u64; 16];

const SIGSTOP: i32 = 19;
const WUNTRACED: i32 = 2;

extern "C" {
    fn sigemptyset(signals: *mut Signals) -> i32;
    fn sigaddset(signals: *mut Signals, signal: i32) -> i32;
    fn pthread_sigmask(how: i32, signals: *const Signals, before: *mut Signals) -> i32;
    fn sigwait(signals: *const Signals, signal: *mut i32) -> i32;
    fn signal(signal: i32, handler: usize) -> usize;
    fn raise(signal: i32) -> i32;
    fn waitpid(pid: i32, status: *mut i32, options: i32) -> i32;
    fn _exit(status: i32) -> !;
}

fn work(request: &str) -> String {
    let mut total = 0;
    for i in 0..100 {
        total += if i % 3 == 0 { 1 } else { i };
    }
    if request.starts_with("GET /never") {
        return "never".to_string(); //: -
    }
    total.to_string()
}

fn unused() -> u32 { //: -
    1 //: -
}

fn answer(mut client: TcpStream) -> Result<()> {
    let mut lines = BufReader::new(client.try_clone()?).lines();
    let request = lines.next().unwrap_or(Ok(String::new()))?;
    lines.find(|line| line.as_ref().map_or(true, |line| line.is_empty()));
    write!(client, "HTTP/1.0 200 OK\r\n\r\n{}", work(&request))
}

fn serve(listener: TcpListener) {
    for client in listener.incoming() {
        let _ = client.and_then(answer);
    }
}

fn wait_for_term(signals: &Signals) { //: told
    let mut got = 0; //: told
    unsafe { sigwait(signals, &mut got) }; //: told
}

extern "C" fn leave_at_signal(_: i32) { //: handled
    std::process::exit(0); //: handled
}

fn start_child(signal: i32) { //: parents
    let mut child = Command::new(std::env::current_exe().unwrap()) //: parents
        .args(["0", "child", &signal.to_string()]) //: parents
        .spawn() //: parents
        .unwrap(); //: parents
    if signal == SIGSTOP { //: parents
        let mut status = 0; //: stopped
        unsafe { waitpid(child.id() as i32, &mut status, WUNTRACED) }; //: stopped
        child.kill().unwrap(); //: stopped
    }
    let _ = child.wait(); //: parents
}

fn end(how: &str) { //: told
    match how { //: told
        "exit" => {
            std::process::exit(0); //: exit
        }
        "leaves" => {
            unsafe { _exit(0) }; //: leaves
        }
        "abort" => {
            std::process::abort(); //: abort
        }
        "panic" => {
            panic!("it ends by a panic"); //: panic
        }
        "segv" => {
            start_child(11); //: segv
        }
        "exec" => {
            drop(Command::new("/bin/true").exec()); //: exec
        }
        "worker" => {
            start_child(9); //: worker
        }
        "stopped" => {
            start_child(SIGSTOP); //: stopped
        }
        _ => {
            return; //: returns
        }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let how = arguments[2].clone();
    if how == "child" {
        let number = arguments[3].parse().unwrap(); //: parents
        unsafe { signal(number, 0) }; //: parents
        unsafe { raise(number) }; //: parents
    }
    if arguments.len() > 7 {
        unused(); //: -
    }
    let listener = TcpListener::bind(format!("127.0.0.1:{}", arguments[1])).unwrap();
    if how == "handled" {
        unsafe { signal(15, leave_at_signal as usize) }; //: handled
        return serve(listener); //: handled
    }
    if how.starts_with("sig") { //: signals told
        return serve(listener); //: signals
    }
    let mut term: Signals = [0; 16]; //: told
    unsafe { sigemptyset(&mut term) }; //: told
    unsafe { sigaddset(&mut term, 15) }; //: told
    unsafe { pthread_sigmask(0, &term, std::ptr::null_mut()) }; //: told
    std::thread::spawn(move || serve(listener)); //: told
    wait_for_term(&term); //: told
    end(&how); //: told
}
