off = false
