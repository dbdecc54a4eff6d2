package outbox

import "time"

// Park stops a tenant's whole partition, on every replica. Recording goes on.
type Park struct {
	// Until is when the partition resumes by itself; zero means when Unpark is
	// called.
	Until         time.Time
	Class, Reason string
}
