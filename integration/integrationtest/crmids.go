package integrationtest

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

// CRMIDHarness is one CRMIDWriter under test, with two tenants of its own and
// entities that have no CRM ID yet.
type CRMIDHarness struct {
	Writer integration.CRMIDWriter
	// Begin starts a transaction of the host's database. Nil says that the writer
	// ignores transactions: it is given none, and the rule about rolling back
	// does not apply.
	Begin                   func(ctx context.Context) (*sql.Tx, error)
	ClientID, OtherClientID string
	// Own are two members and two tickets of ClientID, Foreign a member and a
	// ticket of OtherClientID, in this order.
	Own, Foreign []integration.Ref
	// Gone is a member of ClientID that was deleted.
	Gone integration.Ref
	// Stored reads the CRM ID of an entity outside of any transaction, "" if it
	// has none.
	Stored func(ctx context.Context, clientID string, ref integration.Ref) (string, error)
	// Rest tells, in a text of any form, all else that there is of the two
	// tenants: the other values of their entities, times of change too, and the
	// changes that have been recorded. Nil says that there is nothing else.
	Rest func(ctx context.Context) (string, error)
}

// TestCRMIDs holds a CRMIDWriter to its contract, one subtest for each rule.
// newWriter makes new tenants for each of them; they run in parallel.
func TestCRMIDs(t *testing.T, newWriter func(t *testing.T) CRMIDHarness) {
	hold(t, crmIDRules(), newWriter)
}

func crmIDRules() []rule[CRMIDHarness] {
	return []rule[CRMIDHarness]{
		{"an id is stored", crmIDStored},
		{"an id replaces the one before", crmIDReplaced},
		{"an empty id takes it back", crmIDTakenBack},
		{"an id that is stored already does no harm", crmIDRepeated},
		{"what is gone is skipped", crmIDGone},
		{"another tenant's entities stay as they are", crmIDIsolation},
		{"nothing else is touched", crmIDRest},
		{"a rollback leaves everything as it was", crmIDRollback},
		{"many may write at once", crmIDConcurrent},
	}
}

// ids are the CRM IDs of refs: prefix and a number each, all empty without a
// prefix.
func ids(prefix string, refs ...integration.Ref) []integration.CRMID {
	var out []integration.CRMID
	for i, ref := range refs {
		id := integration.CRMID{Ref: ref}
		if prefix != "" {
			id.ID = fmt.Sprintf("%s%d", prefix, i)
		}
		out = append(out, id)
	}
	return out
}

func (h CRMIDHarness) mustWrite(t testing.TB, clientID string, ids []integration.CRMID) {
	t.Helper()
	err := beginFunc(h.Begin).within(t, func(tx *sql.Tx) error { return h.Writer.WriteCRMIDs(t.Context(), tx, clientID, ids) })
	if err != nil {
		t.Fatalf("write %d CRM ids: %v", len(ids), err)
	}
}

// want insists on what is stored.
func (h CRMIDHarness) want(t testing.TB, what, clientID string, ids []integration.CRMID) {
	t.Helper()
	for _, id := range ids {
		got, err := h.Stored(t.Context(), clientID, id.Ref)
		if err != nil {
			t.Fatalf("read the CRM id of %s: %v", id.Ref, err)
		}
		if got != id.ID {
			t.Errorf("%s: %s has the CRM id %q, want %q", what, id.Ref, got, id.ID)
		}
	}
}

func crmIDStored(t testing.TB, h CRMIDHarness) {
	if len(h.Own) != 4 || len(h.Foreign) != 2 {
		t.Fatalf("the harness has %d own and %d foreign entities, want 4 and 2", len(h.Own), len(h.Foreign))
	}
	h.want(t, "before anything was written", h.ClientID, ids("", h.Own...))
	written := ids("9007199254740993", h.Own[0], h.Own[2]) // more than a float64 holds
	h.mustWrite(t, h.ClientID, written)
	h.want(t, "after a member and a ticket", h.ClientID, written)
	h.want(t, "what was not named", h.ClientID, ids("", h.Own[1], h.Own[3]))
}

func crmIDReplaced(t testing.TB, h CRMIDHarness) {
	for _, prefix := range []string{"10", "20", "10"} { // back to an earlier one, too
		h.mustWrite(t, h.ClientID, ids(prefix, h.Own...))
		h.want(t, "after the newest write", h.ClientID, ids(prefix, h.Own...))
	}
}

