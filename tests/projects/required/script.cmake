add_test(of-script true)
