// A server, and how it ends: main <port> <end>. A SIGTERM tells those that end by themselves that it is time.
package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	"example.com/ends/lib"
)

var nothing *int

func waitForTerm() {
	terms := make(chan os.Signal, 1)
	signal.Notify(terms, syscall.SIGTERM)
	<-terms
}

// The main goroutine of these stays on the first thread.
func init() {
	if strings.HasPrefix(os.Args[2], "exec") {
		runtime.LockOSThread() //: exec execfirst
	}
}

func execute() {
	syscall.Exec("/bin/true", []string{"true"}, os.Environ()) //: exec execfirst
}

func end(how string) {
	switch how {
	case "exit":
		os.Exit(0) //: exit
	case "panic":
		fmt.Println(*nothing) //: panic
	case "abort":
		debug.SetTraceback("crash") //: abort
		panic("it ends by SIGABRT")
	case "segv":
		syscall.Kill(os.Getpid(), syscall.SIGSEGV) //: segv
		select {}
	case "leaves":
		syscall.Exit(0) //: leaves
	case "exec":
		go execute() //: exec
		select {}
	case "execfirst":
		execute() //: execfirst
	case "worker":
		work() //: worker
	case "stopped":
		killStopped() //: stopped
	case "returns":
		return //: returns
	}
}

// A child that is killed, and one that exits.
func work() {
	for _, how := range []string{"dies", "exits"} {
		exec.Command(os.Args[0], "0", how).Run() //: worker
	}
	os.Exit(0)
}

// A child that stops itself, and is killed then.
func killStopped() {
	child := exec.Command(os.Args[0], "0", "stops") //: stopped
	child.Start()
	var status syscall.WaitStatus
	syscall.Wait4(child.Process.Pid, &status, syscall.WUNTRACED, nil)
	child.Process.Kill()
	child.Wait()
	os.Exit(0)
}

func serve(listener net.Listener) {
	lib.Twice(func() {
		fmt.Println(os.Args[2]) //: all
	})
	for {
		client, err := listener.Accept()
		if err != nil {
			return //: none
		}
		lines := bufio.NewScanner(client)
		for lines.Scan() {
			fmt.Fprintln(client, lib.Answer(strings.TrimSpace(lines.Text())))
		}
		client.Close()
	}
}

func main() {
	switch os.Args[2] {
	case "dies":
		syscall.Kill(os.Getpid(), syscall.SIGKILL) //: worker
	case "exits":
		os.Exit(0) //: worker
	case "stops":
		syscall.Kill(os.Getpid(), syscall.SIGSTOP) //: stopped
		waitForTerm()
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		panic(err) //: none
	}
	if !strings.HasPrefix(os.Args[2], "sig") {
		go serve(listener) //: returns exit panic abort segv leaves exec execfirst worker stopped
		waitForTerm()
		end(os.Args[2])
		return
	}
	serve(listener) //: sigkill sigint sigterm sighup
}
