// Lines with several blocks, of which each part of a run executes others.
package parts

func pick(first bool, values ...int) int {
	if first { return values[0] } else { return values[1] }
}

func even() int { return 2 }; func odd() int { return 1 }

func never() int {
	return 0
}

func Count(word string) int {
	sum := 0
	add := func(value int) { if value > 1 { sum += value } else { sum++ } }
	for i := 0; i < len(word); i++ { if i%2 == 0 && word == "even" { add(i) } else { add(pick(i > 2, i, 1)) } }
	switch word {
	case "even":
		add(even())
	case "odd":
		add(odd())
	default:
		return never()
	}
	return sum
}
