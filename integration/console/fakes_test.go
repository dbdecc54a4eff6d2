package console_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// ledger is a database of one connection that only knows transactions: what
// the fake stores stage happens at commit, and a rollback forgets it.
type ledger struct {
	mu                       sync.Mutex
	down                     error // answer to BEGIN
	failCommit               error
	open                     bool
	staged                   []func()
	begun, committed, undone int
}

func (l *ledger) db() *sql.DB {
	db := sql.OpenDB(l)
	db.SetMaxOpenConns(1)
	return db
}

func (l *ledger) Connect(context.Context) (driver.Conn, error) { return l, nil }
func (l *ledger) Driver() driver.Driver                        { return nil }
func (l *ledger) Prepare(string) (driver.Stmt, error)          { return nil, errors.New("no statements") }
func (l *ledger) Close() error                                 { return nil }

func (l *ledger) Begin() (driver.Tx, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down != nil {
		return nil, l.down
	}
	l.open, l.staged = true, nil
	l.begun++
	return l, nil
}

func (l *ledger) Commit() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = false
	if l.failCommit != nil {
		l.undone++
		return l.failCommit
	}
	for _, do := range l.staged {
		do()
	}
	l.committed++
	return nil
}

func (l *ledger) Rollback() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open, l.staged = false, nil
	l.undone++
	return nil
}

func (l *ledger) stage(do func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.open {
		panic("write outside a transaction")
	}
	l.staged = append(l.staged, do)
}

func (l *ledger) isOpen() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.open
}

// drawer is a settings store over the ledger.
type drawer struct {
	l    *ledger
	mu   sync.Mutex
	rows map[string]integration.StoredSettings
	down error
}

func (d *drawer) Load(_ context.Context, clientID string, id integration.ID) (integration.StoredSettings, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down != nil {
		return integration.StoredSettings{}, d.down
	}
	s, ok := d.rows[clientID+"/"+string(id)]
	if !ok {
		return s, integration.ErrNotFound
	}
	return s, nil
}

func (d *drawer) Save(_ context.Context, _ *sql.Tx, s integration.StoredSettings) (integration.StoredSettings, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := s.ClientID + "/" + string(s.Integration)
	if d.rows[key].Version != s.Version {
		return s, integration.ErrStale
	}
	s.Version++
	d.l.stage(func() { d.put(key, s) })
	return s, nil
}

func (d *drawer) Forget(_ context.Context, _ *sql.Tx, clientID string, id integration.ID) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := clientID + "/" + string(id)
	s, ok := d.rows[key]
	if !ok {
		return nil
	}
	s.Version++
	s.Settings = integration.NewSettings(s.Settings.Plain(), nil)
	s.SecretsSetAt, s.SecretsSetBy = nil, nil
	d.l.stage(func() { d.put(key, s) })
	return nil
}

func (d *drawer) put(key string, s integration.StoredSettings) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.rows[key] = s
}

func (d *drawer) get(clientID string) integration.StoredSettings {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rows[clientID+"/acme"]
}

// journal is an audit log over the ledger.
type journal struct {
	l       *ledger
	mu      sync.Mutex
	records []integration.AuditRecord
	down    error
}

func (j *journal) Append(_ context.Context, _ *sql.Tx, r integration.AuditRecord) error {
	if j.down != nil {
		return j.down
	}
	j.l.stage(func() {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.records = append(j.records, r)
	})
	return nil
}

func (j *journal) all() []integration.AuditRecord {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.records)
}

func (j *journal) actions() []string {
	var out []string
	for _, r := range j.all() {
		out = append(out, r.Action)
	}
	return out
}

// vendor is a plugin with every capability. It refuses the keys in refused and
// remembers what each tenant has live.
type vendor struct {
	l    *ledger
	spec integration.Spec

	mu       sync.Mutex
	live     map[string]integration.Settings
	paused   map[string]bool
	status   integration.Status // what every tenant's status starts from
	report   integration.Report
	records  map[string][]integration.SyncRecord // by tenant
	history  []integration.SyncAttempt
	run      *integration.Run
	retried  []string
	rechecks int
	prepares int
	queries  []integration.SyncQuery

	cabinet

	prepareErr, connectErr, checkErr, statusErr, syncErr, logErr error
	duringPrepare                                                func()
}

func (v *vendor) Spec() integration.Spec      { return v.spec }
func (v *vendor) Start(context.Context) error { return nil }
func (v *vendor) Stop(context.Context) error  { return nil }

