module example.com/combine

go 1.20
