package integration

import (
	"context"
	"time"
)

// SyncStatus is the state of a [SyncRecord].
type SyncStatus string

// The sync statuses: the first three are MemberPulse's; excluded marks an
// entity that the tenant's rules leave out, with the reason.
const (
	SyncPending  SyncStatus = "pending"
	SyncSynced   SyncStatus = "synced"
	SyncFailed   SyncStatus = "failed"
	SyncExcluded SyncStatus = "excluded"
)

// SyncRecord is MemberPulse's CRM Sync Record: one row for each entity,
// updated in place, with the tenant and an idempotency key.
type SyncRecord struct {
	ID                  string            `json:"id"`
	ClientID            string            `json:"clientId"`
	CRMSystem           ID                `json:"crmSystem"`
	EntityType          string            `json:"entityType"` // "contact", "company", "note", "activity", "tag"; also "association", "event", "attendance", "custom-event"
	MemberPulseEntityID string            `json:"memberPulseEntityId"`
	CRMEntityID         string            `json:"crmEntityId,omitempty"`
	Status              SyncStatus        `json:"syncStatus"`
	FieldMappings       map[string]string `json:"fieldMappings,omitempty"` // MemberPulse field -> CRM property, no values
	IdempotencyKey      string            `json:"idempotencyKey"`
	LastSyncAt          *time.Time        `json:"lastSyncAt,omitempty"`
	// Code is the closed word for what happened: "collision", "INVALID_EMAIL".
	Code string `json:"code,omitempty"`
	// Error says in plain words what happened, Fix what to do about it.
	Error         string     `json:"syncErrorMessage,omitempty"`
	Fix           string     `json:"fix,omitempty"`
	CorrelationID string     `json:"correlationId,omitempty"`
	NextAttemptAt *time.Time `json:"nextAttemptAt,omitempty"` // nil: not by itself
	CreatedAt     time.Time  `json:"createdAt"`
	UpdatedAt     time.Time  `json:"updatedAt"`
	// Tag, Cause and OccurredAt tell of a record of type "tag" which tag was
	// applied or removed, why, and when that happened in the host.
	Tag        string     `json:"tag,omitempty"`
	Applied    *bool      `json:"applied,omitempty"`
	Cause      string     `json:"cause,omitempty"`
	OccurredAt *time.Time `json:"occurredAt,omitempty"`
	// CRMEntityURL leads to the record in the CRM, if it is known.
	CRMEntityURL string `json:"crmEntityUrl,omitempty"`
}

// SyncAttempt is one failure or change of state in a record's history.
type SyncAttempt struct {
	At            time.Time  `json:"at"`
	Status        SyncStatus `json:"syncStatus"`
	Code          string     `json:"code,omitempty"`
	Message       string     `json:"message,omitempty"`
	CorrelationID string     `json:"correlationId,omitempty"`
}

// SyncQuery selects a page of the sync log.
type SyncQuery struct {
	EntityType   string     // "" = all
	Status       SyncStatus // "" = all
	Code         string     // "" = all
	Search       string     // an entity id or CRM id, whole
	Page         int        // from 1
	ItemsPerPage int        // default 30, at most 100
}

// SyncPage is one page of the sync log, newest first.
type SyncPage struct {
	Records      []SyncRecord `json:"records"`
	Total        int          `json:"total"`
	Page         int          `json:"page"`
	ItemsPerPage int          `json:"itemsPerPage"`
}

// SyncLogger is a plugin that keeps sync records.
type SyncLogger interface {
	SyncLog(ctx context.Context, clientID string, q SyncQuery) (SyncPage, error)
	// SyncRecord returns one record with its history, newest first and not
	// without end (HubSpot's keeps the newest hundred attempts), or ErrNotFound,
	// which is also the answer for another tenant's id.
	SyncRecord(ctx context.Context, clientID, id string) (SyncRecord, []SyncAttempt, error)
	// Retry sends the entity of a record again, or answers ErrNotFound.
	Retry(ctx context.Context, clientID, id string) error
	// RetryAll sends every failed record again that has this code ("" = all)
	// and returns how many.
	RetryAll(ctx context.Context, clientID, code string) (int, error)
}
