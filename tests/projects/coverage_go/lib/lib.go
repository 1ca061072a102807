// Package lib is a part of every server.
package lib

// Answer is called with each word that a client says.
func Answer(word string) string {
	if word == "hello" {
		return "world" //: all
	} else if word == "never" {
		return "nothing" //: none
	}
	later := func() string {
		return "" //: none
	}
	if len(word) > 1000 {
		return later() //: none
	}
	// What every end asks last.
	return "?" //: all
}