func crmIDTakenBack(t testing.TB, h CRMIDHarness) {
	h.mustWrite(t, h.ClientID, ids("10", h.Own...))
	h.mustWrite(t, h.ClientID, ids("", h.Own[0], h.Own[2]))
	h.want(t, "taken back", h.ClientID, ids("", h.Own[0], h.Own[2]))
	h.want(t, "not named", h.ClientID, []integration.CRMID{{Ref: h.Own[1], ID: "101"}, {Ref: h.Own[3], ID: "103"}})
	h.mustWrite(t, h.ClientID, ids("", h.Own[0])) // nothing is left to take
}

func crmIDRepeated(t testing.TB, h CRMIDHarness) {
	for range 3 {
		h.mustWrite(t, h.ClientID, ids("10", h.Own...))
	}
	h.mustWrite(t, h.ClientID, append(ids("10", h.Own...), ids("10", h.Own...)...))
	h.want(t, "written again and again", h.ClientID, ids("10", h.Own...))
}

func crmIDGone(t testing.TB, h CRMIDHarness) {
	batch := []integration.CRMID{{Ref: h.Gone, ID: "1"}}
	for _, kind := range []integration.Kind{integration.KindMember, integration.KindTicket} {
		batch = append(batch, integration.CRMID{Ref: integration.Ref{Kind: kind, Key: nowhere}, ID: "2"})
	}
	h.mustWrite(t, h.ClientID, append(batch, ids("10", h.Own...)...))
	h.want(t, "beside what is gone", h.ClientID, ids("10", h.Own...))
	h.mustWrite(t, h.ClientID, batch) // nothing else in it
}

func crmIDIsolation(t testing.TB, h CRMIDHarness) {
	h.mustWrite(t, h.ClientID, append(ids("66", h.Foreign...), ids("10", h.Own...)...))
	h.want(t, "another tenant's, without a CRM id", h.OtherClientID, ids("", h.Foreign...))
	h.want(t, "beside another tenant's", h.ClientID, ids("10", h.Own...))
	h.mustWrite(t, h.OtherClientID, ids("20", h.Foreign...))
	h.mustWrite(t, h.ClientID, ids("66", h.Foreign...))
	h.mustWrite(t, h.ClientID, ids("", h.Foreign...))
	h.want(t, "another tenant's, with a CRM id", h.OtherClientID, ids("20", h.Foreign...))
	h.mustWrite(t, nowhere, ids("66", h.Own...))
	h.want(t, "written for a tenant that there is not", h.ClientID, ids("10", h.Own...))
}

func crmIDRest(t testing.TB, h CRMIDHarness) {
	rest := func() string {
		if h.Rest == nil {
			return ""
		}
		text, err := h.Rest(t.Context())
		if err != nil {
			t.Fatalf("read the rest: %v", err)
		}
		return text
	}
	before := rest()
	for what, batch := range map[string][]integration.CRMID{
		"nothing": nil, "an id": ids("10", h.Own...), "an empty id": ids("", h.Own[0]), "what is gone": ids("10", h.Gone),
	} {
		h.mustWrite(t, h.ClientID, batch)
		if now := rest(); now != before {
			before = now
			t.Errorf("writing %s changed something else: a value, a time of change, or a change was recorded, which would send the entity again", what)
		}
	}
}

func crmIDRollback(t testing.TB, h CRMIDHarness) {
	if h.Begin == nil {
		return // the writer has said that it ignores transactions
	}
	for _, before := range [][]integration.CRMID{ids("", h.Own...), ids("10", h.Own...)} {
		h.mustWrite(t, h.ClientID, before)
		for _, prefix := range []string{"20", ""} {
			beginFunc(h.Begin).undone(t, func(tx *sql.Tx) error {
				return h.Writer.WriteCRMIDs(t.Context(), tx, h.ClientID, ids(prefix, h.Own...))
			}, func() { h.want(t, "before the commit", h.ClientID, before) })
			h.want(t, "after a rollback", h.ClientID, before)
		}
	}
}

// Settlements of one tenant run side by side, never for one entity.
func crmIDConcurrent(t testing.TB, h CRMIDHarness) {
	all := ids("10", h.Own...)
	errs := make([]error, len(all))
	var wg sync.WaitGroup
	for i, id := range all {
		wg.Go(func() {
			errs[i] = func() error {
				if h.Begin == nil {
					return h.Writer.WriteCRMIDs(t.Context(), nil, h.ClientID, []integration.CRMID{id})
				}
				tx, err := h.Begin(t.Context())
				if err != nil {
					return err
				}
				if err := h.Writer.WriteCRMIDs(t.Context(), tx, h.ClientID, []integration.CRMID{id}); err != nil {
					_ = tx.Rollback()
					return err
				}
				return tx.Commit()
			}()
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			t.Errorf("beside others: %v", err)
		}
	}
	h.want(t, "written side by side", h.ClientID, all)
}
