package integration

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"time"
)

// ID names a plugin in URLs, tables and logs: 2 to 32 lower-case letters,
// digits and hyphens, starting with a letter.
type ID string

var idGrammar = regexp.MustCompile(`^[a-z][a-z0-9-]{1,31}$`)

// Validate returns an error that states the grammar if id does not follow it.
func (id ID) Validate() error {
	if !idGrammar.MatchString(string(id)) {
		return fmt.Errorf("integration: plugin id %q: want 2 to 32 lower-case letters, digits or hyphens, first a letter", string(id))
	}
	return nil
}

// Spec says what a plugin is, for menus and settings pages. It is constant
// over the plugin's life.
type Spec struct {
	ID       ID
	Name     string // as its vendor writes it: "HubSpot"
	Category string // menu group: "CRM"
	Summary  string // one line
	Schema   Schema
}

// Plugin is the one interface that every integration implements. What else it
// can do, it says by implementing [Recorder], [Connector], [Reporter],
// [Runner] or [SyncLogger].
type Plugin interface {
	// Spec is cheap, constant and safe before Start.
	Spec() Spec
	// Start begins background work and returns. ctx is for starting only:
	// its end does not stop the plugin.
	Start(ctx context.Context) error
	// Stop ends background work; calls under way may finish until ctx ends.
	// It is safe without Start and safe to call twice.
	Stop(ctx context.Context) error
}

// Recorder accepts changes inside the host's own transaction.
type Recorder interface {
	// RecordSQL writes the changes into tx and does nothing else: no network,
	// no read of other rows. They take effect if and only if tx commits. An
	// error means a programmer's mistake or a failed statement; the host then
	// rolls back, as after any failed statement.
	RecordSQL(ctx context.Context, tx *sql.Tx, changes ...Change) error
}

// Connector is a plugin that each tenant connects to an account of its own.
//
// The console calls Prepare, then, in one transaction, the settings store, the
// audit log and Connect: either all of it happens or nothing.
type Connector interface {
	// Check tries settings against the vendor and changes nothing anywhere.
	// A refusal is a failed item of the report, not an error; an error means
	// that the check could not be made.
	Check(ctx context.Context, clientID string, s Settings) (Report, error)
	// Prepare is Check, then creates at the vendor what is missing. It is safe
	// to repeat. Settings that cannot work come back as [FieldErrors] or an
	// [*Error]; in that case nothing was stored here.
	Prepare(ctx context.Context, clientID string, s Settings) error
	// Connect makes s the tenant's live settings within tx, for a first
	// connection and for later changes alike.
	Connect(ctx context.Context, tx *sql.Tx, clientID string, s Settings) error
	// Disconnect drops what waits to be sent within tx. Links and the sync log
	// stay, bound to the account that they belong to.
	Disconnect(ctx context.Context, tx *sql.Tx, clientID string) error
	// SetPaused stops or resumes sending within tx. Changes are still recorded
	// while paused.
	SetPaused(ctx context.Context, tx *sql.Tx, clientID string, paused bool) error
	// Recheck ends a wait for a human (a refused key, a missing scope) within
	// tx: the plugin tries again at once.
	Recheck(ctx context.Context, tx *sql.Tx, clientID string) error
}

// Report is the outcome of a [Connector.Check]: a list that a person can work
// through from top to bottom.
type Report struct {
	OK    bool        `json:"ok"`
	Items []CheckItem `json:"items"`
}

// CheckItem is one line of a [Report].
type CheckItem struct {
	Name   string `json:"name"`            // "Portal 12345678 matches"
	State  string `json:"state"`           // "ok", "failed", "missing" (will be created), "unknown" (cannot be proven yet), "skipped"
	Detail string `json:"detail"`          // what it means
	Fix    string `json:"fix,omitempty"`   // what to do, if failed
	Field  string `json:"field,omitempty"` // the setting to change, if one
}

// Reporter tells the truth about one tenant.
type Reporter interface {
	Status(ctx context.Context, clientID string) (Status, error)
}

// Runner sends everything again on request.
type Runner interface {
	// Sync starts a full sync of the tenant. While one is active the answer is
	// an [*Error] of kind [Conflict].
	Sync(ctx context.Context, clientID string) (Run, error)
	// LastSync returns the newest run; found is false if there was none.
	LastSync(ctx context.Context, clientID string) (run Run, found bool, err error)
}

// Run is one sync of a tenant over everything of one kind or of several, one
// after the other.
type Run struct {
	ID         string     `json:"id"`
	Title      string     `json:"title,omitempty"` // what it is for, in words: "First sync"
	Kind       Kind       `json:"kind"`            // what it walks over now, or did last
	Phase      string     `json:"phase"`           // "waiting" (for transactions begun before connecting), "listing", "delivering", "done"
	Total      int        `json:"total"`           // of Kind to look at, counted when that was begun
	Done       int        `json:"done"`            // of Kind looked at, whatever came of it
	PerSecond  float64    `json:"perSecond"`
	ETASeconds int        `json:"etaSeconds"` // 0 when done or not yet known
	StartedAt  time.Time  `json:"startedAt"`
	FinishedAt *time.Time `json:"finishedAt,omitempty"`
	WithIssues bool       `json:"withIssues"` // something needs attention
	// Walked are the kinds that are behind it.
	Walked []RunPart `json:"walked,omitempty"`
}

// RunPart is what a [Run] has looked at of one kind.
type RunPart struct {
	Kind  Kind `json:"kind"`
	Count int  `json:"count"`
}

// ErrNotConnected says that the tenant has not connected the plugin.
var ErrNotConnected = errors.New("integration: not connected")
