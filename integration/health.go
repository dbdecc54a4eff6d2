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
	Run       *Run       `json:"run,omitempty"` // the run under way, or the last one
	// Features are the parts that can be switched on and off, in the order of
	// the settings.
	Features  []Feature  `json:"features,omitempty"`
	Incidents []Incident `json:"incidents"`
	// Resync says what a full sync would send again with the settings as they
	// are, and what it would not, in paragraphs; "" if the plugin does not say.
	Resync string `json:"resync,omitempty"`

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

// Feature is one part of a sync that has a switch of its own, with the truth
// about it.
type Feature struct {
	Key  string `json:"key"` // the setting's key
	Name string `json:"name"`
	On   bool   `json:"on"`
	// EntityType is the type of its records in the sync log, "" = it has none.
	EntityType string `json:"entityType,omitempty"`
	// State is "ok", "waiting" (for what Waits says), "attention" or "off".
	State    string `json:"state"`
	Sentence string `json:"sentence"`
	// Done, Waiting, NotIncluded and Attention count its records; they add up to
	// Total.
	Total       int `json:"total"`
	Done        int `json:"done"`
	Waiting     int `json:"waiting"`
	NotIncluded int `json:"notIncluded"`
	Attention   int `json:"attention"`
	// Reasons are why records are not included, by code, with their counts.
	Reasons []Reason `json:"reasons,omitempty"`
}

// Reason is one of the reasons why records are left out.
type Reason struct {
	Code  string `json:"code"` // also the filter of the sync log
	Title string `json:"title"`
	Count int    `json:"count"`
}

// Incident is one cause with everything that it affects: what happened, what
// it means, what to do.
type Incident struct {
	Code    string `json:"code"`  // closed word, also the filter of the sync log
	Title   string `json:"title"` // what happened
	Meaning string `json:"meaning"`
	Fix     string `json:"fix"`
	// Action is what the page offers: "retry", "recheck", "credentials",
	// "match" (see Matcher), "" = nothing to do.
	Action        string     `json:"action,omitempty"`
	Count         int        `json:"count"`                // records of the sync log affected; 0 = the whole tenant, or something without records
	EntityType    string     `json:"entityType,omitempty"` // of the records, also a filter of the sync log; "" = of any
	Since         time.Time  `json:"since"`
	NextAttemptAt *time.Time `json:"nextAttemptAt,omitempty"`
	CorrelationID string     `json:"correlationId,omitempty"`
	// Blocking incidents stop the whole tenant.
	Blocking bool `json:"blocking"`
}

// StatusError is one recent error.
type StatusError struct {
	Type      string    `json:"type"` // "contact_sync", "company_sync"; "contact_sync" also of the whole tenant
	Message   string    `json:"message"`
	Timestamp time.Time `json:"timestamp"`
}
