database = {
  engine_version = "16.8"
  instance_class = "db.r6g.2xlarge"
  storage_gib    = 500
  retention_days = 30

  parameters = {
    max_connections           = "2000"
    max_worker_processes      = "32"
    max_wal_senders           = "20"
    max_prepared_transactions = "200"
    max_locks_per_transaction = "128"
  }
}

services = {
  web = { cpu = 512, memory = 1024, port = 8080, path = "/*", order = 900, running = 4, maximum = 16 }
  api = { cpu = 1024, memory = 2048, port = 8081, path = "/api/*", order = 100, running = 6, maximum = 24 }
}

workers = {
  instance_type = "c6i.2xlarge"
  running       = 3
  maximum       = 30
}

buckets = {
  results   = { archive_days = 90, keep_days = 2555, lock_days = 2555 }
  documents = { archive_days = 60, keep_days = 2555 }
  audit     = { archive_days = 30, keep_days = 365, lock_days = 365 }
}

settings = {
  "auth/session-minutes" = "30"
  "cro/upload-limit-mib" = "512"
}

alarm_emails = ["on-call@moleculeflow.example"]
