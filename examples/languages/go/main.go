// main <address>: a server with net/http.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
)

func steps(number int) int {
	count := 0        // ran
	for number != 1 { // ran
		if number%2 == 0 { // ran
			number /= 2 // ran
		} else {
			number = 3*number + 1 // ran
		}
		count++ // ran
	}
	return count // ran
}

func answer(response http.ResponseWriter, request *http.Request) {
	number, err := strconv.Atoi(strings.TrimPrefix(request.URL.Path, "/steps/")) // ran
	if err != nil || number < 1 {                                                // ran
		http.Error(response, "not a positive number", http.StatusBadRequest) // not
		return                                                               // not
	}
	fmt.Fprintln(response, steps(number)) // ran
}

func main() {
	http.HandleFunc("/steps/", answer)              // ran
	log.Fatal(http.ListenAndServe(os.Args[1], nil)) // ran
}
