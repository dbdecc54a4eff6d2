package integration

import "time"

// Health is one word for a tenant's sync.
type Health string

// The health words. Degraded mends itself or concerns single records; failing
// stands still until a person acts.
const (
	HealthOK       Health = "ok"
	HealthDegraded Health = "degraded"
	HealthFailing  Health = "failing"
	HealthOff      Health = "off"
)

// Status is the truth about one tenant's sync, for pages and for the host's
// diagnostics.
type Status struct {
	Connected bool   `json:"connected"`
	Paused    bool   `json:"paused"`
	Health    Health `json:"health"`
	// Sentence says how things stand and, if anything is wrong, what to do.
	Sentence string       `json:"sentence"`
	Members  MemberCounts `json:"members"`
	// Pending counts changes that are recorded and not yet sent.
	Pending             int        `json:"pending"`
	OldestUnsentSeconds int        `json:"oldestUnsentSeconds"`
	LastSyncAt          *time.Time `json:"lastSyncAt"`
	// ResumesAt is when sending goes on by itself, if it stands still.
	ResumesAt *time.Time `json:"resumesAt,omitempty"`
	Run       *Run       `json:"run,omitempty"` // the full sync under way, or the last one
	Incidents []Incident `json:"incidents"`

	// The last four are as in the host's other diagnostics.
	SyncStatus   string        `json:"syncStatus"` // "healthy", "degraded", "failing", "disconnected"
	PendingSyncs int           `json:"pendingSyncs"`
	FailedSyncs  int           `json:"failedSyncs"`
	Errors       []StatusError `json:"errors"`
}

// MemberCounts add up: Total is the sum of the other four.
type MemberCounts struct {
	Total          int `json:"total"`
	InSync         int `json:"inSync"`
	NotIncluded    int `json:"notIncluded"`
	NeedsAttention int `json:"needsAttention"`
	Waiting        int `json:"waiting"` // not sent yet
}

// Incident is one cause with everything that it affects: what happened, what
// it means, what to do.
type Incident struct {
	Code    string `json:"code"`  // closed word, also the filter of the sync log
	Title   string `json:"title"` // what happened
	Meaning string `json:"meaning"`
	Fix     string `json:"fix"`
	// Action is what the page offers: "retry", "recheck", "credentials", "" = nothing to do.
	Action        string     `json:"action,omitempty"`
	Count         int        `json:"count"` // records affected; 0 = the whole tenant
	Since         time.Time  `json:"since"`
	NextAttemptAt *time.Time `json:"nextAttemptAt,omitempty"`
	CorrelationID string     `json:"correlationId,omitempty"`
	// Blocking incidents stop the whole tenant.
	Blocking bool `json:"blocking"`
}

// StatusError is one recent error.
type StatusError struct {
	Type      string    `json:"type"` // "contact_sync"
	Message   string    `json:"message"`
	Timestamp time.Time `json:"timestamp"`
}
