// Each word executes blocks that the other does not.
package main

import (
	"os"

	"example.com/combine/parts"
)

func main() {
	parts.Count(os.Args[1])
}
