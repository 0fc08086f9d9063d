on  = true
off = true
