package lib

// Twice calls f two times, which only the counts tell.
func Twice(f func()) {
	for i := 0; i < 2; i++ {
		f() //: all
	}
}

func never() { //: none
	Twice(never) //: none
} //: none
