package integration

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Errors of the stores, for errors.Is.
var (
	ErrNotFound = errors.New("integration: not found")
	ErrStale    = errors.New("integration: changed by someone else meanwhile")
	// ErrSealed: a stored secret does not open with this host's sealing key.
	ErrSealed = errors.New("integration: sealed with another key")
)

// SettingsStore keeps each tenant's settings for each plugin, secrets sealed.
// Package pgstore implements it; a host may replace it.
//
// Writes take the transaction that the console has begun, so that settings,
// audit record and the plugin's own state change together. A store that lives
// elsewhere may ignore tx and must then be able to repeat a write.
type SettingsStore interface {
	// Load returns the settings, or ErrNotFound.
	Load(ctx context.Context, clientID string, id ID) (StoredSettings, error)
	// Save stores s if the stored Version is still s.Version (0 = there are
	// none), else ErrStale, and returns it with its new Version and time.
	Save(ctx context.Context, tx *sql.Tx, s StoredSettings) (StoredSettings, error)
	// Forget destroys the secrets and keeps the plain values. Without stored
	// settings it does nothing.
	Forget(ctx context.Context, tx *sql.Tx, clientID string, id ID) error
}

// StoredSettings are settings with what a page shows beside them.
type StoredSettings struct {
	ClientID    string
	Integration ID
	Settings    Settings
	Version     int64 // rises by 1 at each Save and Forget
	UpdatedAt   time.Time
	UpdatedBy   string // user id
	// SecretsSetAt is when each secret last changed, by field key; SecretsSetBy
	// is who set it.
	SecretsSetAt map[string]time.Time
	SecretsSetBy map[string]string
}

// Sealer encrypts secrets at rest. Additional data binds a ciphertext to its
// place: it does not open anywhere else.
type Sealer interface {
	Seal(plaintext, additional []byte) ([]byte, error)
	Open(sealed, additional []byte) ([]byte, error)
}

// AuditLog is the append-only record of who changed what. Package pgstore
// implements it; a host usually writes into its own.
type AuditLog interface {
	Append(ctx context.Context, tx *sql.Tx, r AuditRecord) error
}

// AuditRecord is one entry, as in MemberPulse's audit log. It never holds a
// secret: a changed secret appears with its fingerprints only.
type AuditRecord struct {
	ClientID       string
	Integration    ID
	Action         string // "connect", "disconnect", "update", "pause", "resume", "sync", "retry", "test", "diagnose"
	ActorID        string
	ImpersonatorID string // "" = nobody impersonates
	IPAddress      string
	UserAgent      string
	Changes        map[string]AuditChange
	At             time.Time
}

// AuditChange is the old and the new value of one field.
type AuditChange struct {
	Old string `json:"oldValue"`
	New string `json:"newValue"`
}
