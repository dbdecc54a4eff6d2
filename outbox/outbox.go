package outbox

import (
	"crypto/rand"
	"errors"
	mathrand "math/rand/v2"
	"sync"

	"github.com/uptrace/bun"
)

// Outbox records changes and drains them. One per process and database is
// enough; any number of processes share the work. It is safe for concurrent use.
type Outbox struct {
	db    *bun.DB
	cfg   Config
	table tables
	gate  *gate
	wake  *waker
	conns *conns

	flights *flights

	mu     sync.Mutex
	subs   map[*subscription]struct{}
	drains map[string]*drain // by topic; "" drains the tenants
	opened int               // drains ever started
	closed bool
	wg     sync.WaitGroup // subscriptions and drains
}

// tables are quoted names, ready to stand in SQL.
type tables struct{ rows, tenants, asides bun.Safe }

// New returns an Outbox on db, whose schema must be migrated. It starts nothing:
// draining begins with the first Subscribe, and Close ends it. db needs room for
// Config.MaxConns connections beside the host's own use.
func New(db *bun.DB, cfg Config) (*Outbox, error) {
	if db == nil {
		return nil, errors.New("outbox: no database")
	}
	cfg = cfg.WithDefaults()
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	quoted := func(name string) bun.Safe { return bun.Safe(`"` + cfg.Schema + `"."` + name + `"`) }
	o := &Outbox{
		db:  db,
		cfg: cfg,
		table: tables{
			rows:    quoted("hubspot_outbox"),
			tenants: quoted("hubspot_outbox_tenant"),
			asides:  quoted("hubspot_outbox_aside"),
		},
		conns:   newConns(cfg.MaxConns),
		flights: newFlights(),
		subs:    map[*subscription]struct{}{},
		drains:  map[string]*drain{},
	}
	o.gate = newGate(o)
	o.wake = newWaker(o)
	return o, nil
}

func randomOwner() string { return rand.Text() }

func defaultRand() float64 { return mathrand.Float64() }