func (v *vendor) Check(_ context.Context, _ string, s integration.Settings) (integration.Report, error) {
	if v.l.isOpen() {
		panic("vendor called inside a transaction")
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.report, v.checkErr
}

func (v *vendor) Prepare(context.Context, string, integration.Settings) error {
	if v.l.isOpen() {
		panic("vendor called inside a transaction")
	}
	v.mu.Lock()
	v.prepares++
	err, during := v.prepareErr, v.duringPrepare
	v.mu.Unlock()
	if during != nil {
		during()
	}
	return err
}

func (v *vendor) Connect(_ context.Context, _ *sql.Tx, clientID string, s integration.Settings) error {
	if v.connectErr != nil {
		return v.connectErr
	}
	v.l.stage(func() { v.change(func() { v.live[clientID] = s }) })
	return nil
}

func (v *vendor) Disconnect(_ context.Context, _ *sql.Tx, clientID string) error {
	v.l.stage(func() { v.change(func() { delete(v.live, clientID) }) })
	return nil
}

func (v *vendor) SetPaused(_ context.Context, _ *sql.Tx, clientID string, paused bool) error {
	if !v.isLive(clientID) {
		return integration.ErrNotConnected
	}
	v.l.stage(func() { v.change(func() { v.paused[clientID] = paused }) })
	return nil
}

func (v *vendor) Recheck(_ context.Context, _ *sql.Tx, clientID string) error {
	if !v.isLive(clientID) {
		return integration.ErrNotConnected
	}
	v.l.stage(func() { v.change(func() { v.rechecks++ }) })
	return nil
}

func (v *vendor) Status(_ context.Context, clientID string) (integration.Status, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.statusErr != nil {
		return integration.Status{}, v.statusErr
	}
	_, on := v.live[clientID]
	if !on {
		return integration.Status{Health: integration.HealthOff, Sentence: "Not connected.", SyncStatus: "disconnected"}, nil
	}
	s := v.status
	s.Connected, s.Paused = true, v.paused[clientID]
	return s, nil
}

func (v *vendor) Sync(_ context.Context, clientID string) (integration.Run, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.syncErr != nil {
		return integration.Run{}, v.syncErr
	}
	v.run = &integration.Run{ID: "run-1", Phase: "listing", Total: 250, StartedAt: noon}
	return *v.run, nil
}

func (v *vendor) LastSync(context.Context, string) (integration.Run, bool, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.run == nil {
		return integration.Run{}, false, nil
	}
	return *v.run, true, nil
}

func (v *vendor) SyncLog(_ context.Context, clientID string, q integration.SyncQuery) (integration.SyncPage, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.queries = append(v.queries, q)
	var out []integration.SyncRecord
	for _, r := range v.records[clientID] {
		if (q.EntityType == "" || r.EntityType == q.EntityType) && (q.Status == "" || r.Status == q.Status) && (q.Code == "" || r.Code == q.Code) && (q.Search == "" || r.MemberPulseEntityID == q.Search) {
			out = append(out, r)
		}
	}
	total := len(out)
	from := min((q.Page-1)*q.ItemsPerPage, total)
	return integration.SyncPage{Records: out[from:min(from+q.ItemsPerPage, total)], Total: total, Page: q.Page, ItemsPerPage: q.ItemsPerPage}, v.logErr
}

func (v *vendor) SyncRecord(_ context.Context, clientID, id string) (integration.SyncRecord, []integration.SyncAttempt, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, r := range v.records[clientID] {
		if r.ID == id {
			return r, v.history, nil
		}
	}
	return integration.SyncRecord{}, nil, integration.ErrNotFound
}

func (v *vendor) Retry(_ context.Context, clientID, id string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, r := range v.records[clientID] {
		if r.ID == id {
			v.retried = append(v.retried, id)
			return nil
		}
	}
	return integration.ErrNotFound
}

func (v *vendor) RetryAll(_ context.Context, clientID, code string) (int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	n := 0
	for _, r := range v.records[clientID] {
		if r.Status == integration.SyncFailed && (code == "" || r.Code == code) {
			v.retried = append(v.retried, r.ID)
			n++
		}
	}
	return n, nil
}

func (v *vendor) change(do func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	do()
}

func (v *vendor) isLive(clientID string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	_, on := v.live[clientID]
	return on
}

func (v *vendor) liveOf(clientID string) integration.Settings {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.live[clientID]
}

func (v *vendor) pausedOf() map[string]bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return maps.Clone(v.paused)
}

// bare is a plugin with settings and no capability.
type bare struct{ spec integration.Spec }

func (b bare) Spec() integration.Spec    { return b.spec }
func (bare) Start(context.Context) error { return nil }
func (bare) Stop(context.Context) error  { return nil }

var (
	_ integration.Connector  = (*vendor)(nil)
	_ integration.Reporter   = (*vendor)(nil)
	_ integration.Runner     = (*vendor)(nil)
	_ integration.SyncLogger = (*vendor)(nil)

	_ integration.PropertyMapper = (*vendor)(nil)
	_ integration.Matcher        = (*vendor)(nil)
	_ integration.Tagger         = (*vendor)(nil)
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
