package integrationtest_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/integrationtest"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

// crmTable keeps entities and their CRM IDs in one table, correctly but for its
// defects.
type crmTable struct {
	crmDefects
	db    *sql.DB
	world *world
	busy  atomic.Bool
}

type crmDefects struct {
	ownTransaction bool
	oneTenant      bool
	noTickets      bool
	asNumber       bool // through a float64
	firstWins      bool
	keepsOld       bool // never takes an id back
	clearsOthers   bool // empties what a batch does not name
	wantsAll       bool // fails if an entity is gone
	oneWriter      bool
	also           string // one more statement, of the tenant and the id
}

func newCRMTable(t *testing.T) *sql.DB {
	t.Helper()
	db := migrationstest.NewEmptyDB(t).DB
	for _, stmt := range []string{
		"create table entities (client_id text, kind text, id text, crm_id text not null default '', changes int not null default 0, primary key (kind, id))",
		"create table recorded (client_id text, id text)",
		"create table ledger (client_id text, id text primary key)",
	} {
		if _, err := db.ExecContext(t.Context(), stmt); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func (c *crmTable) WriteCRMIDs(ctx context.Context, tx *sql.Tx, clientID string, ids []integration.CRMID) error {
	if c.oneWriter {
		if !c.busy.CompareAndSwap(false, true) {
			return errors.New("busy")
		}
		defer c.busy.Store(false)
		<-time.After(20 * time.Millisecond)
	}
	if !c.ownTransaction {
		return c.write(ctx, tx, clientID, ids)
	}
	own, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := c.write(ctx, own, clientID, ids); err != nil {
		return errors.Join(err, own.Rollback())
	}
	return own.Commit()
}

func (c *crmTable) write(ctx context.Context, tx *sql.Tx, clientID string, ids []integration.CRMID) error {
	if c.clearsOthers && len(ids) > 0 {
		if _, err := tx.ExecContext(ctx, "update entities set crm_id = '' where client_id = $1", clientID); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if c.noTickets && id.Ref.Kind == integration.KindTicket || c.keepsOld && id.ID == "" {
			continue
		}
		if c.asNumber && id.ID != "" {
			var n float64
			if _, err := fmt.Sscan(id.ID, &n); err != nil {
				return err
			}
			id.ID = fmt.Sprintf("%.0f", n)
		}
		stmt, args := "update entities set crm_id = $1 where kind = $2 and id = $3", []any{id.ID, id.Ref.Kind, id.Ref.Key}
		if !c.oneTenant {
			stmt, args = stmt+" and client_id = $4", append(args, clientID)
		}
		if c.firstWins {
			stmt += " and crm_id in ('', $1)"
		}
		res, err := tx.ExecContext(ctx, stmt, args...)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 && c.wantsAll {
			return errors.Join(err, integration.ErrNotFound)
		}
		if c.also == "" {
			continue
		}
		if _, err := tx.ExecContext(ctx, c.also, clientID, id.Ref.Key); err != nil {
			return err
		}
	}
	return nil
}

// stored reads a CRM ID outside of any transaction.
func (c *crmTable) stored(ctx context.Context, clientID string, ref integration.Ref) (id string, err error) {
	err = c.db.QueryRowContext(ctx, "select crm_id from entities where client_id = $1 and kind = $2 and id = $3", clientID, ref.Kind, ref.Key).Scan(&id)
	return id, err
}

// harness makes two new tenants in the table.
func (c *crmTable) harness(t *testing.T) integrationtest.CRMIDHarness {
	t.Helper()
	a, b := c.world.id(), c.world.id()
	add := func(clientID string, kind integration.Kind) integration.Ref {
		ref := integration.Ref{Kind: kind, Key: c.world.id()}
		if _, err := c.db.ExecContext(t.Context(), "insert into entities (client_id, kind, id) values ($1, $2, $3)", clientID, kind, ref.Key); err != nil {
			t.Fatal(err)
		}
		return ref
	}
	const member, ticket = integration.KindMember, integration.KindTicket
	return integrationtest.CRMIDHarness{
		Writer: c, ClientID: a, OtherClientID: b,
		Begin:   func(ctx context.Context) (*sql.Tx, error) { return c.db.BeginTx(ctx, nil) },
		Own:     []integration.Ref{add(a, member), add(a, member), add(a, ticket), add(a, ticket)},
		Foreign: []integration.Ref{add(b, member), add(b, ticket)},
		Gone:    integration.Ref{Kind: member, Key: c.world.id()},
		Stored:  c.stored,
		Rest: func(ctx context.Context) (rest string, err error) {
			err = c.db.QueryRowContext(ctx, `select (select sum(changes) from entities where client_id in ($1, $2)) || '/' ||
				(select count(*) from recorded where client_id in ($1, $2))`, a, b).Scan(&rest)
			return rest, err
		},
	}
}

func TestCRMIDSuiteAcceptsACorrectWriter(t *testing.T) {
	t.Parallel()
	db, w := newCRMTable(t), &world{}
	integrationtest.TestCRMIDs(t, func(t *testing.T) integrationtest.CRMIDHarness {
		return (&crmTable{db: db, world: w}).harness(t)
	})
}

func TestCRMIDSuiteCatches(t *testing.T) {
	t.Parallel()
	db, w := newCRMTable(t), &world{}
	const stored, rest = "an id is stored", "nothing else is touched"
	for defect, tc := range map[string]struct {
		defects crmDefects
		rule    string
	}{
		"tickets are left out":        {crmDefects{noTickets: true}, stored},
		"an id is a number":           {crmDefects{asNumber: true}, stored},
		"the first one stays":         {crmDefects{firstWins: true}, "an id replaces the one before"},
		"no id is taken back":         {crmDefects{keepsOld: true}, "an empty id takes it back"},
		"others are emptied":          {crmDefects{clearsOthers: true}, "an empty id takes it back"},
		"an id cannot come twice":     {crmDefects{also: "insert into ledger (client_id, id) values ($1, $2)"}, "an id that is stored already does no harm"},
		"what is gone is an error":    {crmDefects{wantsAll: true}, "what is gone is skipped"},
		"the tenant is not asked for": {crmDefects{oneTenant: true}, "another tenant's entities stay as they are"},
		"the time of change moves":    {crmDefects{also: "update entities set changes = changes + 1 where client_id = $1 and id = $2"}, rest},
		"a change is recorded":        {crmDefects{also: "insert into recorded (client_id, id) values ($1, $2)"}, rest},
		"a transaction of its own":    {crmDefects{ownTransaction: true}, "a rollback leaves everything as it was"},
		"one writer at a time":        {crmDefects{oneWriter: true}, "many may write at once"},
	} {
		t.Run(defect, func(t *testing.T) {
			t.Parallel()
			wantBroken(t, broken(t, integrationtest.CRMIDRules(), func() integrationtest.CRMIDHarness {
				return (&crmTable{crmDefects: tc.defects, db: db, world: w}).harness(t)
			}), tc.rule)
		})
	}
}
